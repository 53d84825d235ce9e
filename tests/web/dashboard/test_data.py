"""The data explorer: what is shown of stored records, what is said where there is nothing, and who looked."""

import json
import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from tests.web.dashboard.conftest import Connections, Signer
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.records import RecordRepository
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import first_uuid7
from wearable_gateway.unified.records import ALWAYS, DataType, Record
from wearable_gateway.web.dashboard.data.routes import PAGE_SIZE

DATA = "/dashboard/acme/data"
TODAY = utc_now().date()


def night(day: date, key: str, **more: Any) -> Record:
    body = {
        "metadata": {
            "start_time": f"{day}T22:30:00.000000+05:30", "end_time": f"{day}T23:45:00.000000+05:30", "upload_type": 2,
        },
        "heart_rate_data": {
            "summary": {"avg_hr_bpm": 50 + day.day},
            "detailed": {
                "hr_samples": [
                    {"timestamp": f"{day}T22:{minute}:00.000000+05:30", "bpm": 60 + minute} for minute in range(30, 40)
                ]
            },
        },
        **more,
    }  # fmt: skip
    return Record(DataType.SLEEP, key, day, body)


class Store:
    def __init__(self, db: Database) -> None:
        self._db = db

    async def __call__(self, connection: Connection, *records: Record, keep_since: date = date.min) -> None:
        async with self._db.transaction() as session:
            await RecordRepository(session, connection.dev_id).store(
                connection.id, records[0].type, records, fetch=1, keep_since=keep_since, now=utc_now()
            )


@pytest.fixture
def store(db: Database) -> Store:
    return Store(db)


async def views(db: Database, connection: Connection) -> Sequence[Any]:
    return await db.autocommit.fetch(
        "SELECT actor, after FROM audit_entries WHERE dev_id = $1 AND subject = $2 AND action = $3 ORDER BY id",
        connection.dev_id, f"connection:{connection.id}", audit.VIEWED,
    )  # fmt: skip


async def test_a_user_is_found_and_leads_to_their_data(
    sign_in: Signer, rea: Operator, connect: Connections
) -> None:
    browser = await sign_in(rea)
    assert "No user yet" in (await browser.open(DATA)).text
    wanted, other = await connect("patient-1"), await connect("another")
    await connect("patient-of-others", dev_id="northwind")
    page = (await browser.open(f"{DATA}?text=patient")).text
    assert f'href="{DATA}?user_id={wanted.id}"' in page
    assert str(other.id) not in page
    assert "patient-of-others" not in page
    assert str(other.id) in (await browser.open(DATA)).text
    assert "No user matches" in (await browser.open(f"{DATA}?text=zzz")).text


async def test_records_are_a_table_newest_first_page_by_page_and_who_looked_is_noted_once(
    sign_in: Signer, rea: Operator, connect: Connections, store: Store, db: Database
) -> None:
    connection = await connect("patient-1")
    days = [TODAY - timedelta(days=ago) for ago in range(PAGE_SIZE + 3)]
    await store(connection, *(night(day, f"sleep/{day}&x") for day in days))
    browser = await sign_in(rea)
    path = f"{DATA}?user_id={connection.id}&type=sleep"
    page = (await browser.open(path)).text
    for text in (
        "Health data of an end user", "22:30 +05:30", "average HR", "1/min", "10 samples", "automatic", "Heart rate"
    ):  # fmt: skip
        assert text in page
    seen = []
    while True:
        seen += re.findall(r"key=sleep%2F([0-9-]+)%26x", page)
        older = re.search(r'href="([^"]+)">Older<', page)
        if older is None:
            break
        page = (await browser.open(older[1].replace("&amp;", "&"))).text
    assert seen == [str(day) for day in days]
    await browser.open(f"{path}&view=plot")
    [(actor, after)] = await views(db, connection)
    assert actor == "operator:rea@example.org"
    assert after["type"] == "sleep"
    assert set(after) == {"type", "since", "until"}
    # What is changed of a user, on the users' page, is not mixed with who looked.
    assert await audit.history(db.autocommit, "acme", f"connection:{connection.id}") == []
    await db.autocommit.execute(
        "UPDATE audit_entries SET id = $1 WHERE action = $2",
        first_uuid7(utc_now() - timedelta(minutes=61)), audit.VIEWED,
    )  # fmt: skip
    await browser.open(path)
    assert len(await views(db, connection)) == 2


async def test_a_range_of_days_narrows_the_table(
    sign_in: Signer, rea: Operator, connect: Connections, store: Store
) -> None:
    connection = await connect("patient-1")
    await store(connection, *(night(TODAY - timedelta(days=ago), f"s{ago}") for ago in range(5)))
    since, until = TODAY - timedelta(days=3), TODAY - timedelta(days=1)
    browser = await sign_in(rea)
    for first, last in ((since, until), (until, since)):
        page = (
            await browser.open(f"{DATA}?user_id={connection.id}&type=sleep&since={first}&until={last}")
        ).text
        assert re.findall(r"key=(s\d)", page) == ["s1", "s2", "s3"]


async def test_series_and_figures_are_drawn(
    sign_in: Signer, rea: Operator, connect: Connections, store: Store
) -> None:
    connection = await connect("patient-1")
    await store(connection, *(night(TODAY - timedelta(days=ago), f"s{ago}") for ago in range(3)))
    browser = await sign_in(rea)
    path = f"{DATA}?user_id={connection.id}&type=sleep&view=plot"
    samples = (await browser.open(path)).text
    assert "Heart rate: HR samples" in samples
    assert "90 to 99" in samples
    figures = (await browser.open(f"{path}&field=heart_rate_data.summary.avg_hr_bpm")).text
    assert '<option value="heart_rate_data.summary.avg_hr_bpm" selected>' in figures
    assert figures.count('class="slot"') == 3
    for field in ("metadata.upload_type", "'; DROP", "nothing:here"):
        assert "HR samples" in (await browser.open(f"{path}&field={field}")).text
    bare = Record(DataType.ACTIVITY, "a", TODAY, {"metadata": {"name": "Run", "summary_id": "a"}})
    await store(connection, bare)
    assert "Nothing to draw" in (await browser.open(path.replace("sleep", "activity"))).text


async def test_one_record_is_shown_whole_and_can_be_taken_along(
    sign_in: Signer, rea: Operator, connect: Connections, store: Store, db: Database
) -> None:
    connection = await connect("patient-1")
    record = night(
        TODAY, "../<b>&?", sleep_durations_data={"asleep": {"duration_asleep_state_seconds": 5400}}
    )
    await store(connection, record)
    browser = await sign_in(rea)
    table = (await browser.open(f"{DATA}?user_id={connection.id}&type=sleep")).text
    link = re.search(rf'href="({DATA}/[^"]+key=[^"]+)"', table)
    assert link
    page = (await browser.open(link[1])).text
    assert "1 h 30 min" in page
    assert "&lt;b&gt;" in page
    assert "<b>" not in page
    path, query = link[1].split("?")
    answer = await browser.open(f"{path}/download?{query}")
    assert json.loads(answer.content) == record.body
    assert answer.headers["content-disposition"] == 'attachment; filename="sleep-b.json"'
    assert answer.headers["cache-control"] == "no-store"
    for wrong in (f"{path}?key=other", path, path.replace("sleep", "sleeps") + f"?{query}"):
        assert (await browser.open(wrong)).status_code == 404
    assert len(await views(db, connection)) == 1


async def test_an_athlete_belongs_to_no_day(
    sign_in: Signer, rea: Operator, connect: Connections, store: Store
) -> None:
    connection = await connect("patient-1")
    await store(connection, Record(DataType.ATHLETE, "athlete", ALWAYS, {"first_name": "Ann", "city": None}))
    page = (await (await sign_in(rea)).open(f"{DATA}?user_id={connection.id}&type=athlete")).text
    assert ">Profile<" in page
    assert "9999" not in page.split("<tbody>")[1]


@pytest.mark.parametrize(
    ("settings", "provider", "kind", "says", "can_ask"),
    [
        ({}, "SANDBOX", "activity", "Nothing stored yet", True),
        ({}, "SANDBOX", "sleep", "The end user does not share this", False),
        ({}, "DEXCOM", "sleep", "Dexcom does not deliver this", False),
        ({}, "ELSEWHERE", "sleep", "ELSEWHERE does not deliver this", False),
        ({"history_days": 0}, "SANDBOX", "activity", "Nothing is kept", False),
    ],
)
async def test_where_there_is_nothing_it_says_why(
    *,
    sign_in: Signer,
    mia: Operator,
    connect: Connections,
    db: Database,
    settings: dict[str, Any],
    provider: str,
    kind: str,
    says: str,
    can_ask: bool,
) -> None:
    connection = await connect("patient-1", provider=provider)
    await db.autocommit.execute("UPDATE developers SET settings = $1", settings)
    for view in ("table", "plot"):
        page = await (await sign_in(mia)).open(f"{DATA}?user_id={connection.id}&type={kind}&view={view}")
        assert says in page.text
        assert ("for data</a>" in page.text) is can_ask
    assert await views(db, connection) == []


async def test_what_was_there_and_is_not_kept_is_told_apart(
    sign_in: Signer, rea: Operator, connect: Connections, store: Store
) -> None:
    connection = await connect("patient-1", state=ConnectionState.REVOKED)
    browser = await sign_in(rea)
    path = f"{DATA}?user_id={connection.id}&type=activity"
    assert "has withdrawn access" in (await browser.open(path)).text
    body = {"metadata": {"summary_id": "a"}}
    await store(connection, Record(DataType.ACTIVITY, "a", TODAY, body), keep_since=TODAY + timedelta(days=1))
    assert "not kept any more" in (await browser.open(path)).text
    assert "Too long ago" in (await browser.open(f"{path}&since=2020-01-01&until=2020-01-02")).text
    await store(connection, Record(DataType.ACTIVITY, "b", TODAY - timedelta(days=40), body))
    page = (await browser.open(path)).text
    assert "Nothing on these days" in page
    assert "for data</a>" not in page


@pytest.mark.parametrize(
    "query",
    ["type=x", "since=2026-99-99", "before=2026-01-01", "before=x.y", "view=x", "user_id=x", "text=%00"],
)
async def test_an_address_that_means_nothing_still_opens(
    sign_in: Signer, rea: Operator, connect: Connections, query: str
) -> None:
    connection = await connect("patient-1")
    browser = await sign_in(rea)
    assert (await browser.open(f"{DATA}?user_id={connection.id}&{query}")).status_code == 200


async def test_of_another_developers_user_there_is_nothing(
    sign_in: Signer, bob: Operator, connect: Connections, store: Store, db: Database
) -> None:
    connection = await connect("patient-1")
    await store(connection, night(TODAY, "s"))
    browser = await sign_in(bob)
    for place in ("acme", "northwind"):
        home = f"/dashboard/{place}/data"
        for path in (f"?user_id={connection.id}&type=sleep", f"/{connection.id}/sleep?key=s"):
            assert (await browser.open(home + path)).status_code == 404
        assert (await browser.open(f"{home}/{connection.id}/sleep/download?key=s")).status_code == 404
    assert await views(db, connection) == []
