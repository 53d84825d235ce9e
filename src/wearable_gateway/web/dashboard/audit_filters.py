"""Which entries of the audit log are asked for, and the addresses that keep the question."""

from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Annotated
from urllib.parse import urlencode
from uuid import UUID

from fastapi import Depends

from wearable_gateway.developers.audit_log import Wanted
from wearable_gateway.web.dashboard.audit_words import WORDS, words

_LONGEST = 300


@dataclass(frozen=True, slots=True)
class AuditFilters:
    """As they stand in the address; what cannot be meant is left out, so that an old link still opens."""

    actor: str = ""
    action: str = ""
    subject: str = ""
    since: str = ""
    until: str = ""
    before: str = ""

    @property
    def narrowing(self) -> bool:
        return any((self.actor, self.action, self.subject, self.since, self.until))

    @property
    def wanted(self) -> Wanted:
        """Days are whole, and in UTC."""
        return Wanted(
            actor=_actor(self.actor),
            action=self.action or None,
            subject=self.subject or None,
            since=_midnight(self.since) if self.since else None,
            until=_midnight(self.until) + timedelta(days=1) if self.until else None,
        )

    @property
    def wanted_before(self) -> UUID | None:
        return UUID(self.before) if self.before else None

    def query(self, **more: str) -> str:
        """`?…` with what is set and `more`, or nothing."""
        given = {name: value for name, value in {**asdict(self), **more}.items() if value}
        return f"?{urlencode(given)}" if given else ""

    def only(self, **more: str) -> str:
        """The same from the newest, narrowed further."""
        return replace(self, before="", **more).query()

    def actions(self) -> dict[str, str]:
        """To choose from, in the order of their words; with the one that is chosen, if it is none of them."""
        known = dict.fromkeys([*WORDS, *([self.action] if self.action else [])])
        return dict(
            sorted(((action, words(action).capitalize()) for action in known), key=lambda item: item[1])
        )


def read_filters(
    actor: str = "", action: str = "", subject: str = "", since: str = "", until: str = "", before: str = ""
) -> AuditFilters:
    return AuditFilters(
        actor=_plain(actor),
        action=_plain(action),
        subject=_plain(subject),
        since=_day_or_nothing(since),
        until=_day_or_nothing(until),
        before=_uuid_or_nothing(before),
    )


AuditWanted = Annotated[AuditFilters, Depends(read_filters)]


def _actor(typed: str) -> str | None:
    """People type an e-mail address; the log has `kind:id`."""
    if not typed:
        return None
    return typed if ":" in typed else f"operator:{typed.lower()}"


def _plain(text: str) -> str:
    return "".join(character for character in text if character.isprintable()).strip()[:_LONGEST]


def _midnight(day: str) -> datetime:
    return datetime.combine(date.fromisoformat(day), time(), UTC)


def _day_or_nothing(text: str) -> str:
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    # What the log's ids can hold, which count from 1970.
    return day.isoformat() if date(1970, 1, 1) < day < date(9999, 1, 1) else ""


def _uuid_or_nothing(text: str) -> str:
    try:
        return str(UUID(text))
    except ValueError:
        return ""
