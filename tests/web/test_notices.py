"""Vendors' notices at the door: only what is signed and fresh gets in, once, and nothing breaks us."""

import hmac
import json
import time
from typing import Any
from uuid import uuid4

import httpx
from structlog.testing import capture_logs

from tests.fakes.gateway import Gateway
from tests.fakes.waiting import eventually
from tests.web.callers import Callers, refused
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.kit.encryption import Keyring


def _signature(secret: str, body: bytes, *, at: int | None = None) -> str:
    stamp = int(time.time()) if at is None else at
    return f"t={stamp},v1=" + hmac.digest(secret.encode(), f"{stamp}.".encode() + body, "sha256").hex()


def _body(**changes: Any) -> bytes:
    notice = {"id": "ntc_1", "type": "data.updated", "account_id": "acc-ann", "kinds": ["daily"]}
    return json.dumps({**notice, "date": "2026-11-20", **changes}).encode()


async def _send(
    callers: Callers, http: httpx.AsyncClient, body: bytes, header: str | None = None, path: str = ""
) -> httpx.Response:
    signed = _signature(callers.provider_app.notice_secret, body) if header is None else header
    return await http.post(
        path or f"/notices/sandbox/{callers.provider_app.id}",
        content=body,
        headers={"sandbox-signature": signed},
    )


async def _kept(callers: Callers) -> int:
    count: int = await callers.db.autocommit.fetchval("SELECT count(*) FROM notices")
    return count


async def test_a_signed_notice_is_kept_before_the_answer(callers: Callers, client: httpx.AsyncClient) -> None:
    answer = await _send(callers, client, _body())
    assert (answer.status_code, answer.content) == (204, b"")
    row = await callers.db.autocommit.fetchrow("SELECT state, kind, account_id FROM notices")
    assert row is not None
    assert tuple(row.values()) == ("due", "data_changed", "acc-ann")


async def test_the_same_notice_again_is_kept_once(callers: Callers, client: httpx.AsyncClient) -> None:
    header = _signature(callers.provider_app.notice_secret, _body())
    for again in (header, header, None):
        assert (await _send(callers, client, _body(), again)).status_code == 204
    assert await _kept(callers) == 1
    assert (await _send(callers, client, _body(id="ntc_2"))).status_code == 204
    assert await _kept(callers) == 2


async def test_a_forged_notice_is_refused_and_logged(callers: Callers, client: httpx.AsyncClient) -> None:
    secret, now = callers.provider_app.notice_secret, int(time.time())
    good = _signature(secret, _body())
    with capture_logs() as logs:
        for header in (
            "",
            "nonsense",
            good.replace("v1=", "v0="),
            good.partition(",")[0],
            good.partition(",")[2],
            good[:-1],
            f"t={now},v1=",
            _signature("another secret", _body()),
            _signature("", _body()),
            _signature(secret, _body(account_id="acc-ben")),
            _signature(secret, b""),
            "t=,v1=,t=,v1=",
        ):
            refused(await _send(callers, client, _body(), header), 401, "signature")
    assert await _kept(callers) == 0
    warned = [entry for entry in logs if entry["event"] == "notice.refused"]
    assert len(warned) == 12
    assert warned[0]["app_id"] == str(callers.provider_app.id)
    assert secret not in str(logs)


async def test_a_notice_without_a_signature_is_refused(callers: Callers, client: httpx.AsyncClient) -> None:
    answer = await client.post(f"/notices/sandbox/{callers.provider_app.id}", content=_body())
    refused(answer, 401)


async def test_a_signed_notice_of_another_time_is_refused(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    for seconds in (-301, 301, -86_400, 86_400):
        at = int(time.time()) + seconds + (2 if seconds > 0 else 0)
        header = _signature(callers.provider_app.notice_secret, _body(), at=at)
        refused(await _send(callers, client, _body(), header), 401)
    assert await _kept(callers) == 0


async def test_a_signed_notice_of_some_minutes_ago_is_taken(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    header = _signature(callers.provider_app.notice_secret, _body(), at=int(time.time()) - 240)
    assert (await _send(callers, client, _body(), header)).status_code == 204


async def test_an_absurd_time_in_a_signature_is_refused_and_breaks_nothing(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    for stamp in ("9" * 400, "9" * 5000, "-1", "1e9", "²", "0x10", "NaN", " "):
        answer = await client.post(
            f"/notices/sandbox/{callers.provider_app.id}",
            content=_body(),
            headers=[(b"sandbox-signature", f"t={stamp},v1=00".encode("latin-1"))],
        )
        refused(answer, 401)


async def test_a_notice_for_an_app_that_is_not_there_is_not_found(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    refused(await _send(callers, client, _body(), path=f"/notices/sandbox/{uuid4()}"), 404)
    refused(await _send(callers, client, _body(), path="/notices/sandbox/nonsense"), 404)
    refused(await _send(callers, client, _body(), path="/notices/sandbox/"), 404)
    for provider in ("nobody", "%00", "x" * 3000):
        path = f"/notices/{provider}/{callers.provider_app.id}"
        refused(await _send(callers, client, _body(), path=path), 404)
    assert await _kept(callers) == 0


async def test_a_notice_for_another_providers_app_is_not_found(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    """One vendor's secret must not open the door of another."""
    await callers.db.autocommit.execute("UPDATE provider_apps SET provider = 'OURA'")
    refused(await _send(callers, client, _body()), 404, "provider app")
    assert await _kept(callers) == 0


async def test_one_apps_signature_does_not_open_anothers_door(
    callers: Callers, client: httpx.AsyncClient, keyring: Keyring
) -> None:
    await callers.company("Company A")
    apps = ProviderApps(callers.db.autocommit, keyring)
    own = await apps.put("SANDBOX", client_id="own", client_secret="own", hosts={}, dev_id="company-a")
    assert own.id != callers.provider_app.id
    refused(await _send(callers, client, _body(), path=f"/notices/sandbox/{own.id}"), 401)
    header = _signature(own.notice_secret, _body())
    answer = await _send(callers, client, _body(), header, path=f"/notices/sandbox/{own.id}")
    assert answer.status_code == 204


GARBAGE = [
    b"",
    b"x",
    b"{",
    b"{}",
    b"[]",
    b"null",
    b'"ping"',
    b"\xff\xfe",
    b"[" * 100_000,
    _body(id=None),
    _body(id=7),
    _body(type=["ping"]),
    _body(account_id={}),
    _body(kinds="daily"),
    _body(date="yesterday"),
    _body(occurred_at="soon"),
    b'{"id":"1","type":"ping","account_id":"\\ud800"}',
]


async def test_garbage_is_refused_although_it_is_signed(callers: Callers, client: httpx.AsyncClient) -> None:
    for body in GARBAGE:
        refused(await _send(callers, client, body), 401)
    assert await _kept(callers) == 0


async def test_a_nul_that_no_text_can_hold_costs_itself_alone(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    body = _body(account_id="a\x00b", scopes=["c\x00d"])
    assert (await _send(callers, client, body)).status_code == 204
    content = await callers.db.autocommit.fetchval("SELECT content FROM notices")
    assert (content["account_id"], content["scopes"]) == ("ab", ["cd"])


async def test_a_type_of_notice_we_do_not_know_is_taken_and_forgotten(
    callers: Callers, client: httpx.AsyncClient
) -> None:
    assert (await _send(callers, client, _body(type="battery.low"))).status_code == 204
    assert await _kept(callers) == 0


async def test_kinds_of_data_we_do_not_know_are_left_out(callers: Callers, client: httpx.AsyncClient) -> None:
    assert (await _send(callers, client, _body(kinds=["mood", "sleep"]))).status_code == 204
    content = await callers.db.autocommit.fetchval("SELECT content FROM notices")
    assert content["data_types"] == ["sleep"]


async def test_a_body_that_is_too_large_is_refused(callers: Callers, client: httpx.AsyncClient) -> None:
    refused(await _send(callers, client, b"x" * 3_000_000), 413)
    assert await _kept(callers) == 0


async def test_a_notice_about_an_account_nobody_linked_is_kept_and_tried_again(gateway: Gateway) -> None:
    with capture_logs() as logs:
        http = await gateway.stack.enter_async_context(httpx.AsyncClient(trust_env=False))
        answer = await http.post(
            f"{gateway.url}/notices/sandbox/{gateway.app.id}",
            content=_body(account_id="acc-nobody"),
            headers={
                "sandbox-signature": _signature(gateway.app.notice_secret, _body(account_id="acc-nobody"))
            },
        )
        assert answer.status_code == 204

        async def looked_at() -> Any:
            return await gateway.db.autocommit.fetchrow(
                "SELECT state, outcome, attempts FROM notices WHERE outcome IS NOT NULL"
            )

        row = await eventually(looked_at)

        async def logged() -> list[str]:
            return [entry["outcome"] for entry in logs if entry["event"] == "notice.processed"]

        assert (await eventually(logged))[0] == "not_linked"
    assert (row["state"], row["outcome"]) == ("due", "not_linked")
