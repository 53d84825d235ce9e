"""A developer's name, logo and colour on the pages of its end users."""

import httpx
import pytest

from tests.fakes.pictures import JPEG, PNG, WEBP
from tests.web.callers import Caller, Callers, refused
from tests.web.connect_pages import Stage, links
from tests.web.pages import careful, page
from wearable_gateway.developers import audit
from wearable_gateway.developers.admin_tokens import issue_admin_token

PATH = "/admin/v1/developers/company-a/logo"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'


@pytest.fixture
async def stage(callers: Callers, a: Caller) -> Stage:
    made = Stage(callers, a)
    await made.provider("POLAR")
    return made


@pytest.fixture
async def admin(callers: Callers, client: httpx.AsyncClient) -> httpx.AsyncClient:
    _, token = await issue_admin_token(callers.db.autocommit, callers.hasher, "tests", actor="operator:tests")
    client.headers["authorization"] = f"Bearer {token}"
    return client


async def test_a_logo_is_shown_replaced_and_taken_away(stage: Stage, admin: httpx.AsyncClient) -> None:
    session = await stage.session()
    assert 'class="emblem monogram" aria-hidden="true">C<' in page(await admin.get(session))
    addresses = []
    for content, kind in (
        (PNG, "image/png"),
        (JPEG, "image/jpeg"),
        (WEBP, "image/webp"),
        (WEBP, "image/webp"),
    ):
        made = await admin.put(PATH, content=content, headers={"content-type": "text/html"})
        assert made.status_code == 200, made.text
        assert made.json()["media_type"] == kind
        address = made.json()["logo_url"].removeprefix("http://gateway.test")
        assert f'src="{address}"' in page(await admin.get(session))
        shown = await admin.get(address)
        assert (shown.status_code, shown.content, shown.headers["content-type"]) == (200, content, kind)
        assert shown.headers["cache-control"] == "public, max-age=31536000, immutable"
        assert shown.headers["x-content-type-options"] == "nosniff"
        addresses.append(address)
    assert len(set(addresses)) == 3
    assert (await admin.get(addresses[0])).status_code == 404
    assert (await admin.delete(PATH)).status_code == (await admin.delete(PATH)).status_code == 204
    page(await admin.get(addresses[-1]), 404)
    assert "monogram" in page(await admin.get(session))
    entries = await audit.history(stage.callers.db.autocommit, "company-a", "developer:company-a")
    assert [entry.action for entry in entries] == ["logo.removed", *["logo.changed"] * 3]
    assert entries[0].before == entries[1].after
    assert entries[0].actor.startswith("admin-token:")


async def test_what_is_no_picture_or_too_large_is_refused(
    stage: Stage, admin: httpx.AsyncClient, callers: Callers
) -> None:
    del stage
    for content in (
        b"",
        SVG,
        b"\x89PNG\r\n\x1a\n",
        b"RIFF",
        b"GIF89a" + bytes(50),
        PNG + bytes(200 * 1024),
        b"\xff",
    ):
        refused(await admin.put(PATH, content=content), 400, "invalid logo: a PNG, JPEG or WebP")
    refused(await admin.put(PATH, content=PNG + bytes(3_000_000)), 413)
    refused(await admin.put(PATH.replace("company-a", "nobody"), content=PNG), 404)
    refused(await admin.delete(PATH.replace("company-a", "nobody")), 404)
    async with callers.http() as stranger:
        refused(await stranger.put(PATH, content=PNG), 401)
        refused(await stranger.delete(PATH), 401)


async def test_a_logo_has_no_other_address(stage: Stage, admin: httpx.AsyncClient) -> None:
    del stage
    digest = (await admin.put(PATH, content=PNG)).json()["logo_url"].rpartition("/")[2]
    for dev_id, name in (
        ("company-b", digest),
        ("company-a", digest[:-1]),
        ("company-a", "%00"),
        ("%ff", digest),
    ):
        page(await admin.get(f"/connect/brand/{dev_id}/{name}"), 404)


async def test_a_colour_is_a_style_of_this_origin(stage: Stage, client: httpx.AsyncClient) -> None:
    session = await stage.session()
    assert links(await client.get(session), '/connect/brand/[^"]+') == []
    await stage.choose(brand_color="#FFe600")
    for path in (session, f"{session}/POLAR"):
        assert links(await client.get(path), '/connect/brand/[^"]+') == ["/connect/brand/ffe600.css"]
    style = await client.get("/connect/brand/ffe600.css")
    assert (style.status_code, style.headers["content-type"]) == (200, "text/css; charset=utf-8")
    assert "--brand: #ffe600;" in style.text
    assert "--brand-ink: #000000;" in style.text
    assert style.text.count("{") == style.text.count("}")
    for name in ("red", "%23ffe600", "ffe600;", "ffe60", "%00"):
        page(await client.get(f"/connect/brand/{name}.css"), 404)


async def test_names_that_mean_harm_are_only_names(stage: Stage, client: httpx.AsyncClient) -> None:
    bad = "<img src=x onerror=alert(1)>{0}{provider}\u202e"
    await stage.callers.db.autocommit.execute("UPDATE developers SET name = $1", bad)
    reference = '"><script>alert(1)</script>'
    await stage.callers.connected(stage.caller, "acc-1", reference)
    session = await stage.session(reference_id=reference, show_disconnect=True)
    await stage.callers.db.autocommit.execute("UPDATE flows SET failure_url = NULL")
    (ask,) = links(await client.get(session), '/connect/[^/]+/disconnect/[^"]+')
    for path in (session, f"{session}/POLAR", ask, f"{session}?q={bad}", f"{session}?disconnected=<b>"):
        answer = await client.get(path)
        shown = page(answer)
        assert "<img src=x" not in shown
        assert "<script>" not in shown
        careful(answer)
    await stage.callers.db.autocommit.execute("UPDATE flows SET expires_at = created_at")
    assert "<img src=x" not in page(await client.get(session), 200, "This link has expired")
