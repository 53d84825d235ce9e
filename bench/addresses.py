"""The pages that are measured: a name and an address for each. A new page is one line here.

`{dev_id}`, `{user_id}`, `{event_id}`, `{destination_id}` and `{middle}` (a connection older than half of them) are filled
in. An address nobody answers is named and left out, so that the list may be ahead of the pages.
"""

PAGES: dict[str, str] = {
    "overview": "/dashboard/{dev_id}/overview",
    "overview, 30 days": "/dashboard/{dev_id}/overview?span=30d",
    "overview of the gateway": "/dashboard/-/overview?span=30d",
    "users": "/dashboard/{dev_id}/users",
    "users, of a provider": "/dashboard/{dev_id}/users?provider=GARMIN",
    "users, of a rare provider": "/dashboard/{dev_id}/users?provider=DEXCOM",
    "users, revoked": "/dashboard/{dev_id}/users?state=revoked",
    "users, paused": "/dashboard/{dev_id}/users?state=paused",
    "users, paused, of a provider": "/dashboard/{dev_id}/users?state=paused&provider=OURA",
    "users, revoked, of a rare provider": "/dashboard/{dev_id}/users?state=revoked&provider=DEXCOM",
    "users, a reference_id": "/dashboard/{dev_id}/users?text=patient-77777",
    "users, few reference_ids": "/dashboard/{dev_id}/users?text=patient-777",
    "users, all reference_ids": "/dashboard/{dev_id}/users?text=patient",
    "users, old reference_ids": "/dashboard/{dev_id}/users?text=patient-10",
    "users, no reference_id": "/dashboard/{dev_id}/users?text=nobody",
    "users, a user_id": "/dashboard/{dev_id}/users?text={user_id}",
    "users, far back": "/dashboard/{dev_id}/users?before={middle}",
    "users, paused, far back": "/dashboard/{dev_id}/users?state=paused&before={middle}",
    "details of a user": "/dashboard/{dev_id}/users?selected={user_id}",
    "events": "/dashboard/{dev_id}/events",
    "event": "/dashboard/{dev_id}/events/{event_id}",
    "data explorer": "/dashboard/{dev_id}/data",
    "destinations": "/dashboard/{dev_id}/destinations",
    "destination": "/dashboard/{dev_id}/destinations/{destination_id}",
    "providers": "/dashboard/{dev_id}/providers",
    "keys": "/dashboard/{dev_id}/keys",
    "people": "/dashboard/{dev_id}/people",
    "settings": "/dashboard/{dev_id}/settings",
    "audit log": "/dashboard/{dev_id}/audit",
    "developers": "/dashboard/-/developers",
    "accounts": "/dashboard/-/accounts",
    "audit log of the gateway": "/dashboard/-/audit",
}
