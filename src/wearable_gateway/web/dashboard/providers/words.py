"""A provider's facts in plain words: why it can be connected or not, how its data comes, what it limits, what it delivers."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from wearable_gateway.developers.provider_standing import Standing
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.coverage import fields_of
from wearable_gateway.providers._base.facts import Limit, Per
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.unified.records import DataType

STANDINGS = {
    Standing.OWN_APP: ("good", "Can be connected", "through your own app"),
    Standing.SHARED_APP: ("good", "Can be connected", "through the shared app of this gateway"),
    Standing.SWITCHED_OFF: ("plain", "Switched off", "nobody new can connect it until it is switched on"),
    Standing.NEEDS_OWN_APP: ("warn", "Needs your own app", "the vendor lets no two companies share one"),
    Standing.NOT_SET_UP: ("plain", "Not set up", "there is no app for it yet: enter your own"),
}
"""The colour of its badge, what the badge says, and why."""
_UNITS = ((timedelta(days=1), "day"), (timedelta(hours=1), "hour"), (timedelta(minutes=1), "minute"))


@dataclass(frozen=True, slots=True)
class Delivered:
    """One type of data. `fields` is empty where nobody knows which a record has."""

    kind: DataType
    fields: Sequence[str]
    scopes: Sequence[str]
    taken: bool


def title(kind: DataType) -> str:
    return kind.value.replace("_", " ").capitalize()


def delivered(provider: Provider) -> list[Delivered]:
    """What it delivers, and what it takes, by type."""
    fields = fields_of(provider)
    return [
        Delivered(
            kind, fields.get(kind, ()), provider.data_scopes.get(kind, ()), kind in provider.write_scopes
        )
        for kind in DataType
        if kind in provider.data_scopes or kind in provider.write_scopes
    ]


def coverage() -> tuple[list[Provider], list[tuple[DataType, list[Delivered | None]]]]:
    """The providers in the order of the columns, and a row for each type that one of them delivers."""
    columns = by_name()
    found = [{one.kind: one for one in delivered(provider)} for provider in columns]
    kinds = [kind for kind in DataType if any(kind in one for one in found)]
    return columns, [(kind, [one.get(kind) for one in found]) for kind in kinds]


def by_name() -> list[Provider]:
    return sorted(PROVIDERS.values(), key=lambda provider: provider.name.lower())


def ways(provider: Provider) -> Iterator[str]:
    """How data and revocations come to us."""
    if not provider.takes_notices:
        yield "The vendor tells us nothing by itself: it is asked."
    elif provider.notices_are_signed:
        yield "The vendor tells us of new data at once, with a signature."
    else:
        yield (
            "The vendor tells us of new data at once. It signs nothing, so the address it calls holds a secret,"
            " and a revocation is confirmed by a call before it is believed."
        )
    for poll in provider.polls:
        kinds = ", ".join(title(kind).lower() for kind in poll.kinds)
        yield f"Asked every {span(poll.every)} for: {kinds}."
    if provider.probe_every is not None:
        yield f"Every {span(provider.probe_every)} it is asked whether the grant still lives, because it does not tell."
    if provider.backfills_by_notice:
        yield "Older data is asked for and comes some time later, not as an answer."
    if provider.own_app_only:
        yield "Each company needs an app of its own: the vendor forbids sharing one."


def limits(provider: Provider) -> list[str]:
    """The vendor's documented limits of calls."""
    return [_limit(limit) for limit in provider.limits]


def _limit(limit: Limit) -> str:
    whose = "for the whole app" if limit.per is Per.APP else "for each connected account"
    return f"{limit.calls:,} calls every {span(limit.window)}, {whose}"


def span(length: timedelta) -> str:
    """As in "every …": `day`, `2 hours`, `90 seconds`."""
    for unit, name in _UNITS:
        if length >= unit and length % unit == timedelta():
            number = length // unit
            return name if number == 1 else f"{number} {name}s"
    return f"{int(length.total_seconds())} seconds"
