"""What `run` keeps in its data directory: keys made once, the demo developer's key, where it listens.

Only for trying and developing on one machine. `serve` and `worker` take their keys from the settings.
"""

import os
import secrets
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path

from wearable_gateway.errors import SettingsError
from wearable_gateway.kit import json
from wearable_gateway.kit.encryption import new_key

_FILE = "gateway.json"


def postgres_folder(data_dir: Path) -> Path:
    """Where the embedded PostgreSQL keeps its own."""
    return data_dir / "postgres"


@dataclass(frozen=True, slots=True)
class Local:
    encryption_keys: str
    secret_key: str
    sandbox_client_secret: str
    sandbox_control_token: str
    demo_api_key: str | None = None
    url: str | None = None
    sandbox_url: str | None = None
    simulator_urls: dict[str, str] = field(default_factory=dict)

    @classmethod
    def find(cls, data_dir: Path) -> "Local | None":
        """None where `run` never worked. Raises SettingsError when its file cannot be read."""
        path = data_dir / _FILE
        try:
            return cls(**json.load(path.read_bytes()))
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (OSError, TypeError, ValueError) as error:
            raise SettingsError(
                f"{path} cannot be read, and the keys in it open everything stored there:"
                " restore it, or use another data directory"
            ) from error

    @classmethod
    def find_or_create(cls, data_dir: Path) -> "Local":
        found = cls.find(data_dir)
        if found is None:
            found = cls(
                encryption_keys=new_key("k1"),
                secret_key=secrets.token_urlsafe(32),
                sandbox_client_secret=secrets.token_urlsafe(24),
                sandbox_control_token=secrets.token_urlsafe(24),
            )
            found.save(data_dir)
        return found

    def save(self, data_dir: Path) -> None:
        """Readable by this user alone, and never half written. Raises SettingsError when the folder cannot be used."""
        part = data_dir / f"{_FILE}.part"
        try:
            data_dir.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                file.write(json.dump(asdict(self)))
                file.flush()
                os.fsync(file.fileno())
            part.replace(data_dir / _FILE)
        except OSError as error:
            raise SettingsError(
                f"{data_dir} cannot be the data directory ({error.strerror}): use another one with --data-dir"
            ) from error

    def with_demo_key(self, key: str) -> "Local":
        return replace(self, demo_api_key=key)

    def at(self, url: str, sandbox_url: str | None, simulator_urls: dict[str, str]) -> "Local":
        return replace(self, url=url, sandbox_url=sandbox_url, simulator_urls=simulator_urls)
