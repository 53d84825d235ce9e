"""Signing in by OpenID Connect, at a provider that does right and at one that does wrong."""

import time
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

import httpx
import pytest
from joserfc.jwk import RSAKey

from tests.fakes.identity import CLIENT_ID, CLIENT_SECRET, Identity, identity_provider
from tests.fakes.ports import free_port
from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import PASSWORD
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.operators import create_operator, operators_at
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Operator, Role
from wearable_gateway.developers.sign_on import SignOnConfig
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.web.app import AppConfig, create_app
from wearable_gateway.web.dashboard import cookies


@dataclass
class Scene:
    """A gateway that knows one provider, in this process; the provider is elsewhere."""

    identity: Identity
    browser: Browser
    ahead: timedelta = timedelta()

    def clock(self) -> datetime:
        return utc_now() + self.ahead

    async def leave(self, path: str = "/dashboard/login", **fields: str) -> httpx.Response:
        """Press the button; where the browser is sent."""
        await self.browser.open(path)
        return await self.browser.submit("/dashboard/sso", **fields)

    async def at_provider(self, answer: httpx.Response) -> str:
        """The callback that the provider sends the browser to."""
        assert answer.status_code == 303, answer.text
        async with httpx.AsyncClient(trust_env=False) as outside:
            return (await outside.get(answer.headers["location"])).headers["location"]

    async def sign_in(self, path: str = "/dashboard/login", **fields: str) -> httpx.Response:
        callback = await self.at_provider(await self.leave(path, **fields))
        return await self.browser.open(callback.removeprefix("http://gateway.test"))


@pytest.fixture
async def identity() -> AsyncIterator[Identity]:
    async with identity_provider() as made:
        yield made


@pytest.fixture
async def scene(
    request: pytest.FixtureRequest, identity: Identity, database_url: str, keyring: Keyring, hasher: KeyHasher
) -> AsyncIterator[Scene]:
    only = getattr(request, "param", False)
    scene = Scene(identity, Browser(httpx.AsyncClient(trust_env=False)))
    config = AppConfig(
        database_url=database_url,
        public_url="http://gateway.test",
        keyring=keyring,
        hasher=hasher,
        policy=AddressPolicy.allowing_loopback(),
        pool_size=4,
        sign_on=SignOnConfig(identity.issuer, CLIENT_ID, CLIENT_SECRET, "Acme ID", only=only),
        clock=scene.clock,
    )
    app = create_app(config)
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app, client=("203.0.113.9", 50000))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway.test") as client:
            scene.browser = Browser(client)
            yield scene


async def test_who_is_vouched_for_is_signed_in_at_all_their_places(
    scene: Scene, db: Database, ann: Operator
) -> None:
    await create_operator(db.autocommit, ann.email, "another long password", "acme", Role.READ_ONLY)
    page = await scene.browser.open("/dashboard/login")
    assert "Sign in with Acme ID" in page.text
    left = await scene.leave(next="/dashboard/acme/users?state=paused")
    asked = scene.identity.sees(left.headers["location"])
    assert (asked["scope"], asked["code_challenge_method"]) == ("openid email", "S256")
    assert asked["redirect_uri"] == "http://gateway.test/dashboard/sso/callback"
    cookie = left.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert asked["nonce"] not in cookie
    callback = (await scene.at_provider(left)).removeprefix("http://gateway.test")
    answer = await scene.browser.open(callback)
    assert answer.headers["location"] == "/dashboard/acme/users?state=paused"
    page = await scene.browser.open("/dashboard/-/you")
    assert "This gateway" in page.text
    assert "Acme Health" in page.text
    for dev_id in ("acme", audit.GATEWAY):
        (entry,) = await audit.history(db.autocommit, dev_id, f"operator:{ann.email}")
        assert (entry.action, entry.after) == ("operator.signed_in", {"method": "single_sign_on"})

    # What brought them back is used up.
    again = await scene.browser.open(callback)
    assert again.status_code == 403
    assert "begin again" in again.text


async def test_what_the_provider_says_of_itself_is_asked_once_and_new_keys_are_found(
    scene: Scene, ann: Operator
) -> None:
    assert ann.email == scene.identity.email
    for _ in range(3):
        assert (await scene.sign_in()).status_code == 303
        scene.browser.client.cookies.delete(cookies.SESSION)
    assert scene.identity.asked == ["discovery", "keys", "token", "token", "token"]
    scene.identity.turn_key()
    # A minute after they were read they may be read again.
    assert (await scene.sign_in()).status_code == 503
    scene.ahead = timedelta(minutes=1, seconds=1)
    assert (await scene.sign_in()).status_code == 303
    assert scene.identity.asked.count("keys") == 2


async def test_only_the_browser_that_began_comes_back(scene: Scene, ann: Operator) -> None:
    assert ann.email == scene.identity.email
    callback = (await scene.at_provider(await scene.leave())).removeprefix("http://gateway.test")
    scene.browser.client.cookies.clear()
    answer = await scene.browser.open(callback)
    assert answer.status_code == 403
    assert cookies.SESSION not in scene.browser.client.cookies
    # One's own way out does not fit a code from another one's.
    mine = scene.identity.sees((await scene.leave()).headers["location"])["state"]
    theirs = scene.identity.sees(callback)["code"]
    answer = await scene.browser.open(f"/dashboard/sso/callback?state={mine}&code={theirs}")
    assert answer.status_code == 503
    assert cookies.SESSION not in scene.browser.client.cookies


def _wrong(**claims: object) -> Callable[[Identity], None]:
    return lambda identity: identity.claims.update(claims)


def _without(name: str) -> Callable[[Identity], None]:
    return lambda identity: identity.left_out.add(name)


def _alg(name: str) -> Callable[[Identity], None]:
    return lambda identity: setattr(identity, "alg", name)


def _another_key(identity: Identity) -> None:
    identity.signs_with = RSAKey.generate_key(2048, {"kid": "one"})


WRONG: dict[str, tuple[Callable[[Identity], None], int, str]] = {
    "another issuer": (_wrong(iss="https://evil.example"), 503, "does not answer as it should"),
    "for another client": (_wrong(aud="other"), 503, "does not answer as it should"),
    "for several, us not the party": (_wrong(aud=[CLIENT_ID, "other"], azp="other"), 503, "does not answer"),
    "for several, nobody the party": (_wrong(aud=[CLIENT_ID, "other"]), 503, "does not answer"),
    "over": (_wrong(exp=int(time.time()) - 3600), 503, "does not answer as it should"),
    "another nonce": (_wrong(nonce="another"), 503, "does not answer as it should"),
    "no nonce": (_without("nonce"), 503, "does not answer as it should"),
    "no end": (_without("exp"), 503, "does not answer as it should"),
    "not signed": (_alg("none"), 503, "does not answer as it should"),
    "signed with what everybody knows": (_alg("HS256"), 503, "does not answer as it should"),
    "signed by another key": (_another_key, 503, "does not answer as it should"),
    "an address not verified": (_wrong(email_verified=False), 403, "is verified"),
    "an address nobody speaks of": (_without("email_verified"), 403, "is verified"),
    "no address": (_without("email"), 403, "is verified"),
    "an address that is none": (_wrong(email="ann"), 403, "no usable e-mail"),
    "an address that is no text": (_wrong(email=["ann@example.org"]), 403, "is verified"),
}


async def test_an_answer_that_is_not_right_opens_nothing(scene: Scene, ann: Operator) -> None:
    for what, (spoil, status, says) in WRONG.items():
        scene.identity.claims, scene.identity.left_out = {}, set()
        scene.identity.alg, scene.identity.signs_with = "RS256", None
        spoil(scene.identity)
        answer = await scene.sign_in()
        assert answer.status_code == status, what
        assert says in answer.text, what
        assert 'name="password"' in answer.text, "a password still does"
        assert cookies.SESSION not in scene.browser.client.cookies, what
    answer = await scene.browser.log_in(ann.email, PASSWORD)
    assert answer.status_code == 303


async def test_an_address_may_be_told_apart_but_of_nobody_else(scene: Scene, ann: Operator) -> None:
    scene.identity.left_out = {"email", "email_verified"}
    scene.identity.user_info = {"email": ann.email, "email_verified": "true", "sub": "somebody else"}
    assert (await scene.sign_in()).status_code == 503
    scene.identity.user_info["sub"] = "somebody"
    assert (await scene.sign_in()).status_code == 303


async def test_a_provider_that_is_down_or_is_not_one_leaves_passwords_to_work(
    scene: Scene, ann: Operator
) -> None:
    scene.identity.down = True
    answer = await scene.leave()
    assert answer.status_code == 503
    assert "Acme ID does not answer as it should" in answer.text
    scene.identity.down = False
    for facts in (
        {"issuer": "https://evil.example"},
        {"token_endpoint": "http://evil.example"},
        {"jwks_uri": 7},
    ):
        scene.identity.facts = facts
        assert (await scene.leave()).status_code == 503
    assert (await scene.browser.log_in(ann.email, PASSWORD)).status_code == 303


async def test_refusing_at_the_provider_is_said(scene: Scene) -> None:
    state = scene.identity.sees((await scene.leave()).headers["location"])["state"]
    answer = await scene.browser.open(f"/dashboard/sso/callback?state={state}&error=access_denied")
    assert answer.status_code == 403
    assert "Acme ID did not sign you in" in answer.text


@pytest.mark.usefixtures("ann")
async def test_nobody_gets_a_place_but_by_an_invitation_for_their_address(scene: Scene, db: Database) -> None:
    scene.identity.email = "New@Example.org"
    answer = await scene.sign_in()
    assert answer.status_code == 403
    assert "ask for an invitation" in answer.text

    invitations = Invitations(db.autocommit, "acme", Acting("tests"))
    _, others = await invitations.invite("other@example.org", Role.OWNER, utc_now())
    answer = await scene.sign_in(f"/dashboard/invitation/{others}", invitation=others)
    assert answer.status_code == 403
    assert "for another e-mail address" in answer.text
    assert await operators_at(db.autocommit, "acme") == []

    _, own = await invitations.invite("new@example.org", Role.MEMBER, utc_now())
    page = await scene.browser.open(f"/dashboard/invitation/{own}")
    assert "Join with Acme ID" in page.text
    answer = await scene.sign_in(f"/dashboard/invitation/{own}", invitation=own, next="/dashboard/acme")
    assert answer.headers["location"] == "/dashboard/acme"
    assert (await scene.browser.open("/dashboard/acme/users")).status_code == 200
    (joined,) = await operators_at(db.autocommit, "acme")
    assert (joined.email, joined.role) == ("new@example.org", Role.MEMBER)


@pytest.mark.parametrize("scene", [True], indirect=True)
async def test_where_only_single_sign_on_does_passwords_are_refused_everywhere(
    scene: Scene, db: Database, ann: Operator
) -> None:
    page = await scene.browser.open("/dashboard/login")
    assert 'name="password"' not in page.text
    answer = await scene.browser.submit("/dashboard/login", email=ann.email, password=PASSWORD)
    assert answer.status_code == 403
    assert "sign in with Acme ID" in answer.text
    _, token = await Invitations(db.autocommit, "acme", Acting("tests")).invite(
        "n@e.org", Role.OWNER, utc_now()
    )
    page = await scene.browser.open(f"/dashboard/invitation/{token}")
    assert 'name="password"' not in page.text
    answer = await scene.browser.submit(f"/dashboard/invitation/{token}", password=PASSWORD)
    assert answer.status_code == 403
    assert (await scene.sign_in()).status_code == 303
    page = await scene.browser.open("/dashboard/-/you")
    assert 'name="password"' not in page.text
    assert (await scene.browser.submit("/dashboard/-/you/password", password=PASSWORD)).status_code == 403


async def test_without_a_provider_there_is_no_such_page(browser: Browser) -> None:
    page = await browser.open("/dashboard/login")
    assert "/dashboard/sso" not in page.text
    assert (await browser.submit("/dashboard/sso")).status_code == 404
    assert (await browser.open("/dashboard/sso/callback?code=a&state=b")).status_code == 404


def test_half_a_provider_is_refused_at_the_start() -> None:
    def read(issuer: str, client_id: str = "id", *, only: bool = False) -> SignOnConfig | None:
        return SignOnConfig.read(issuer=issuer, client_id=client_id, client_secret="s", name=" ", only=only)

    assert read("") is None
    assert read("https://id.example/") == SignOnConfig("https://id.example/", "id", "s", "single sign-on")
    for issuer, client_id, only in (
        ("", "", True),
        ("http://id.example", "id", False),
        ("id.example", "id", False),
        (f"http://127.0.0.1:{free_port()}", "", False),
    ):
        with pytest.raises(SettingsError):
            read(issuer, client_id, only=only)
