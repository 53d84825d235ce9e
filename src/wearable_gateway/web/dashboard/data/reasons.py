"""Why is there nothing to show, and what can be done?"""

from dataclasses import dataclass
from datetime import date

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.stored_records import Days
from wearable_gateway.ingestion.keeping import keep_since
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.dashboard.pages import day


@dataclass(frozen=True, slots=True)
class Reason:
    """`can_ask`: asking the provider may bring some."""

    title: str
    text: str
    can_ask: bool = False


@dataclass(frozen=True, slots=True)
class Known:
    """`forgotten`: there were such records whose content is not kept; `newest` is the day of one that is, anywhere."""

    history_days: int | None
    forgotten: bool
    newest: date | None
    today: date


def why_nothing(
    connection: Connection, provider: Provider | None, kind: DataType, days: Days, known: Known
) -> Reason:
    """Of several reasons the one that lies deepest."""
    what = kind.value.replace("_", " ")
    if provider is None or kind not in provider.data_scopes:
        name = provider.name if provider else connection.provider
        return Reason(
            f"{name} does not deliver this", f"There is no {what} data at {name}, whatever is asked for."
        )
    return _not_kept(kind, days, known, can_ask=_can_ask(connection, provider, kind)) or _not_come(
        connection, provider, kind
    )


def _not_kept(kind: DataType, days: Days, known: Known, *, can_ask: bool) -> Reason | None:
    if known.history_days == 0:
        return Reason(
            "Nothing is kept",
            "The setting history_days is 0: records are sent to the destinations and not stored here.",
        )
    kept = keep_since(known.history_days, today=known.today)
    if kind is not DataType.ATHLETE and days.until < kept:
        return Reason(
            "Too long ago",
            f"Records are kept for {known.history_days} days (history_days): since {day(kept)}.",
        )
    if known.newest is not None:
        what = kind.value.replace("_", " ")
        text = f"The newest {what} record is of {day(known.newest)}: choose other days."
        return Reason("Nothing on these days", text, can_ask)
    if known.forgotten:
        return Reason(
            "The content is not kept any more",
            "There were records of these days. The setting history_days says how long their content is kept.",
            can_ask,
        )
    return None


def _not_come(connection: Connection, provider: Provider, kind: DataType) -> Reason:
    if not provider.allows(kind, connection.scopes):
        needed = " or ".join(provider.data_scopes[kind])
        return Reason(
            "The end user does not share this",
            f"It needs the scope {needed}. They can connect again and allow it at {provider.name}.",
        )
    if connection.state is ConnectionState.REVOKED:
        return Reason(
            "Nothing was stored",
            "The end user has withdrawn access: nothing will come until they connect again.",
        )
    return Reason(
        "Nothing stored yet",
        f"Records appear when {provider.name} tells us of new ones, or when they are asked for.",
        can_ask=True,
    )


def _can_ask(connection: Connection, provider: Provider, kind: DataType) -> bool:
    return connection.state is not ConnectionState.REVOKED and provider.allows(kind, connection.scopes)
