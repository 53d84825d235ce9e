"""The people of a place, and of the gateway: every role by every action, and what becomes of those it is done to."""

import asyncio
import re
from collections.abc import Callable

import httpx
import pytest
from fastapi import FastAPI

from tests.web.dashboard.browser import Browser
from tests.web.dashboard.conftest import PASSWORD, Signer
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.invitations import Invitations
from wearable_gateway.developers.operators import create_operator, operators_at
from wearable_gateway.developers.people import People
from wearable_gateway.developers.places import Acting
from wearable_gateway.developers.roles import Operator, OperatorSession, Role
from wearable_gateway.developers.sign_in import sign_in
from wearable_gateway.errors import DisallowedError
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.web.dashboard import cookies

ACME = "/dashboard/acme/people"
OURS = "/dashboard/-/people"
# What differs by itself from one page to the next.
_MADE = re.compile(r'(?:value|datetime)="[^"]*"|[\w-]{43}|[0-9a-f-]{36}|\d\d:\d\d:\d\d')
_LINK = re.compile(r"http://gateway\.test(/dashboard/(?:invitation|link)/[\w-]+)")


def link_in(page: httpx.Response) -> str:
    found = _LINK.search(page.text)
    assert found, page.text
    return found[1]


def another(app: FastAPI) -> Browser:
    """Somebody else's, with cookies of its own."""
    transport = httpx.ASGITransport(app, client=("198.51.100.7", 50000))
    return Browser(httpx.AsyncClient(transport=transport, base_url="http://gateway.test"))


async def actions_at(db: Database, dev_id: str, email: str) -> list[str]:
    return [entry.action for entry in await audit.history(db.autocommit, dev_id, f"operator:{email}")]


ACTIONS: dict[str, Callable[[Operator, str], tuple[str, dict[str, str]]]] = {
    "invite": lambda _mia, _invited: ("", {"email": "new@example.org", "role": "owner"}),
    "renew": lambda _mia, invited: (f"/invitations/{invited}/renew", {}),
    "withdraw": lambda _mia, invited: (f"/invitations/{invited}/withdraw", {}),
    "link": lambda mia, _invited: (f"/{mia.id}/link", {}),
    "sign out": lambda mia, _invited: (f"/{mia.id}/sign-out", {}),
    "role": lambda mia, _invited: (f"/{mia.id}/role", {"role": "owner"}),
    "remove": lambda mia, _invited: (f"/{mia.id}/remove", {}),
}
WHO = {
    "owner here": ("acme", Role.OWNER, True),
    "member here": ("acme", Role.MEMBER, False),
    "read-only here": ("acme", Role.READ_ONLY, False),
    "owner of the gateway": (None, Role.OWNER, True),
    "member of the gateway": (None, Role.MEMBER, False),
    "read-only at the gateway": (None, Role.READ_ONLY, False),
    "owner elsewhere": ("northwind", Role.OWNER, None),
}


@pytest.mark.parametrize("who", WHO)
async def test_owners_do_everything_others_look_and_strangers_see_nothing(
    who: str, db: Database, sign_in: Signer, mia: Operator
) -> None:
    dev_id, role, may = WHO[who]
    actor = await create_operator(db.autocommit, "actor@example.org", None, dev_id, role)
    invitations = Invitations(db.autocommit, "acme", Acting("tests"))
    invited, _ = await invitations.invite("ida@example.org", Role.MEMBER, utc_now())
    browser = await sign_in(actor)
    page = await browser.open(ACME)
    assert page.status_code == (404 if may is None else 200)
    if may is None:
        await browser.open("/dashboard/northwind/people")
    else:
        assert ("Make an invitation" in page.text) == may
        assert (">Withdraw<" in page.text) == may
        assert "ida@example.org" in page.text
        person = await browser.open(f"{ACME}/{mia.id}")
        assert ("Make a sign-in link" in person.text) == may
    before = await audit.history(db.autocommit, "acme", f"operator:{mia.email}")
    for name, call in ACTIONS.items():
        path, fields = call(mia, str(invited.id))
        answer = await browser.submit(ACME + path, **fields)
        expected = {200, 303} if may else {404} if may is None else {403}
        assert answer.status_code in expected, (name, answer.text)
    if not may:
        assert await audit.history(db.autocommit, "acme", f"operator:{mia.email}") == before
        assert mia in await operators_at(db.autocommit, "acme")


async def test_an_invitation_is_made_shown_once_renewed_used_and_gone(
    app: FastAPI, db: Database, sign_in: Signer, olga: Operator
) -> None:
    browser = await sign_in(olga)
    page = await browser.open(ACME)
    assert page.text.count("olga@example.org") > 1
    made = await browser.follow(await browser.submit(ACME, email=" New@Example.org ", role="member"))
    first = link_in(made)
    assert "a place here as member" in made.text
    again = await browser.open(str(made.url))
    assert first not in again.text
    assert "A link is shown once" in again.text
    page = await browser.open(ACME)
    assert "new@example.org" in page.text
    assert first not in page.text
    kept = await db.autocommit.fetch("SELECT i::text FROM invitations i")
    assert first.rpartition("/")[2] not in str(kept)
    invitation_id = re.search(r"/invitations/([\w-]+)/renew", page.text)
    assert invitation_id
    second = link_in(
        await browser.follow(await browser.submit(f"{ACME}/invitations/{invitation_id[1]}/renew"))
    )

    guest = another(app)
    assert (await guest.open(first)).status_code == 403
    for _ in range(2):
        page = await guest.open(second)
        assert page.status_code == 200, "a look changes nothing"
    assert "Join Acme Health" in page.text
    short = await guest.submit(second, password="short")
    assert short.status_code == 422
    assert "12 to 1024 characters" in short.text
    assert (await guest.submit(second, csrf="elsewhere", password=PASSWORD)).status_code == 403
    joined = await guest.submit(second, password=PASSWORD)
    assert joined.headers["location"] == "/dashboard/acme"
    page = await guest.follow(joined)
    assert "new@example.org" in page.text
    assert (await guest.open(ACME)).status_code == 200
    csrf = guest.client.cookies[cookies.FORM]
    for again in (await guest.open(second), await guest.submit(second, csrf=csrf, password=PASSWORD)):
        assert again.status_code == 403
        assert "ask for a new one" in again.text
    token, session = await _sign_in(db, "new@example.org")
    assert [place.role for place in session.operators] == [Role.MEMBER]
    assert token
    assert await actions_at(db, "acme", "new@example.org") == [
        "operator.signed_in", "operator.signed_in", "operator.joined", "operator.invited", "operator.invited",
    ]  # fmt: skip
    await guest.client.aclose()


async def _sign_in(db: Database, email: str, password: str = PASSWORD) -> tuple[str, OperatorSession]:
    return await sign_in(db, email, password, utc_now())


async def test_who_is_signed_in_with_that_address_joins_without_another_password(
    app: FastAPI, db: Database, bob: Operator, olga: Operator
) -> None:
    guest = another(app)
    await guest.log_in(bob.email, PASSWORD)
    before = guest.client.cookies[cookies.SESSION]
    acting = Acting(f"operator:{olga.email}", olga)
    _, token = await Invitations(db.autocommit, "acme", acting).invite(bob.email, Role.READ_ONLY, utc_now())
    page = await guest.open(f"/dashboard/invitation/{token}")
    assert "Join as bob@example.org" in page.text
    assert 'name="password"' not in page.text
    answer = await guest.submit(f"/dashboard/invitation/{token}")
    assert answer.headers["location"] == "/dashboard/acme"
    assert guest.client.cookies[cookies.SESSION] != before
    assert (await guest.open("/dashboard/acme/users")).status_code == 200
    assert (await guest.open("/dashboard/northwind/users")).status_code == 200
    _, session = await _sign_in(db, bob.email)
    assert session.dev_ids == ("northwind", "acme")
    await guest.client.aclose()


async def test_somebody_let_in_by_a_link_needs_a_password_to_join_and_somebody_else_is_told(
    app: FastAPI, db: Database, sign_in: Signer, bob: Operator, mia: Operator
) -> None:
    """Whoever made the link may know the password of that place: it must not open another one."""
    browser = await sign_in(bob)
    invitations = Invitations(db.autocommit, "acme", Acting("tests"))
    _, token = await invitations.invite(bob.email, Role.MEMBER, utc_now())
    path = f"/dashboard/invitation/{token}"
    assert 'name="password"' in (await browser.open(path)).text
    assert (await browser.submit(path)).status_code == 422
    assert (await browser.submit(path, password="a password for acme")).status_code == 303
    assert (await browser.open("/dashboard/northwind/users")).status_code == 200
    _, session = await _sign_in(db, bob.email)
    assert session.dev_ids == ("northwind",)

    other = another(app)
    await other.log_in(mia.email, PASSWORD)
    _, token = await invitations.invite("nina@example.org", Role.MEMBER, utc_now())
    page = await other.open(f"/dashboard/invitation/{token}")
    assert "You are signed in as mia@example.org" in page.text
    await other.submit(f"/dashboard/invitation/{token}", password=PASSWORD)
    assert "nina@example.org" in (await other.open("/dashboard/-/you")).text
    await other.client.aclose()


async def test_an_owner_learns_nothing_of_somebodys_other_places(
    db: Database, app: FastAPI, sign_in: Signer, olga: Operator, bob: Operator
) -> None:
    """Inviting, and every page about somebody, is the same whether the address has a place elsewhere or none."""
    browser = await sign_in(olga)
    pages = []
    for email in (bob.email, "xyz@example.org"):
        await browser.open(ACME)
        invited = await browser.follow(await browser.submit(ACME, email=email, role="member"))
        guest = another(app)
        seen = [invited.text, (await guest.open(link_in(invited))).text, (await browser.open(ACME)).text]
        await guest.submit(link_in(invited), password="another long password")
        person = re.search(
            rf'people/([\w-]+)" aria-label="Details of {email}', (await browser.open(ACME)).text
        )
        assert person
        seen.append((await browser.open(f"{ACME}/{person[1]}")).text)
        await browser.submit(f"{ACME}/{person[1]}/remove")
        pages.append([_MADE.sub("…", one).replace(email, "E") for one in seen])
        await guest.client.aclose()
    assert pages[0] == pages[1]

    # Nor when they were there.
    await create_operator(db.autocommit, bob.email, PASSWORD, "acme", Role.MEMBER)
    guest = another(app)
    await guest.log_in(bob.email, PASSWORD)
    await guest.open("/dashboard/northwind/users")
    at_acme = {
        one.operator.email: one.seen_at
        for one in await People(db.autocommit, "acme", Acting("t")).page(limit=9)
    }
    assert at_acme[bob.email] is None
    await guest.open("/dashboard/acme/users")
    at_acme = {
        one.operator.email: one.seen_at
        for one in await People(db.autocommit, "acme", Acting("t")).page(limit=9)
    }
    assert at_acme[bob.email] is not None
    await guest.client.aclose()


async def test_another_role_and_a_removal_hold_from_the_next_click_on(
    app: FastAPI, db: Database, sign_in: Signer, olga: Operator, bob: Operator
) -> None:
    place = await create_operator(db.autocommit, bob.email, PASSWORD, "acme", Role.MEMBER)
    theirs = another(app)
    await theirs.log_in(bob.email, PASSWORD)
    browser = await sign_in(olga)
    await browser.open(ACME)
    assert (await browser.submit(f"{ACME}/{place.id}/role", role="nonsense")).status_code == 400
    changed = await browser.submit(f"{ACME}/{place.id}/role", role="owner")
    assert "The role was changed" in (await browser.follow(changed)).text
    assert "Make an invitation" in (await theirs.open(ACME)).text

    await Invitations(db.autocommit, "acme", Acting(f"operator:{bob.email}")).invite(
        "friend@example.org", Role.OWNER, utc_now()
    )
    await browser.submit(f"{ACME}/{place.id}/sign-out")
    assert (await theirs.open("/dashboard/acme/users")).status_code == 404
    assert (await theirs.open("/dashboard/northwind/users")).status_code == 200
    theirs.client.cookies.clear()
    await theirs.log_in(bob.email, PASSWORD)
    await browser.open(ACME)
    removed = await browser.submit(f"{ACME}/{place.id}/remove")
    assert "They were removed" in (await browser.follow(removed)).text
    assert (await theirs.open("/dashboard/acme/users")).status_code == 404
    assert (await theirs.open("/dashboard/northwind/users")).status_code == 200
    assert await Invitations(db.autocommit, "acme", Acting("t")).pending() == [], (
        "those they made are gone too"
    )
    assert (await actions_at(db, "acme", bob.email))[:2] == ["operator.removed", "operator.signed_in"]
    (entry,) = [
        entry
        for entry in await audit.history(db.autocommit, "acme", f"operator:{bob.email}")
        if entry.action == "operator.role_changed"
    ]
    assert (entry.actor, entry.before, entry.after) == (
        f"operator:{olga.email}", {"role": "member"}, {"role": "owner"},
    )  # fmt: skip
    assert entry.address == "203.0.113.9"
    await theirs.client.aclose()


async def test_a_link_for_who_forgot_the_password_opens_that_place_alone(
    app: FastAPI, db: Database, sign_in: Signer, olga: Operator, bob: Operator
) -> None:
    place = await create_operator(db.autocommit, bob.email, PASSWORD, "acme", Role.MEMBER)
    browser = await sign_in(olga)
    await browser.open(ACME)
    link = link_in(await browser.follow(await browser.submit(f"{ACME}/{place.id}/link")))
    again = await browser.open(f"{ACME}/{place.id}/link")
    assert link not in again.text
    assert "Make another" in again.text
    theirs = another(app)
    await theirs.open(link)
    await theirs.submit(link)
    assert (await theirs.open("/dashboard/northwind/users")).status_code == 404
    page = await theirs.open("/dashboard/-/you")
    assert 'name="current"' not in page.text
    assert "Northwind" not in page.text
    await theirs.submit("/dashboard/-/you/password", password="a new one for acme")
    _, session = await _sign_in(db, bob.email, "a new one for acme")
    assert session.dev_ids == ("acme",)
    _, session = await _sign_in(db, bob.email)
    assert session.dev_ids == ("northwind",)
    assert 'name="current"' in (await theirs.open("/dashboard/-/you")).text
    await theirs.client.aclose()


async def test_the_last_owner_of_the_gateway_stays_and_that_of_a_developer_can_be_helped(
    db: Database, sign_in: Signer, ann: Operator, olga: Operator
) -> None:
    browser = await sign_in(ann)
    await browser.open(f"{OURS}/{ann.id}")
    for path, fields in (("remove", {}), ("role", {"role": "member"})):
        answer = await browser.submit(f"{OURS}/{ann.id}/{path}", **fields)
        assert answer.status_code == 403
        assert "This is the last owner of the gateway" in answer.text
    assert await operators_at(db.autocommit, None) == [ann]
    assert (await browser.submit(f"{ACME}/{olga.id}/remove")).status_code == 303

    # Without anybody at the gateway nobody could help a developer.
    last = await create_operator(db.autocommit, "last@example.org", None, "acme")
    await db.autocommit.execute("DELETE FROM operators WHERE id = $1", ann.id)
    for change in (People.remove, lambda people, one: people.change_role(one, Role.MEMBER)):
        async with db.transaction() as tx:
            with pytest.raises(DisallowedError, match="last owner"):
                await change(People(tx, "acme", Acting("tests")), last.id)


async def test_two_owners_who_remove_each_other_at_once_are_one_in_the_end(
    db: Database, ann: Operator
) -> None:
    beth = await create_operator(db.autocommit, "beth@example.org", PASSWORD)

    async def remove(actor: Operator, subject: Operator) -> bool:
        try:
            async with db.transaction() as tx:
                await People(tx, None, Acting(f"operator:{actor.email}", actor)).remove(subject.id)
        except DisallowedError:
            return False
        return True

    assert sorted(await asyncio.gather(remove(ann, beth), remove(beth, ann))) == [False, True]
    assert len(await operators_at(db.autocommit, None)) == 1


async def test_who_leaves_is_shown_out(sign_in: Signer, db: Database, olga: Operator) -> None:
    await create_operator(db.autocommit, "other@example.org", None, "acme")
    browser = await sign_in(olga)
    page = await browser.open(f"{ACME}/{olga.id}")
    assert "This is you" in page.text
    left = await browser.submit(f"{ACME}/{olga.id}/remove")
    assert left.headers["location"] == "/dashboard"
    assert (await browser.follow(left)).url.path == "/dashboard/login"


async def test_what_cannot_be_invited_is_said_beside_the_field(sign_in: Signer, olga: Operator) -> None:
    browser = await sign_in(olga)
    await browser.open(ACME)
    for email, says in (
        ("", "e-mail address such as"),
        ("nobody", "e-mail address such as"),
        ("a\x00@b", "e-mail address such as"),
        ("OLGA@example.org", "is an operator already"),
    ):
        answer = await browser.submit(ACME, email=email, role="read_only")
        assert answer.status_code == 422
        assert says in answer.text
    assert 'value="OLGA@example.org"' in answer.text
    assert 'value="read_only" checked' in answer.text


async def test_a_long_list_is_paged(db: Database, sign_in: Signer, olga: Operator) -> None:
    for number in range(101):
        await create_operator(db.autocommit, f"p{number:03}@example.org", None, "acme", Role.READ_ONLY)
    browser = await sign_in(olga)
    first = await browser.open(ACME)
    assert "p098@" in first.text
    assert "p099@" not in first.text
    second = await browser.open(f"{ACME}?after=p098%40example.org")
    assert "p099@" in second.text
    assert "p100@" in second.text
    assert "p098@" not in second.text
