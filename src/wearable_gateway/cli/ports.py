"""Where do the parts of an instance listen?"""

import contextlib
import socket
from collections.abc import Mapping
from dataclasses import dataclass, field

from wearable_gateway.errors import SettingsError


@dataclass(frozen=True, slots=True)
class Ports:
    host: str
    api: int
    sandbox: int | None
    simulators: Mapping[str, int] = field(default_factory=dict)

    @property
    def url(self) -> str:
        return f"http://{_reachable(self.host)}:{self.api}"

    @property
    def sandbox_url(self) -> str | None:
        return f"http://{_reachable(self.host)}:{self.sandbox}" if self.sandbox else None

    @property
    def simulator_urls(self) -> dict[str, str]:
        return {name: f"http://{_reachable(self.host)}:{port}" for name, port in self.simulators.items()}


def _reachable(host: str) -> str:
    return "127.0.0.1" if host == "0.0.0.0" else host  # noqa: S104 - compared, not bound


def check_free(host: str, port: int) -> None:
    """Raises SettingsError when something listens there already."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"port {port} on {host} cannot be used ({error.strerror}); choose another: make run PORT=8123"
            ) from error


def next_free(host: str, port: int) -> int:
    """The first port from `port` on that nobody listens on; below those the system hands out itself."""
    for candidate in range(port, min(port + 200, 32768)):
        with contextlib.suppress(SettingsError):
            check_free(host, candidate)
            return candidate
    raise SettingsError(f"no free port for a simulated vendor near {port}; choose another port")
