"""What kind of person is an account, and where do the random numbers of a day come from?"""

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from types import MappingProxyType
from typing import Any

NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
"""What was added to a day that nobody wrote to."""

_OFFSET_MINUTES = (-480, -300, -180, 0, 60, 120, 180, 330, 540, 600)


@dataclass(frozen=True)
class Profile:
    account_id: str
    offset: timezone
    resting_heart_rate: int
    usual_steps: int
    resting_energy_kj: int
    wakes_at_minute: int
    sleeps_minutes: int

    def today(self, unix_seconds: float) -> date:
        return datetime.fromtimestamp(unix_seconds, UTC).astimezone(self.offset).date()

    def at(self, day: date, minute: float) -> datetime:
        """A local time, in minutes (also negative ones) after the midnight that starts `day`."""
        midnight = datetime.combine(day, time(), self.offset)
        return (midnight + timedelta(minutes=minute)).replace(microsecond=0)


def profile_of(account_id: str) -> Profile:
    draw = draws(account_id, "profile")
    return Profile(
        account_id=account_id,
        offset=timezone(timedelta(minutes=draw.choice(_OFFSET_MINUTES))),
        resting_heart_rate=draw.randint(47, 66),
        usual_steps=draw.randint(5500, 12500),
        resting_energy_kj=draw.randint(5900, 8100),
        wakes_at_minute=draw.randint(355, 480),
        sleeps_minutes=draw.randint(395, 500),
    )


def draws(*subject: object) -> random.Random:
    """Random numbers that are the same for the same subject, on every machine."""
    digest = hashlib.sha256("/".join(map(str, subject)).encode()).digest()
    return random.Random(int.from_bytes(digest))


def identify(prefix: str, *subject: object) -> str:
    return f"{prefix}_{hashlib.sha256('/'.join(map(str, subject)).encode()).hexdigest()[:20]}"


def local_iso(moment: datetime) -> str:
    return moment.isoformat(timespec="seconds")


def offset_text(profile: Profile) -> str:
    return datetime(2000, 1, 1, tzinfo=profile.offset).isoformat()[-6:]
