"""Why is there no data? One check after the other, along the way data takes: each fine, a problem, or not known.

A pure function of the facts; its words say what is so and what to do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from wearable_gateway.connections.models import ConnectionState, GrantState
from wearable_gateway.deliveries.models import DestinationState
from wearable_gateway.diagnosis.facts import DestinationFacts, Facts, NoticeFacts

QUIET = timedelta(days=2)
"""So long without a word from the vendor is worth saying; people also take their devices off."""
BACKLOG = 100
_TAKEN = ("delivered", "available")


class Verdict(StrEnum):
    OK = "ok"
    PROBLEM = "problem"
    UNKNOWN = "unknown"


class Target(StrEnum):
    """Where something can be looked at or done."""

    PROVIDERS = "providers"
    SETTINGS = "settings"
    RESUME = "resume"
    ASK = "ask"
    DESTINATION = "destination"
    DESTINATIONS = "destinations"
    EVENT = "event"
    DATA = "data"


@dataclass(frozen=True, slots=True)
class Check:
    """`text` says what is so, `advice` what to do, where there is something to do; `thing` names the target's."""

    key: str
    title: str
    verdict: Verdict
    text: str
    advice: str | None = None
    target: Target | None = None
    thing: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """`summary` is the first problem, or else the first doubt, in a sentence or two; or that there is none."""

    verdict: Verdict
    summary: str
    checks: Sequence[Check]


def diagnose(facts: Facts, *, now: datetime) -> Diagnosis:
    checks = [
        _connection(facts), _scopes(facts), _app(facts), _limit(facts, now), _grant(facts),
        _news(facts, now), _fetched(facts), *_deliveries(facts),
    ]  # fmt: skip
    problem = next((one for one in checks if one.verdict is Verdict.PROBLEM), None)
    if problem is not None:
        return Diagnosis(Verdict.PROBLEM, problem.text, checks)
    doubt = next((one for one in checks if one.verdict is Verdict.UNKNOWN), None)
    if doubt is not None:
        return Diagnosis(Verdict.UNKNOWN, " ".join((doubt.text, *_came_all_the_same(doubt, facts))), checks)
    return Diagnosis(Verdict.OK, "Data is received and delivered.", checks)


def _check(  # noqa: PLR0917 - the fields of a check, in their order
    key: str,
    title: str,
    verdict: Verdict,
    text: str,
    advice: str | None = None,
    target: Target | None = None,
    thing: str | None = None,
) -> Check:
    return Check(key, title, verdict, text, advice, target, thing)


def _connection(facts: Facts) -> Check:
    key, title = "connection", "Connection"
    if facts.state is ConnectionState.REVOKED:
        return _check(
            key, title, Verdict.PROBLEM,
            "The end user withdrew access at the provider.",
            "Only the end user can bring it back: send them a new link to connect.",
        )  # fmt: skip
    if facts.state is ConnectionState.PAUSED:
        return _check(
            key, title, Verdict.PROBLEM,
            "The user is paused: nothing that the provider reports is sent on.",
            "Resume the user; then ask for the days that were missed.", Target.RESUME,
        )  # fmt: skip
    return _check(key, title, Verdict.OK, "Connected and active.")


def _scopes(facts: Facts) -> Check:
    key, title = "scopes", "Permissions"
    withheld = [kind for kind in facts.could_share if kind not in facts.may_share]
    if not facts.may_share:
        return _check(
            key, title, Verdict.PROBLEM,
            "The end user shares no type of data that this provider has.",
            "Have them connect once more and agree to share their data.",
        )  # fmt: skip
    shared = "Shared: " + ", ".join(facts.may_share) + "."
    if withheld:
        return _check(
            key, title, Verdict.OK, f"{shared} Not shared: {', '.join(withheld)}.",
            "If one of these is missed: have the end user connect once more and agree to it.",
        )  # fmt: skip
    return _check(key, title, Verdict.OK, shared)


def _app(facts: Facts) -> Check:
    key, title = "app", "Provider app"
    if facts.app is None:
        return _check(
            key, title, Verdict.PROBLEM, "The provider app this user was connected through is gone.",
            "Enter it again, or have the end user connect once more.", Target.PROVIDERS,
        )  # fmt: skip
    if facts.app.problem:
        return _check(
            key, title, Verdict.PROBLEM,
            f"The provider cannot be asked to tell the gateway about new data: {facts.app.problem}.",
            "Test the app; its client id or secret may have been changed at the provider."
            if facts.app.is_own
            else "This is the gateway's shared app: tell whoever runs the gateway.",
            Target.PROVIDERS,
        )  # fmt: skip
    if not facts.is_enabled:
        return _check(
            key, title, Verdict.OK,
            "Works. The provider is not among those your end users may connect; who is connected stays so.",
            "Enable it in the settings before you ask somebody to connect again.", Target.SETTINGS,
        )  # fmt: skip
    return _check(key, title, Verdict.OK, "The provider knows it and takes its calls.")


def _limit(facts: Facts, now: datetime) -> Check:
    key, title = "limit", "Calls the provider takes"
    full_until = facts.app.full_until if facts.app else None
    if full_until is not None and full_until > now:
        return _check(
            key, title, Verdict.PROBLEM,
            f"The provider's limit of calls is used up until {_time(full_until)}.",
            "Nothing is lost: what waits is fetched as soon as there is room.",
        )  # fmt: skip
    return _check(key, title, Verdict.OK, "There is room for calls.")


def _grant(facts: Facts) -> Check:
    key, title = "grant", "Access to the account"
    if facts.state is not ConnectionState.REVOKED and facts.grant is not GrantState.LIVE:
        return _check(
            key, title, Verdict.PROBLEM, "The gateway holds no valid access to the account any more.",
            "Have the end user connect once more.",
        )  # fmt: skip
    if facts.state is ConnectionState.REVOKED:
        return _check(key, title, Verdict.PROBLEM, "Given back when the end user withdrew it.")
    if facts.last_error:
        when = f" on {_time(facts.last_error_at)}" if facts.last_error_at else ""
        return _check(
            key, title, Verdict.PROBLEM, f"The provider refused the gateway{when}: {facts.last_error}.",
            "It is tried again by itself. If it lasts: ask for data to see whether it is over; then have the end user"
            " look at the account in the provider's app, or connect once more.",
            Target.ASK,
        )  # fmt: skip
    return _check(key, title, Verdict.OK, "The provider accepts the gateway's tokens.")


def _news(facts: Facts, now: datetime) -> Check:
    key, title = _NEWS
    if facts.tells:
        notice = facts.last_notice
        return (
            _told(notice, now)
            if notice
            else _told_nothing(f"since it was connected on {_time(facts.connected_at)}")
        )
    if facts.next_poll_at is None:
        return _check(
            key, title, Verdict.UNKNOWN, "This provider tells nothing by itself, and no look is planned.",
            "Ask for data.", Target.ASK,
        )  # fmt: skip
    return _check(
        key, title, Verdict.OK,
        f"This provider is asked from time to time; the next time is {_time(facts.next_poll_at)}.",
    )  # fmt: skip


def _told(notice: NoticeFacts, now: datetime) -> Check:
    key, title = _NEWS
    when = _time(notice.received_at)
    if notice.outcome is None:
        return _check(
            key, title, Verdict.OK, f"The provider reported news on {when}; they are being fetched."
        )
    failed = _NOT_FETCHED.get(notice.outcome)
    if failed:
        return _check(
            key, title, Verdict.PROBLEM, f"The provider reported news on {when}, but {failed}.",
            "It is tried again by itself for a day; ask for the days if they are missed.", Target.ASK,
        )  # fmt: skip
    if now - notice.received_at > QUIET:
        return _told_nothing(f"since {when}")
    return _check(key, title, Verdict.OK, f"The provider last reported news on {when}.")


def _told_nothing(since: str) -> Check:
    key, title = _NEWS
    return _check(
        key, title, Verdict.UNKNOWN, f"The provider has told nothing about this account {since}.",
        "Often the device was not synchronised: have the end user open the provider's app. Ask for data to see"
        " whether the provider has any.",
        Target.ASK,
    )  # fmt: skip


_NEWS = "news", "News from the provider"
_NOT_FETCHED = {
    "provider_limit": "its limit of calls was used up",
    "provider_unavailable": "it did not answer when it was asked for them",
    "provider_refused": "it refused to hand them out",
    "provider_rejected": "it did not take the question",
    "provider_pending": "it is still preparing them",
    "given_up": "fetching them failed too often and was given up",
}


def _came_all_the_same(doubt: Check, facts: Facts) -> Iterator[str]:
    """Silence alone reads as if nothing had come, also where somebody asked and got data."""
    if doubt.key == _NEWS[0] and facts.last_data is not None:
        yield f"The newest data is {facts.last_data.type}, from {_time(facts.last_data.at)}."


def _fetched(facts: Facts) -> Check:
    key, title = "data", "Data"
    if facts.last_data is not None:
        return _check(
            key, title, Verdict.OK,
            f"The newest is {facts.last_data.type}, from {_time(facts.last_data.at)}.",
            None, Target.EVENT, str(facts.last_data.event_id),
        )  # fmt: skip
    if facts.is_being_fetched:
        return _check(
            key, title, Verdict.UNKNOWN, "Data was asked for and is being fetched.", "Look again in a moment."
        )
    if facts.last_polled_at is not None:
        return _check(
            key, title, Verdict.UNKNOWN,
            f"The provider was last asked on {_time(facts.last_polled_at)} and had nothing new.",
            "Compare with what the end user sees in the provider's app; ask for a longer time.", Target.ASK,
        )  # fmt: skip
    return _check(
        key, title, Verdict.UNKNOWN, "No data of this user was fetched yet, or none in the days events are kept.",
        "Ask for data to see whether the provider has any.", Target.ASK,
    )  # fmt: skip


def _deliveries(facts: Facts) -> Iterator[Check]:
    if not facts.destinations:
        yield _check(
            "delivery", "Delivery", Verdict.PROBLEM, "There is no destination: nobody is sent anything.",
            "Add one.", Target.DESTINATIONS,
        )  # fmt: skip
        return
    if not any(one.wants for one in facts.destinations):
        what = f"{facts.last_data.type} events" if facts.last_data else "events with data"
        yield _check(
            "delivery", "Delivery", Verdict.PROBLEM, f"No destination wants {what}.",
            "Add the type to a destination; then recover what it missed.", Target.DESTINATIONS,
        )  # fmt: skip
        return
    for one in facts.destinations:
        if one.wants:
            yield _delivery(one, facts)


def _delivery(one: DestinationFacts, facts: Facts) -> Check:
    return _destination(one) or _last_delivery(one, facts)


def _destination(one: DestinationFacts) -> Check | None:
    """What is wrong with a destination; None: nothing is."""
    found = None
    if one.state is DestinationState.DISABLED:
        found = (
            "The destination is disabled: nothing is kept for it.",
            "Enable it, then recover what it missed.",
        )
    elif one.state is DestinationState.PAUSED:
        found = "The destination is paused: its events wait.", "Resume it."
    elif one.failing_since is not None:
        found = (
            f"The destination has failed since {_time(one.failing_since)}{_waiting(one)}.",
            "See what it answers, and mend it; what waits is then sent by itself.",
        )
    elif one.waiting >= BACKLOG:
        found = (
            f"The destination is slow{_waiting(one)}.",
            "It is given what it takes; raise its limits if it can take more.",
        )
    return _of(one, Verdict.PROBLEM, *found) if found else None


def _last_delivery(one: DestinationFacts, facts: Facts) -> Check:
    when = f" on {_time(one.outcome_at)}" if one.outcome_at else ""
    if one.outcome in _TAKEN:
        return _of(one, Verdict.OK, f"The last data of this user was taken{when}.")
    if one.outcome is not None:
        return _of(
            one, Verdict.PROBLEM, f"The last data of this user was not taken{when}: {one.outcome}.",
            "See what the destination answered.",
        )  # fmt: skip
    if facts.last_data is not None:
        return _of(
            one, Verdict.UNKNOWN, "The last data of this user was not sent there.",
            "It may be on its way, or the destination is younger than the data.",
        )  # fmt: skip
    return _of(one, Verdict.OK, "The destination takes what it is sent.")


def _of(one: DestinationFacts, verdict: Verdict, text: str, advice: str | None = None) -> Check:
    return _check(
        f"delivery.{one.id}",
        f"Delivery to {one.name}",
        verdict,
        text,
        advice,
        Target.DESTINATION,
        str(one.id),
    )


def _waiting(one: DestinationFacts) -> str:
    if not one.waiting:
        return ""
    return f"; {one.waiting:,}{'+' if one.waiting >= MOST_WAITING else ''} deliveries wait"


MOST_WAITING = 10_000
"""More are not counted."""


def _time(moment: datetime | None) -> str:
    if moment is None:
        return "an unknown day"
    return f"{moment:%d %b %Y}, {moment:%H:%M} UTC".removeprefix("0")
