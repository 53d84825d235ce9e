"""What does a simulated vendor need to be told before it starts?"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

Clock = Callable[[], float]
"""Unix seconds; tests hand in their own."""


@dataclass(frozen=True, kw_only=True)
class SimulatorConfig:
    """The one app that is registered with it. `notice_url`: for vendors that are told of it in a portal."""

    url: str
    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    notice_url: str | None = field(default=None, repr=False)
    extra: Mapping[str, str] = field(default_factory=dict, repr=False)
    """The app's other credentials."""
    control_token: str = field(repr=False)
    retry_schedule: Sequence[float] | None = None
    """Seconds between the tries of a notice, instead of the vendor's own."""
    state_file: Path | None = None
