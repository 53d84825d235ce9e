from typing import Any

import pytest

from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import VendorClient, VendorConfig
from wearable_gateway.sandbox.kinds import READ_BY_DAY

from .walks import CONTROL, EVERYTHING, REDIRECT, Walk

FORM = {"content-type": "application/x-www-form-urlencoded"}
FORMS = (
    "/oauth/authorize",
    "/oauth/token",
    "/oauth/revoke",
    "/account/sign-in",
    "/account/revoke",
    "/account/sync",
)
ORDERS = ("push", "revoke", "scopes", "fail", "switch", "resend", "ping")


@pytest.mark.parametrize("path", FORMS)
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff\xfe",
        b"account=%ff",
        b"a=1&a=2&grant_type=b&grant_type=c",
        b"&".join([b"x=1"] * 200),
        b"%00=%00",
    ],
)
async def test_a_broken_form_is_refused(walk: Walk, path: str, body: bytes) -> None:
    answer = await walk.http.post(path, content=body, headers=FORM)
    assert 400 <= answer.status_code < 500


@pytest.mark.parametrize("path", [*FORMS, *(f"/control/{order}" for order in ORDERS)])
async def test_a_huge_body_is_refused(walk: Walk, path: str) -> None:
    answer = await walk.http.post(path, content=b"a" * 65_537, headers=FORM | CONTROL)
    assert answer.status_code == 413


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b'"\\ud800"', b"\xff", b'{"account":1}', b'{"unknown":1}']
)
async def test_a_broken_order_is_refused(walk: Walk, order: str, body: bytes) -> None:
    answer = await walk.http.post(f"/control/{order}", content=body, headers=CONTROL)
    assert answer.status_code == 400
    assert answer.json()["error"] == "invalid_request"


@pytest.mark.parametrize(
    ("order", "body"),
    [
        ("push", {"account": "ada", "date": "2026-02-30"}),
        ("push", {"account": "ada", "date": 20}),
        ("push", {"account": "ada", "date": "0001-01-01"}),
        ("push", {"account": "ada", "kinds": ["weather"]}),
        ("push", {"account": "ada", "kinds": ["write"]}),
        ("push", {"account": "ada\n"}),
        ("scopes", {"account": "ada", "client_id": "app", "scopes": "daily"}),
        ("fail", {"endpoint": "token", "status": 200}),
        ("fail", {"endpoint": "token", "status": 201}),
        ("fail", {"endpoint": "data", "status": 429, "retry_after": -1}),
        ("fail", {"endpoint": "data", "status": 429, "retry_after": "soon"}),
        ("fail", {"endpoint": "home"}),
    ],
)
async def test_an_order_that_makes_no_sense_is_refused(walk: Walk, order: str, body: dict[str, Any]) -> None:
    assert (await walk.http.post(f"/control/{order}", json=body, headers=CONTROL)).status_code == 400


@pytest.mark.parametrize(
    ("first", "last"),
    [
        ("2026-11-01", "2026-12-02"),
        ("2026-11-02", "2026-11-01"),
        ("2026-11-31", "2026-11-31"),
        ("20261101", "20261102"),
        ("2026-W01-1", "2026-W01-2"),
        ("0001-01-01", "0001-01-02"),
        ("9999-12-31", "9999-12-31"),
        ("\u0662026-11-01", "2026-11-02"),
        ("", ""),
    ],
)
async def test_days_that_cannot_be_read_are_refused(walk: Walk, first: str, last: str) -> None:
    token = (await walk.connect(asked=EVERYTHING))["access_token"]
    for path in (f"/v1/{kind.name}" for kind in READ_BY_DAY):
        answer = await walk.get(path, token, **{"from": first, "to": last})
        assert (answer.status_code, answer.json()["error"]) == (400, "invalid_request")


async def test_thirty_one_days_can_be_read(walk: Walk) -> None:
    token = (await walk.connect())["access_token"]
    answer = await walk.get("/v1/days", token, **{"from": "2026-10-01", "to": "2026-10-31"})
    assert [item["date"] for item in answer.json()["items"]] == [f"2026-10-{day:02}" for day in range(1, 32)]


@pytest.mark.parametrize(
    "authorization", [b"", b"Bearer", b"Bearer ", b"Bearer \xff", b"Basic YTpi", b"bearer nothing"]
)
async def test_a_missing_or_broken_token_is_refused(walk: Walk, authorization: bytes) -> None:
    answer = await walk.http.get("/v1/me", headers={b"authorization": authorization})
    assert (answer.status_code, answer.json()) == (401, {"error": "invalid_token"})
    assert answer.headers["www-authenticate"].startswith("Bearer")


@pytest.mark.parametrize(
    "authorization", [b"Basic", b"Basic \xff", b"Basic ====", b"Basic /w==", b"Basic Og==", b"Basic YTolZmY="]
)
async def test_broken_client_credentials_are_refused(walk: Walk, authorization: bytes) -> None:
    for path in ("/oauth/token", "/oauth/revoke"):
        headers = {b"authorization": authorization, b"content-type": b"application/x-www-form-urlencoded"}
        answer = await walk.http.post(path, content=b"grant_type=refresh_token&token=a", headers=headers)
        assert (answer.status_code, answer.json()["error"]) == (401, "invalid_client")


@pytest.mark.parametrize("grant_type", ["", "password", 'a"\\\u2028', "client_credentials"])
async def test_an_unknown_grant_type_is_refused(walk: Walk, grant_type: str) -> None:
    answer = await walk.token(grant_type)
    assert (answer.status_code, answer.json()["error"]) == (400, "unsupported_grant_type")


async def test_an_unknown_address_is_refused_in_the_language_of_its_readers(walk: Walk) -> None:
    page, answer = await walk.http.get("/nowhere"), await walk.http.get("/v1/nowhere")
    assert (page.status_code, answer.status_code) == (404, 404)
    assert "Sandbox Wearables" in page.text
    assert answer.json() == {"error": "not_found"}
    assert (await walk.http.get("/oauth/token")).json() == {"error": "method_not_allowed"}


@pytest.mark.parametrize("authorization", ["", "Bearer wrong", "Bearer", "control"])
async def test_control_needs_its_token(walk: Walk, authorization: str) -> None:
    for order in ORDERS:
        answer = await walk.http.post(f"/control/{order}", json={}, headers={"authorization": authorization})
        assert answer.status_code == 401
    assert (await walk.http.get("/control/counters")).status_code == 401


def test_a_client_that_cannot_be_told_safely_is_refused_at_the_start() -> None:
    for changes in ({"notice_secret": None}, {"notice_url": "ftp://client.test/"}, {"client_secret": ""}):
        facts: dict[str, Any] = {
            "client_id": "app",
            "client_secret": "secret",
            "redirect_uris": (REDIRECT,),
            "notice_url": "http://client.test/",
            "notice_secret": "secret",
            "name": "App",
        }
        with pytest.raises(ValueError, match="client"):
            VendorClient(**(facts | changes))


def test_secrets_do_not_show_when_a_configuration_is_printed() -> None:
    client = VendorClient(client_id="app", client_secret="s3cret", redirect_uris=(REDIRECT,), name="App")
    assert "s3cret" not in repr(VendorConfig(clients=(client,), control_token="s3cret"))
    assert "s3cret" not in repr(create_vendor(VendorConfig(clients=(client,))).state.vendor)
