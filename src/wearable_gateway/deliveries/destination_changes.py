"""How is a destination changed? Each change is one transaction, with a word to the audit and without a secret."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Database, Session
from wearable_gateway.db.wakeups import DELIVERIES
from wearable_gateway.deliveries import destinations, secrets
from wearable_gateway.deliveries.destination_fields import NAMES, check_fields, read_kind
from wearable_gateway.deliveries.models import Destination, DestinationState
from wearable_gateway.deliveries.urls import Resolve, check_url, resolve_host
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import lock_developer
from wearable_gateway.errors import DisallowedError, InvalidInputError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring

BY_HAND = "it was disabled by hand"
"""The reason of a state that somebody chose."""


@dataclass(frozen=True, slots=True)
class Change:
    """Whose destinations, who changes them, and when."""

    db: Database
    dev_id: str
    actor: str
    now: datetime

    async def record(
        self, session: Session, destination_id: UUID, action: str, before: Any = None, after: Any = None
    ) -> None:
        subject = f"destination:{destination_id}"
        await audit.record(
            session, self.dev_id, actor=self.actor, action=action, subject=subject, before=before, after=after
        )


async def create(
    change: Change,
    keyring: Keyring,
    policy: AddressPolicy,
    kind: str,
    chosen: Mapping[str, Any],
    *,
    resolve: Resolve = resolve_host,
) -> tuple[Destination, str | None]:
    """A new destination, and the secret that signs what is sent there, shown this once; None when nothing is sent.

    Raises NotFoundError for an unknown developer, InvalidInputError, and DisallowedError when there are too many.
    """
    url = chosen.get("url")
    fields = check_fields(chosen)
    read_kind(kind, url)
    if url is not None:
        await check_url(url, policy, resolve)
    async with change.db.transaction() as session:
        # So that two at a time do not both find room for the last one.
        await lock_developer(session, change.dev_id)
        made, secret = await destinations.add(session, keyring, change.dev_id, fields, now=change.now)
        await change.record(session, made.id, "destination.created", after=_told(made, NAMES))
    return made, None if made.url is None else secret


async def update(
    change: Change,
    policy: AddressPolicy,
    destination_id: UUID,
    chosen: Mapping[str, Any],
    *,
    resolve: Resolve = resolve_host,
) -> Destination:
    """Change the fields that are named and no others. Another URL begins without the failures of the one before.

    Raises NotFoundError, InvalidInputError.
    """
    fields = check_fields(chosen)
    present = await destinations.get(change.db.autocommit, change.dev_id, destination_id)
    if "url" in fields:
        await _check_new_url(present, fields["url"], policy, resolve)
    async with change.db.transaction() as session:
        before = await destinations.lock(session, change.dev_id, destination_id)
        after = replace(before, **fields)
        if after == before:
            return before
        after = replace(after, updated_at=change.now)
        if after.url != before.url:
            after = replace(after, failing_since=None, parked_until=None)
        await _write(session, before, after)
        await change.record(
            session, destination_id, "destination.changed", _told(before, fields), _told(after, fields)
        )
        session.wake(DELIVERIES)
    return after


async def _check_new_url(
    present: Destination, url: str | None, policy: AddressPolicy, resolve: Resolve
) -> None:
    if url is None and present.url is not None:
        raise InvalidInputError("url", "an address; to fetch events make a new destination, of the kind pull")
    if url is not None and present.url is None:
        raise InvalidInputError("url", "null for the kind pull; to be sent events make a new destination")
    if url is not None and url != present.url:
        await check_url(url, policy, resolve)


async def pause(change: Change, destination_id: UUID) -> Destination:
    """Events wait until it is resumed. Raises NotFoundError, and DisallowedError when it is disabled."""
    return await _change_state(
        change, destination_id, DestinationState.ENABLED, DestinationState.PAUSED, "destination.paused"
    )


async def resume(change: Change, destination_id: UUID) -> Destination:
    """Send what waited, and what comes. Raises NotFoundError, and DisallowedError when it is disabled."""
    return await _change_state(
        change, destination_id, DestinationState.PAUSED, DestinationState.ENABLED, "destination.resumed"
    )


async def enable(change: Change, destination_id: UUID) -> Destination:
    """Begin anew with one that was disabled; its failures are forgotten.

    Raises NotFoundError, and DisallowedError when it is paused.
    """
    return await _change_state(
        change, destination_id, DestinationState.DISABLED, DestinationState.ENABLED, "destination.enabled"
    )


async def disable(change: Change, destination_id: UUID) -> Destination:
    """Nothing is sent there or kept for it until it is enabled; what waits is given up. Raises NotFoundError."""
    async with change.db.transaction() as session:
        before = await destinations.lock(session, change.dev_id, destination_id)
        if before.state is DestinationState.DISABLED:
            return before
        after = replace(before, state=DestinationState.DISABLED, state_reason=BY_HAND, updated_at=change.now)
        await _write(session, before, after)
        told = ("state", "state_reason")
        await change.record(
            session, destination_id, "destination.disabled", _told(before, told), _told(after, told)
        )
        session.wake(DELIVERIES)
    return after


_LEADS_OUT = {DestinationState.DISABLED: "enable it first", DestinationState.PAUSED: "resume it instead"}


async def _change_state(
    change: Change, destination_id: UUID, source: DestinationState, target: DestinationState, action: str
) -> Destination:
    async with change.db.transaction() as session:
        before = await destinations.lock(session, change.dev_id, destination_id)
        if before.state is target:
            return before
        if before.state is not source:
            raise DisallowedError(f"the destination is {before.state}; {_LEADS_OUT[before.state]}")
        after = replace(before, state=target, state_reason=None, updated_at=change.now)
        if source is DestinationState.DISABLED:
            after = replace(after, failing_since=None, parked_until=None)
        await _write(session, before, after)
        told = ("state", "state_reason")
        await change.record(session, destination_id, action, _told(before, told), _told(after, told))
        session.wake(DELIVERIES)
    return after


async def rotate_secret(
    change: Change, keyring: Keyring, destination_id: UUID, overlap_seconds: int
) -> tuple[Destination, str]:
    """The destination and a new secret, shown this once; see `secrets.rotate`.

    Raises NotFoundError, InvalidInputError, and DisallowedError when nothing is sent there.
    """
    overlap = secrets.read_overlap(overlap_seconds)
    async with change.db.transaction() as session:
        before = await destinations.lock(session, change.dev_id, destination_id)
        if before.url is None:
            raise DisallowedError("a destination of the kind pull has no secret: nothing is sent there")
        secret = await secrets.rotate(
            session, keyring, change.dev_id, destination_id, now=change.now, overlap=overlap
        )
        after = {"overlap_seconds": overlap_seconds}
        await change.record(session, destination_id, "destination.secret_rotated", after=after)
    return replace(before, updated_at=change.now), secret


async def delete(change: Change, destination_id: UUID, *, rehearse: bool = False) -> None:
    """Nothing is sent there any more, and nothing about it is kept but the audit. Raises NotFoundError.

    `rehearse`: only that.
    """
    async with change.db.transaction(rehearse=rehearse) as session:
        before = await destinations.lock(session, change.dev_id, destination_id)
        await destinations.delete(session, change.dev_id, destination_id)
        await change.record(session, destination_id, "destination.deleted", before=_told(before, NAMES))
    if not rehearse:
        await destinations.forget_exhausted(change.db.autocommit, change.dev_id, destination_id)


async def _write(session: Session, before: Destination, after: Destination) -> None:
    """All that a developer can change. What the worker keeps of its failures is touched only to forget them."""
    await session.execute(
        "UPDATE destinations SET url = $3, description = $4, event_types = $5, retry_schedule = $6, rate_limit = $7,"
        " concurrency = $8, state = $9, state_reason = $10, updated_at = $11 WHERE dev_id = $1 AND id = $2",
        before.dev_id, before.id, after.url, after.description, after.event_types, after.retry_schedule.value,
        after.rate_limit, after.concurrency, after.state.value, after.state_reason, after.updated_at,
    )  # fmt: skip
    if before.state is DestinationState.DISABLED or after.url != before.url:
        await session.execute(
            "UPDATE destinations SET failing_since = NULL, parked_until = NULL, parkings = 0"
            " WHERE dev_id = $1 AND id = $2",
            before.dev_id, before.id,
        )  # fmt: skip


def _told(destination: Destination, names: Mapping[str, Any] | tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(destination, name) for name in names}
