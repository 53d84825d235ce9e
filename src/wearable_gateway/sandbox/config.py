"""What does a simulated vendor need to be told before it starts?"""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, get_args
from urllib.parse import urlsplit

Clock = Callable[[], float]
"""Unix seconds; tests hand in their own."""

Kind = Literal[
    "daily",
    "activity",
    "sleep",
    "body",
    "menstruation",
    "nutrition",
    "athlete",
    "planned_workout",
    "hormone",
    "health_observation",
]
"""The kinds of data a notice speaks of; each is also the scope that lets a client read it."""

KINDS: tuple[Kind, ...] = get_args(Kind)
SYNCED_KINDS: tuple[Kind, ...] = ("daily", "activity", "sleep")
"""What every sync of a wearable brings."""

WRITE = "write"

SCOPES = (*KINDS, WRITE)


@dataclass(frozen=True, kw_only=True)
class VendorClient:
    """An app registered with the vendor."""

    client_id: str
    client_secret: str = field(repr=False)
    redirect_uris: tuple[str, ...]
    notice_url: str | None = None
    notice_secret: str | None = field(default=None, repr=False)
    name: str

    def __post_init__(self) -> None:
        if not self.client_id or not self.client_secret:
            raise ValueError("a client needs an id and a secret")
        if self.notice_url is None:
            return
        if not self.notice_secret:
            raise ValueError(
                f"client {self.client_id}: notices are signed, so a notice_url needs a notice_secret"
            )
        if urlsplit(self.notice_url).scheme not in {"http", "https"}:
            raise ValueError(f"client {self.client_id}: the notice_url is not an http address")


@dataclass(frozen=True, kw_only=True)
class VendorConfig:
    state_file: Path | None = None
    clients: tuple[VendorClient, ...] = ()
    second_consent_kills_earlier: bool = False
    access_token_seconds: int = 3600
    refresh_grace_seconds: int = 30
    retry_schedule: tuple[float, ...] = (0.2, 1, 5, 30, 120)
    control_token: str | None = field(default=None, repr=False)
