"""Bodies that are none, or too much: refused with a word about what was wrong, whatever the route."""

import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest

from tests.contract.openapi.operations import OPERATIONS, PATHS
from tests.fakes.gateway import Gateway
from tests.web.callers import NOBODY, Caller, Callers, refused
from wearable_gateway.developers.admin_tokens import issue_admin_token

TAKES_A_BODY = sorted(
    name
    for name, one in OPERATIONS.items()
    if "requestBody" in one and name not in {"receiveNotice", "putLogo"}
)
ON_DESTINATIONS = {
    name: name.removeprefix("admin").lower()
    for name in TAKES_A_BODY
    if "estination" in name or "TestEvent" in name
}
ON_PEOPLE = {
    name: "role" if "hange" in name else "email"
    for name in TAKES_A_BODY
    if name.endswith(("Operator", "Invitation"))
}
NEEDS_A_BODY = {
    *(name for name, plain in ON_DESTINATIONS.items() if plain.startswith(("create", "change"))),
    "bulkUserInfo",
    "createDeveloper",
    "createToken",
    "renameDeveloper",
    "createKey",
    "changeSettings",
    "switchProvider",
    "recoverDestination",
    "adminRecoverDestination",
    *ON_PEOPLE,
    "changeUser",
    "createBulkJob",
    "createErasure",
    *(name for name in TAKES_A_BODY if name.startswith(("add", "remove")) or "ProviderApp" in name),
}
EVERY = pytest.mark.parametrize("name", TAKES_A_BODY)
EVERY_WITH_TEXT = pytest.mark.parametrize(
    "name", [name for name in TAKES_A_BODY if "rotate" not in name.lower() and name != "switchProvider"]
)
FIFTY_MEGABYTES = 50 * 1024 * 1024
ANY_TEXT_FIELD = {
    "bulkUserInfo": None,
    "createDeveloper": "name",
    "createToken": "name",
    "renameDeveloper": "name",
    "createKey": "name",
    "changeSettings": "reset",
    **dict.fromkeys(ON_DESTINATIONS, "description"),
    **ON_PEOPLE,
    **dict.fromkeys(["sendTestEvent", "adminSendTestEvent"], "type"),
    "createBulkJob": "kind",
    **{name: "client_id" for name in TAKES_A_BODY if "ProviderApp" in name},
    "recoverDestination": "since",
    "adminRecoverDestination": "since",
    **dict.fromkeys([name for name in TAKES_A_BODY if name.startswith("add")], "user_id"),
    **dict.fromkeys([name for name in TAKES_A_BODY if name.startswith("remove")], "log_ids"),
}
"""By operation a field that takes text, or texts; `reference_id` where none is named."""


@pytest.fixture
async def http(a: Caller, callers: Callers) -> AsyncIterator[httpx.AsyncClient]:
    """May do everything: as a developer, and as an administrator."""
    _, token = await issue_admin_token(callers.db.autocommit, callers.hasher, "tests", actor="operator:tests")
    headers = {"dev-id": a.dev_id, "x-api-key": a.api_key, "authorization": f"Bearer {token}"}
    async with callers.http(**headers) as made:
        yield made


async def _send(http: httpx.AsyncClient, name: str, content: Any, **headers: str) -> httpx.Response:
    method, path = PATHS[name]
    ids = dict.fromkeys(("user_id", "destination_id", "operator_id"), NOBODY)
    url = path.format(**ids, dev_id="company-a", provider="sandbox")
    given = {one["name"] for one in OPERATIONS[name].get("parameters", ()) if one["in"] == "query"}
    known = {"user_id": NOBODY, "resource": "SANDBOX"}
    params = {key: value for key, value in known.items() if key in given}
    return await http.request(
        method, url, params=params, content=content, headers={"content-type": "application/json", **headers}
    )


def _with(name: str, text: bytes) -> bytes:
    """A body that is right but for `text`, which stands where a string may."""
    field = ANY_TEXT_FIELD.get(name, "reference_id")
    if field is None:
        return b"[" + text + b"]"
    value = b"[" + text + b"]" if field in {"reset", "log_ids"} else text
    rest = {"user_id": b', "data": [{}]', "email": b', "role": "owner"'}.get(field, b"")
    if name == "createToken":
        rest = b', "scopes": ["users:read"]'
    return b'{"' + field.encode() + b'": ' + value + rest + b"}"


ODD_TEXTS: list[Any] = ["a\x00b", "x" * 5_000, "a\u2028b", 7, True, [], {}]
ODD_ITEMS: list[Any] = [[], [{}] * 101, [7], [None], ["x"], [[]], {}, None, "x"]
ODD_IDS: list[Any] = [[], ["x"] * 101, [""], ["x" * 257], [7], [None], {}, "x"]
NO_JSON = {
    "cut off": b'{"reference_id": "a',
    "two values": b"{} {}",
    "a comma too many": b'{"reference_id": "a",}',
    "single quotes": b"{'reference_id': 'a'}",
    "not a number": b'{"reference_id": NaN}',
    "infinity": b"[Infinity]",
    "minus infinity": b'{"data": [{"a": -Infinity}]}',
    "deep lists": b"[" * 100_000,
    "deep closed lists": b"[" * 100_000 + b"]" * 100_000,
    "deep objects": b'{"a":' * 100_000,
    "no UTF-8": b'{"reference_id": "\xff"}',
    "UTF-8 of a surrogate": b'{"reference_id": "\xed\xa0\x80"}',
    "UTF-16": '{"reference_id": "a"}'.encode("utf-16"),
    "half a character": rb'{"reference_id": "\ud800"}',
    "half a character as a key": rb'{"\udfff": 1}',
    "half a character deep inside": rb'{"data": [{"a": ["\udead"]}]}',
    "5,000 digits": b'{"reference_id": ' + b"9" * 5_000 + b"}",
    "5,000 digits deep inside": b'{"data": [{"a": -' + b"9" * 5_000 + b"}]}",
    "more than a double": b"[1e999]",
    "a raw NUL": b'{"reference_id": "a\x00"}',
    "nothing but NUL": b"\x00" * 100,
    "HTML": b"<html></html>",
}


@EVERY
async def test_what_is_no_json_is_refused_as_that(http: httpx.AsyncClient, name: str) -> None:
    for what, content in NO_JSON.items():
        answer = await _send(http, name, content)
        assert answer.status_code == 400, (what, answer.text)
        refused(answer, 400, ": not JSON")


@EVERY
async def test_where_the_json_ends_is_told_by_name(http: httpx.AsyncClient, name: str) -> None:
    for content, where in (
        (rb'{"reference_id": "\ud800"}', "reference_id"),
        (b'{"data": [{"metadata": {"a": 1, "start_time": NaN}}]}', "start_time"),
        (b'{"a": "\xff"}', "body"),
        (b"[NaN]", "body"),
    ):
        refused(await _send(http, name, content), 400, f"invalid {where}: not JSON")


@EVERY
async def test_another_value_than_expected_is_refused_as_the_body(http: httpx.AsyncClient, name: str) -> None:
    odd = [b'"text"', b"7", b"1.5", b"true", b"{}" if name == "bulkUserInfo" else b"[]"]
    for content in (*odd, *([b"null"] if name in NEEDS_A_BODY else [])):
        refused(await _send(http, name, content), 400, "invalid body")


@EVERY
async def test_an_empty_body_is_none(http: httpx.AsyncClient, name: str) -> None:
    answer = await _send(http, name, b"")
    if name in NEEDS_A_BODY:
        refused(answer, 400, "invalid body")
    elif name == "modifyUser":
        refused(answer, 400, "user not found")
    elif name in ON_DESTINATIONS:
        refused(answer, 404, "destination not found")
    else:
        assert answer.status_code == 200, answer.text


@EVERY
async def test_json_under_another_name_is_refused_as_the_body(http: httpx.AsyncClient, name: str) -> None:
    for kind in (
        "text/plain",
        "application/x-www-form-urlencoded",
        "multipart/form-data; boundary=x",
        "nonsense",
    ):
        answer = await _send(http, name, _with(name, b'"x"'), **{"content-type": kind})
        refused(answer, 400, "invalid body")


@EVERY_WITH_TEXT
async def test_another_type_where_text_belongs_is_refused_by_name(http: httpx.AsyncClient, name: str) -> None:
    field = ANY_TEXT_FIELD.get(name, "reference_id")
    for value in (b"7", b"1.5", b"true", b"[]", b"{}", b"[[[]]]", b"1" * 300):
        refused(await _send(http, name, _with(name, value)), 400, f"invalid {field or '0'}")


@EVERY_WITH_TEXT
async def test_a_nul_character_never_gets_through(http: httpx.AsyncClient, name: str) -> None:
    answer = await _send(http, name, _with(name, rb'"a\u0000b"'))
    if name == "bulkUserInfo":
        assert answer.json() == []  # no id that anybody has
    elif name.startswith("remove"):
        refused(answer, 404, "user not found")
    elif name == "changeSettings":
        refused(answer, 400, "one of duplicate_policy")
    elif name not in {"modifyUser", "changeUser"}:  # which look for the user first; the rest is in test_users
        refused(answer, 400, ANY_TEXT_FIELD.get(name) or "reference_id")


@pytest.mark.parametrize("name", ["authenticateUser", "generateWidgetSession", "createWidgetSession"])
async def test_every_text_of_a_flow_is_looked_at(http: httpx.AsyncClient, name: str) -> None:
    fields = ["reference_id", "auth_success_redirect_url", "auth_failure_redirect_url", "language"]
    for field in [*fields, *([] if name == "authenticateUser" else ["providers"])]:
        for bad in ODD_TEXTS:
            refused(await _send(http, name, json.dumps({field: bad})), 400, f"invalid {field}")


async def test_the_last_of_two_values_of_one_name_holds(http: httpx.AsyncClient) -> None:
    refused(
        await _send(http, "authenticateUser", b'{"reference_id": "ann", "reference_id": 7}'),
        400, "invalid reference_id",
    )  # fmt: skip
    answer = await _send(http, "authenticateUser", b'{"reference_id": 7, "reference_id": "ann"}')
    assert answer.status_code == 200


async def test_the_items_to_write_are_counted_and_are_objects(http: httpx.AsyncClient) -> None:
    for name in ("addActivities", "addBody", "addNutrition", "addPlannedWorkouts"):
        for items in ODD_ITEMS:
            refused(await _send(http, name, json.dumps({"data": items})), 400, "invalid data")
    for name in ("removeBody", "removeNutrition", "removePlannedWorkouts"):
        for ids in ODD_IDS:
            refused(await _send(http, name, json.dumps({"log_ids": ids})), 400, "invalid log_ids")
            refused(await _send(http, name, json.dumps({"data": ids})), 400, "invalid data")
        refused(await _send(http, name, "{}"), 400, "invalid log_ids")


async def test_a_user_named_by_anything_but_text_is_refused_by_name(http: httpx.AsyncClient) -> None:
    for value in (7, 1.5, True, [1], {"a": 1}, [NOBODY], "other"):
        items = {"data": [{"user_id": value}]}
        refused(await _send(http, "addBody", json.dumps(items)), 400, "invalid user_id")


@EVERY
async def test_a_body_of_50_megabytes_is_refused_unread(http: httpx.AsyncClient, name: str) -> None:
    sent = 0

    async def pieces() -> AsyncIterator[bytes]:
        nonlocal sent
        piece = b'{"reference_id": "' + b"x" * 65_518
        while sent < FIFTY_MEGABYTES:
            sent += len(piece)
            yield piece

    # Without a length it is read until it is too long; with one it is not read at all.
    answer = await _send(http, name, pieces())
    refused(answer, 413, "at most 2097152 bytes")
    assert sent < 3 * 1024 * 1024
    sent = 0
    answer = await _send(http, name, pieces(), **{"content-length": str(FIFTY_MEGABYTES)})
    refused(answer, 413)
    assert sent == 0


async def test_a_notice_of_50_megabytes_is_refused_unread(callers: Callers) -> None:
    async with callers.http() as http:
        path = f"/notices/sandbox/{callers.provider_app.id}"
        refused(await http.post(path, content=b"x" * FIFTY_MEGABYTES), 413)


async def test_a_server_answers_who_is_still_sending(gateway: Gateway) -> None:
    company = await gateway.company("A")
    for content in (b"x" * FIFTY_MEGABYTES, b"[" + b"7," * 1_000_000 + b"7]"):
        answer = await company.http.post("/v2/bulkUserInfo", content=content)
        refused(answer, 413 if len(content) == FIFTY_MEGABYTES else 400)
    assert (await company.http.get("/v2/subscriptions")).status_code == 200


@pytest.mark.parametrize("value", ["", "x", "-1", "NaN", "1e9999", "9" * 5_000, "\ud7ff", "a\x00b", "%"])
async def test_a_bad_number_in_a_query_is_refused_by_name(http: httpx.AsyncClient, value: str) -> None:
    for path, name in (
        ("/v2/subscriptions", "page"),
        ("/v2/subscriptions?page=0", "per_page"),
        ("/admin/v1/developers", "limit"),
    ):
        url = httpx.URL(path).copy_merge_params({name: value})
        refused(await http.get(url), 400, f"invalid {name}")


async def test_a_page_behind_the_last_one_is_empty_and_one_that_cannot_be_is_refused(
    http: httpx.AsyncClient, callers: Callers, a: Caller
) -> None:
    await callers.connected(a, "acc-ann")
    for page, status in ((0, 200), (1, 200), (1_000_000, 200), (1_000_001, 400), (2**63, 400), (2**64, 400)):
        answer = await http.get("/v2/subscriptions", params={"page": page})
        assert answer.status_code == status, page
        if status == 200:
            assert len(answer.json()["data"]["results"]) == (page == 0)


async def test_a_developer_to_go_on_behind_is_one_that_can_be(http: httpx.AsyncClient) -> None:
    for value in ("a\x00b", "x" * 64, "ä", "'; --"):
        refused(await http.get("/admin/v1/developers", params={"after": value}), 400, "invalid after")


async def test_whose_providers_are_listed_may_be_anybody(client: httpx.AsyncClient, a: Caller) -> None:
    del a
    for dev_id in (b"nobody", b"a\x00b", b"\xff", b"x" * 5_000, b"'; --"):
        answer = await client.get("/v2/integrations/detailed", headers=[(b"dev-id", dev_id)])
        assert answer.status_code == 200, answer.text
    refused(await client.get("/v2/integrations/detailed", params={"sdk": "maybe"}), 400, "invalid sdk")


async def test_a_name_that_cannot_be_shown_is_refused(http: httpx.AsyncClient) -> None:
    for value in ("", " ", "a\x00b", "a\nb", "\x85", "x" * 201):
        refused(await _send(http, "createDeveloper", json.dumps({"name": value})), 400, "invalid name")
