"""Which entries of the audit log are asked for, and the addresses that keep the question."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import Depends

from wearable_gateway.developers.audit_log import Wanted
from wearable_gateway.web.dashboard.asked import (
    Question,
    day_or_nothing,
    midnight,
    plain_text,
    uuid_or_nothing,
)
from wearable_gateway.web.dashboard.audit_words import WORDS, title

_LONGEST = 300
# What the log's ids can hold, which count from 1970.
_FIRST_DAY, _LAST_DAY = date(1970, 1, 2), date(9998, 12, 31)


@dataclass(frozen=True, slots=True)
class AuditFilters(Question):
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
            since=midnight(self.since) if self.since else None,
            until=midnight(self.until) + timedelta(days=1) if self.until else None,
        )

    @property
    def wanted_before(self) -> UUID | None:
        return UUID(self.before) if self.before else None

    def only(self, **more: str) -> str:
        """The same from the newest, narrowed further."""
        return self.query(before="", **more)

    def actions(self) -> dict[str, str]:
        """To choose from, in the order of their words; with the one that is chosen, if it is none of them."""
        known = dict.fromkeys([*WORDS, *([self.action] if self.action else [])])
        return dict(sorted(((action, title(action)) for action in known), key=lambda item: item[1]))


def read_filters(
    actor: str = "", action: str = "", subject: str = "", since: str = "", until: str = "", before: str = ""
) -> AuditFilters:
    return AuditFilters(
        actor=plain_text(actor, _LONGEST),
        action=plain_text(action, _LONGEST),
        subject=plain_text(subject, _LONGEST),
        since=day_or_nothing(since, _FIRST_DAY, _LAST_DAY),
        until=day_or_nothing(until, _FIRST_DAY, _LAST_DAY),
        before=uuid_or_nothing(before),
    )


AuditWanted = Annotated[AuditFilters, Depends(read_filters)]


def _actor(typed: str) -> str | None:
    """People type an e-mail address; the log has `kind:id`."""
    if not typed:
        return None
    return typed if ":" in typed else f"operator:{typed.lower()}"
