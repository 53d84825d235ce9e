"""How does an entry of the audit log read? As a sentence where its action is known, by its raw names otherwise."""

from collections.abc import Iterator, Mapping
from typing import Any

from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.kit import json
from wearable_gateway.web.dashboard.pages import short_id

WORDS: Mapping[str, str] = {
    "account.revoked": "revoked a wearable account",
    "admin_token.created": "made an admin token",
    "admin_token.revoked": "revoked an admin token",
    "bulk_job.started": "started a bulk change",
    "bulk_job.cancelled": "cancelled a bulk change",
    "connection.deauthenticated": "removed a user",
    "connection.modified": "changed a user",
    "connection.revoked": "ended access for a user",
    "data.requested": "asked for data of a user",
    "data.viewed": "looked at health data of a user",
    "delivery.resent": "sent an event again",
    "destination.changed": "changed a destination",
    "destination.created": "added a destination",
    "destination.deleted": "deleted a destination",
    "destination.enabled": "enabled a destination",
    "destination.paused": "paused a destination",
    "destination.resumed": "resumed a destination",
    "destination.secret_rotated": "gave a destination a new secret",
    "destination.tested": "sent a test event to a destination",
    "developer.created": "created the developer",
    "developer.renamed": "renamed the developer",
    "key.created": "made an API key",
    "key.revoked": "revoked an API key",
    "logo.changed": "changed the logo",
    "logo.removed": "removed the logo",
    "operator.created": "added an operator",
    "operator.invitation_withdrawn": "withdrew an invitation",
    "operator.invited": "invited somebody",
    "operator.joined": "joined",
    "operator.removed": "removed an operator",
    "operator.role_changed": "changed the role of an operator",
    "operator.signed_in": "signed in",
    "operator.signed_out": "signed an operator out",
    "operator.password_changed": "set the password of an operator",
    "operator.link_issued": "made a sign-in link for an operator",
    "provider_app.entered": "entered a provider app",
    "provider_app.notice_secret_renewed": "renewed the secret for the notices of a provider app",
    "provider_app.removed": "removed a provider app",
    "recovery.cancelled": "cancelled a recovery",
    "recovery.started": "started a recovery",
    "settings.changed": "changed settings",
}
_LONGEST = 300
_NOTHING = object()
_NO_VALUE = "none"


def words(action: str) -> str:
    return WORDS.get(action, action)


def title(action: str) -> str:
    """The same at the beginning of a line; `capitalize` would make "api" of "API"."""
    text = words(action)
    return text[:1].upper() + text[1:]


def who(actor: str, dev_id: str | None) -> str:
    """`dev_id`: whose log it is; None: the gateway's."""
    kind, _, name = actor.partition(":")
    if kind == "operator":
        return "The command line" if name == "command-line" else name
    if kind == "end-user":
        return f"The end user {name}"
    if kind == "developer":
        return "An API key" if name == dev_id else f"An API key of {name}"
    return f"{kind.replace('-', ' ').capitalize()} {short_id(name)}" if name else actor


def changes(entry: AuditEntry) -> Iterator[tuple[str, str | None, str | None]]:
    """(field, before, after) of each field that differs; None where there was nothing. The field of a bare value is empty.

    Of what was made or is gone, a field without a value is left out.
    """
    before, after = _fields(entry.before), _fields(entry.after)
    for field in {**before, **after}:
        was, became = _written(before.get(field, _NOTHING)), _written(after.get(field, _NOTHING))
        if was != became and {was, became} != {None, _NO_VALUE}:
            yield field, was, became


def _fields(value: Any) -> Mapping[str, Any]:
    if isinstance(value, Mapping):
        return value
    return {} if value is None else {"": value}


def _written(value: Any) -> str | None:
    if value is _NOTHING:
        return None
    if value is None or value in ([], {}):
        return _NO_VALUE
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        text = ", ".join(value)
    else:
        text = value if isinstance(value, str) else json.dump(value).decode()
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
