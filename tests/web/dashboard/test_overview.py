"""The first page: numbers that are kept, what needs somebody, and what to do when there is nothing yet."""

from datetime import timedelta
from uuid import UUID

import pytest

from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.connections.models import ConnectionState
from wearable_gateway.counts import hours
from wearable_gateway.counts.adding import add
from wearable_gateway.counts.connections import count_connections
from wearable_gateway.counts.models import Subject
from wearable_gateway.db.session import Database
from wearable_gateway.deliveries import destinations
from wearable_gateway.developers.provider_apps import ProviderApps
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import first_uuid7, uuid7
from wearable_gateway.overview.backlog import MOST_COUNTED

PAGE = "/dashboard/acme/overview"


async def count(db: Database) -> None:
    # A little later, when what happened just now is counted.
    now = utc_now() + timedelta(seconds=10)
    while await hours.count_next(db, now=now):
        pass
    await count_connections(db, now=now)


async def happen(db: Database, kind: str, number: int, dev_id: str = "acme") -> None:
    now = utc_now()
    for _ in range(number):
        await db.autocommit.execute(
            "INSERT INTO events (dev_id, id, type, user_id, reference, body, created_at) VALUES ($1, $2, $3, $2, $2, '', $4)",
            dev_id, uuid7(), kind, now,
        )  # fmt: skip


async def attempt(db: Database, destination_id: UUID, outcome: str, number: int) -> None:
    for _ in range(number):
        await db.autocommit.execute(
            "INSERT INTO attempts (dev_id, destination_id, event_id, id, number, at, outcome, duration_ms)"
            " VALUES ('acme', $1, $2, $3, 1, $4, $5, 1)",
            destination_id, uuid7(), uuid7(), utc_now(), outcome,
        )  # fmt: skip


async def add_destination(db: Database, keyring: Keyring, url: str) -> UUID:
    policy = AddressPolicy.allowing_loopback()
    made, _ = await destinations.create(db.autocommit, keyring, policy, "acme", url)
    return made.id


async def queue(db: Database, destination_id: UUID, state: str, number: int, age: timedelta) -> None:
    at = utc_now() - age
    await db.autocommit.execute(
        "INSERT INTO deliveries (dev_id, destination_id, event_id, bucket, state, attempts, next_at)"
        " SELECT 'acme', $1, id, $2, $3, 0, $4 FROM unnest($5::uuid[]) AS u (id)",
        destination_id, destination_id.int % 64, state, at,
        [UUID(int=first_uuid7(at).int + place) for place in range(number)],
    )  # fmt: skip
    await db.autocommit.execute("UPDATE destinations SET waiting_mark = 1 WHERE id = $1", destination_id)


async def test_somebody_new_is_told_the_first_steps(sign_in: Signer, olga: Operator) -> None:
    browser = await sign_in(olga)
    answer = await browser.follow(await browser.open("/dashboard"))
    assert str(answer.url).endswith(PAGE)
    for said in (
        "First steps",
        "Add a destination",
        "generateWidgetSession",
        "dev-id: acme",
        "Nothing is counted yet",
    ):
        assert said in answer.text
    assert "Needs attention" not in answer.text


async def test_who_may_only_look_is_not_asked_to_add_a_destination(sign_in: Signer, rea: Operator) -> None:
    page = (await (await sign_in(rea)).open(PAGE)).text
    assert "Say where events go" in page
    assert "Add a destination" not in page


async def test_what_happened_is_shown(
    sign_in: Signer, olga: Operator, db: Database, keyring: Keyring, connect: Connections
) -> None:
    hook = await add_destination(db, keyring, "http://127.0.0.1:9/acme")
    for number in range(3):
        await connect(f"patient-{number}", provider="OURA")
    await connect("paused", state=ConnectionState.PAUSED)
    await connect("elsewhere", dev_id="northwind", provider="POLAR")
    for kind, number in (("daily", 5), ("auth", 2), ("access_revoked", 1)):
        await happen(db, kind, number)
    await happen(db, "sleep", 4, "northwind")
    await attempt(db, hook, "delivered", 7)
    await attempt(db, hook, "refused", 1)
    async with db.transaction() as session:
        await add(session, Subject.GIVEN_UP, {"acme": 6}, now=utc_now())
    await count(db)
    browser = await sign_in(olga)
    for span in ("24h", "7d", "30d", "nonsense"):
        text = (await browser.open(f"{PAGE}?span={span}")).text
        assert "First steps" not in text
        for said in (
            "daily: 5",
            "auth: 2",
            "87.5 %",
            "given up: 6",
            "connected: 2",
            "revoked: 1",
            "Counted up to",
        ):
            assert said in text, said
        assert "1 paused" in text
        assert "Oura" in text
        assert "Polar" not in text
        assert "sleep" not in text
        assert "Needs attention" not in text


async def test_what_does_not_work_is_named_with_the_way_there(
    sign_in: Signer, olga: Operator, db: Database, keyring: Keyring, connect: Connections
) -> None:
    hooks = [
        await add_destination(db, keyring, f"http://127.0.0.1:9/{name}")
        for name in ("failing", "paused", "fine")
    ]
    now = utc_now()
    await db.autocommit.execute(
        "UPDATE destinations SET failing_since = $2 WHERE id = $1", hooks[0], now - timedelta(hours=7)
    )
    await db.autocommit.execute("UPDATE destinations SET state = 'paused' WHERE id = $1", hooks[1])
    await queue(db, hooks[0], "waiting", MOST_COUNTED // 2 + 3, timedelta(hours=6))
    await queue(db, hooks[1], "waiting", 4, timedelta(minutes=20))
    await db.autocommit.execute("UPDATE destinations SET waiting_mark = NULL WHERE id = $1", hooks[2])
    one = await connect("patient-1")
    gone = await connect("patient-2", state=ConnectionState.REVOKED)
    await db.autocommit.execute(
        "UPDATE connections SET last_error = 'answered 403', last_error_at = $2 WHERE id = ANY ($1)", [one.id, gone.id], now
    )  # fmt: skip
    apps = ProviderApps(db.autocommit, keyring)
    for dev_id, provider in (("acme", "OURA"), (None, "POLAR"), ("northwind", "WHOOP")):
        await apps.put(provider, client_id="x", client_secret="x", hosts={}, dev_id=dev_id)
    await db.autocommit.execute("UPDATE provider_apps SET upkeep_error = 'quota of ' || provider")
    await count(db)
    text = (await (await sign_in(olga)).open(PAGE)).text
    assert "Needs attention" in text
    for said in (
        "http://127.0.0.1:9/failing", "failing since", "7 h ago",
        f"{MOST_COUNTED // 2:,} or more waiting", "6 h ago",
        "4 waiting", f"/dashboard/acme/destinations/{hooks[1]}",
        f"/dashboard/acme/users?selected={one.id}", "answered 403",
        "quota of OURA", "shared app has a problem",
    ):  # fmt: skip
        assert said in text, said
    for secret in ("quota of POLAR", "quota of WHOOP", str(gone.id)):
        assert secret not in text


@pytest.mark.usefixtures("ann")
async def test_who_runs_the_gateway_sees_all_of_it(
    sign_in: Signer, ann: Operator, db: Database, keyring: Keyring, connect: Connections
) -> None:
    hook = await add_destination(db, keyring, "http://127.0.0.1:9/acme")
    await db.autocommit.execute("UPDATE destinations SET failing_since = $1", utc_now() - timedelta(hours=2))
    await queue(db, hook, "due", 12, timedelta(minutes=9))
    await connect("one")
    await connect("two", dev_id="northwind")
    await happen(db, "daily", 2)
    await happen(db, "daily", 3, "northwind")
    await count(db)
    browser = await sign_in(ann)
    answer = await browser.follow(await browser.open("/dashboard"))
    assert str(answer.url).endswith("/dashboard/-/overview")
    for said in ("All developers together", "daily: 5", "/dashboard/northwind/overview", "Overdue deliveries",
                 "9 min ago", f"/dashboard/acme/destinations/{hook}", "Developers by connections"):  # fmt: skip
        assert said in answer.text, said
    assert "First steps" not in answer.text
