"""Every route that changes something says so in the audit log, or here why it has nothing to say."""

import re
from pathlib import Path

from fastapi import FastAPI
from fastapi.routing import iter_route_contexts

import wearable_gateway
from tests.web.callers import Caller, Callers
from wearable_gateway.developers import audit_log
from wearable_gateway.developers.audit_log import Wanted

_DEVELOPER = "/admin/v1/developers/{dev_id}"
_DESTINATION = "/destinations/{destination_id}"
_APPS = "/provider-apps/{provider}"
_BRANDING = "POST /dashboard/{dev_id}/settings/branding"
_PAGE = "/dashboard/{dev_id}/destinations/{destination_id}"
_USERS = "/dashboard/{dev_id}/users"
_PEOPLE = "/dashboard/{dev_id}/people"
_PROVIDER = "/dashboard/{dev_id}/providers/{provider}"


def _both(method: str, path: str) -> tuple[str, str]:
    """What developers call under /v2, and operators' programs for them."""
    return f"{method} /v2{path}", f"{method} {_DEVELOPER}{path}"


def _everywhere(method: str, path: str) -> tuple[str, str]:
    """Of the gateway, and of each developer."""
    return f"{method} /admin/v1{path}", f"{method} {_DEVELOPER}{path}"


# By what stands in the log: the routes that cause it. Who is written there follows from the path: /v2 a developer's key,
# /admin/v1 an admin token, /dashboard an operator. A route may stand at several.
_REVOKING = ("POST /admin/v1/accounts/{grant_id}/revoke", "POST /dashboard/-/accounts/{grant_id}/revoke")
CAUSES: dict[str, tuple[str, ...]] = {
    "account.revoked": _REVOKING,
    "connection.revoked": _REVOKING,
    "connection.deauthenticated": (
        "DELETE /v2/auth/deauthenticateUser",
        f"DELETE {_DEVELOPER}/users/{{user_id}}",
        f"POST {_USERS}/{{user_id}}/deauthenticate",
    ),
    "connection.modified": (
        "PATCH /v2/users/{user_id}",
        f"PATCH {_DEVELOPER}/users/{{user_id}}",
        f"POST {_USERS}/{{user_id}}",
        f"POST {_USERS}/{{user_id}}/pause",
        f"POST {_USERS}/{{user_id}}/resume",
    ),
    "bulk_job.started": (
        f"POST {_DEVELOPER}/bulk-jobs",
        f"POST {_DEVELOPER}/erasures",
        f"POST {_USERS}/bulk/{{job_id}}/start",
        f"POST {_USERS}/selected",
        f"POST {_USERS}/forget",
    ),
    "bulk_job.cancelled": (
        f"POST {_DEVELOPER}/bulk-jobs/{{job_id}}/cancel",
        f"POST {_USERS}/bulk/{{job_id}}/cancel",
    ),
    "data.requested": (f"POST {_USERS}/{{user_id}}/ask",),
    "delivery.resent": (
        *_both("POST", "/deliveries/{event_id}/{destination_id}/resend"),
        *_both("POST", "/events/{event_id}/resend"),
        "POST /dashboard/{dev_id}/events/{event_id}/resend",
        "POST /dashboard/{dev_id}/events/{event_id}/{destination_id}/resend",
    ),
    "destination.created": (*_both("POST", "/destinations"), "POST /dashboard/{dev_id}/destinations"),
    "destination.changed": (*_both("PATCH", _DESTINATION), f"POST {_PAGE}/settings"),
    "destination.deleted": (*_both("DELETE", _DESTINATION), f"POST {_PAGE}/delete"),
    "destination.paused": (*_both("POST", f"{_DESTINATION}/pause"), f"POST {_PAGE}/pause"),
    "destination.resumed": (*_both("POST", f"{_DESTINATION}/resume"), f"POST {_PAGE}/resume"),
    "destination.enabled": (*_both("POST", f"{_DESTINATION}/enable"), f"POST {_PAGE}/enable"),
    "destination.disabled": (*_both("POST", f"{_DESTINATION}/disable"), f"POST {_PAGE}/disable"),
    "destination.secret_rotated": (*_both("POST", f"{_DESTINATION}/rotate-secret"), f"POST {_PAGE}/rotate"),
    "destination.tested": (*_both("POST", f"{_DESTINATION}/test"), f"POST {_PAGE}/test"),
    "recovery.started": (*_both("POST", f"{_DESTINATION}/recover"), f"POST {_PAGE}/recover"),
    "recovery.cancelled": (
        *_both("POST", "/recoveries/{recovery_id}/cancel"),
        f"POST {_PAGE}/recoveries/{{recovery_id}}/cancel",
    ),
    "logo.changed": (f"PUT {_DEVELOPER}/logo", _BRANDING),
    "logo.removed": (f"DELETE {_DEVELOPER}/logo", _BRANDING),
    "operator.created": _everywhere("POST", "/operators"),
    "operator.invited": (
        *_everywhere("POST", "/invitations"),
        f"POST {_PEOPLE}",
        f"POST {_PEOPLE}/invitations/{{invitation_id}}/renew",
    ),
    "operator.invitation_withdrawn": (
        *_everywhere("DELETE", "/invitations/{invitation_id}"),
        f"POST {_PEOPLE}/invitations/{{invitation_id}}/withdraw",
    ),
    "operator.joined": ("POST /dashboard/invitation/{token}",),
    "operator.role_changed": (
        *_everywhere("PATCH", "/operators/{operator_id}"),
        f"POST {_PEOPLE}/{{operator_id}}/role",
    ),
    "operator.removed": (
        *_everywhere("DELETE", "/operators/{operator_id}"),
        f"POST {_PEOPLE}/{{operator_id}}/remove",
    ),
    "operator.link_issued": (f"POST {_PEOPLE}/{{operator_id}}/link",),
    "operator.signed_out": (
        f"POST {_PEOPLE}/{{operator_id}}/sign-out",
        "POST /dashboard/-/you/sessions",
        "POST /dashboard/-/you/sessions/{session_id}",
    ),
    "operator.password_changed": ("POST /dashboard/-/you/password",),
    "operator.signed_in": ("POST /dashboard/login", "POST /dashboard/link/{token}"),
    "developer.created": ("POST /admin/v1/developers", "POST /dashboard/-/new-developer"),
    "developer.renamed": (
        f"PATCH {_DEVELOPER}",
        "POST /dashboard/{dev_id}/settings",
        "POST /dashboard/-/developers/{named}",
    ),
    "key.created": (
        "POST /admin/v1/developers",
        "POST /dashboard/-/new-developer",
        f"POST {_DEVELOPER}/keys",
        "POST /dashboard/{dev_id}/keys",
    ),
    "key.revoked": (f"DELETE {_DEVELOPER}/keys/{{key_id}}", "POST /dashboard/{dev_id}/keys/{key_id}/revoke"),
    "settings.changed": (
        f"PATCH {_DEVELOPER}/settings",
        f"PATCH {_DEVELOPER}/providers/{{provider}}",
        "POST /dashboard/{dev_id}/settings",
        _BRANDING,
        "POST /dashboard/{dev_id}/providers/{provider}/switch",
    ),
    "provider_app.entered": (*_everywhere("PUT", _APPS), f"POST {_PROVIDER}/app"),
    "provider_app.notice_secret_renewed": (
        *_everywhere("POST", f"{_APPS}/renew-notice-secret"),
        f"POST {_PROVIDER}/renew-notice-secret",
    ),
    "provider_app.removed": (*_everywhere("DELETE", _APPS), f"POST {_PROVIDER}/remove"),
    "admin_token.created": ("POST /admin/v1/tokens", "POST /dashboard/-/tokens"),
    "admin_token.revoked": (
        "DELETE /admin/v1/tokens/{token_id}",
        "POST /dashboard/-/tokens/{token_id}/revoke",
    ),
}

_FLOW = "begins a flow; the connection it may lead to is the end user's doing, and an event"
_AT_THE_VENDOR = "adds or removes the end user's data at the vendor; nothing here changes"
_LOOKS = "only looks, with its question in the body"
_SIGNS_IN = "leads to signing in, which is written when it is done"
NOTHING_TO_TELL: dict[str, str] = {
    "POST /v2/auth/authenticateUser": _FLOW,
    "POST /v2/auth/generateWidgetSession": _FLOW,
    "POST /v2/auth/generateAuthToken": "a token for one flow, over in three minutes",
    "POST /v2/auth/tokens": "a token for one flow, over in three minutes",
    "POST /v2/bulkUserInfo": _LOOKS,
    **{f"POST /v2/{kind}": _AT_THE_VENDOR for kind in ("activity", "body", "nutrition", "plannedWorkout")},
    **{f"DELETE /v2/{kind}": _AT_THE_VENDOR for kind in ("body", "nutrition", "plannedWorkout")},
    **dict.fromkeys(_everywhere("POST", f"{_APPS}/test"), "asks the vendor; nothing changes"),
    f"POST {_PROVIDER}/test": "asks the vendor; nothing changes",
    "POST /dashboard/{dev_id}/users/bulk": "shows what would happen; nothing is changed before the job is started",
    "POST /dashboard/sso": _SIGNS_IN,
    "POST /dashboard/login/back": _SIGNS_IN,
    "POST /dashboard/logout": "somebody's own session ends, which was to end in hours anyway",
}


def mutations(app: FastAPI) -> set[str]:
    return {
        f"{method} {context.path_format}"
        for context in iter_route_contexts(app.routes)
        if str(context.path_format or "").startswith(("/v2/", "/admin/", "/dashboard"))
        for method in context.methods or ()
        if method not in {"GET", "HEAD", "OPTIONS"}
    }


def test_every_route_that_changes_something_is_in_the_table(app: FastAPI) -> None:
    told = {route for routes in CAUSES.values() for route in routes}
    assert told & set(NOTHING_TO_TELL) == set()
    assert mutations(app) == told | set(NOTHING_TO_TELL), "say what the audit log holds of it, or why nothing"


def test_every_action_that_is_written_is_in_the_table() -> None:
    source = Path(wearable_gateway.__file__).parent
    written = {
        action
        for path in source.rglob("*.py")
        if re.search(r"audit|\b_record\(", text := path.read_text())
        for action in re.findall(r'"([a-z_]+\.[a-z_]+)"', text)
        if not path.name.startswith("audit") and not action.endswith(".html")
    }
    known = set(CAUSES)
    assert known <= written
    kinds = {action.partition(".")[0] for action in known}
    assert {action for action in written if action.partition(".")[0] in kinds} == known


async def test_a_developers_key_leaves_its_trace(callers: Callers, a: Caller) -> None:
    user_id = await callers.connected(a, "acc-ann", "ann")
    await a.http.patch(f"/v2/users/{user_id}", json={"active": False})
    await a.http.delete("/v2/auth/deauthenticateUser", params={"user_id": user_id})
    gone, paused = await audit_log.page(callers.db.autocommit, a.dev_id, Wanted(), limit=10)
    assert {entry.subject for entry in (gone, paused)} == {f"connection:{user_id}"}
    assert {entry.actor for entry in (gone, paused)} == {f"developer:{a.dev_id}"}
    assert (gone.action, gone.after) == ("connection.deauthenticated", None)
    assert gone.before == {"provider": "SANDBOX", "reference_id": "ann", "state": "paused"}
    assert (paused.before["state"], paused.after["state"]) == ("active", "paused")
