"""Two companies share a grant, and the person allowed one of them less: it never gets what only the other may have."""

from dataclasses import dataclass
from typing import Any

import pytest

from tests.fakes.linked import Linked, Scene
from tests.fakes.simulated import Stage
from tests.fakes.waiting import eventually


@dataclass(frozen=True)
class Narrow:
    """What B was allowed, and what follows: a kind both get, one that is A's alone, a part of the first that is."""

    name: str
    scopes: tuple[str, ...]
    both: str
    only_a: str
    part: tuple[str, str] | None


CONSENTS = [
    Narrow("garmin", ("HEALTH_EXPORT",), "sleep", "activity", None),
    Narrow("oura", ("daily",), "daily", "activity", ("heart_rate_data", "detailed")),
    Narrow("withings", ("user.metrics", "user.info"), "body", "sleep", ("heart_data", "ecg_signal")),
]


def has_part(records: list[dict[str, Any]], part: tuple[str, str]) -> bool:
    group, name = part
    return any((record.get(group) or {}).get(name) for record in records)


def records(one: Linked, kind: str) -> list[dict[str, Any]]:
    return [record for event in one.heard(kind) for record in event["data"]]


@pytest.mark.parametrize("narrow", CONSENTS, ids=lambda one: one.name)
async def test_who_was_allowed_less_gets_no_more_from_a_grant_that_reaches_further(
    stage: Stage, narrow: Narrow
) -> None:
    scene = await Scene.begin(stage, narrow.name)
    a, b = await scene.company("Company A"), await scene.company("Company B")
    await scene.link(b, scopes=narrow.scopes)
    await scene.link(a)
    await scene.sync(narrow.only_a, [a])
    await scene.sync(narrow.both, [a, b])

    assert not b.heard(narrow.only_a)
    assert (await b.get(narrow.only_a)).status_code == 403
    assert (await a.get(narrow.only_a)).json()["data"]
    (whole, limited) = [(await one.get(narrow.both, with_samples="true")).json()["data"] for one in (a, b)]
    assert limited
    if narrow.part is not None:
        assert has_part(records(a, narrow.both), narrow.part)
        assert not has_part(records(b, narrow.both), narrow.part)
        assert has_part(whole, narrow.part)
        assert not has_part(limited, narrow.part)
    assert b.told() == {"auth": 1}


async def test_history_is_asked_for_in_the_name_of_who_may_have_it(stage: Stage) -> None:
    """The grant may have it, for A's end user allowed it; B's did not."""
    scene = await Scene.begin(stage, "garmin")
    a, b = await scene.company("Company A"), await scene.company("Company B")
    await scene.link(b, scopes=["HEALTH_EXPORT"])
    await scene.link(a)
    before = await scene.calls()
    asked = await b.get("sleep", to_webhook="true")
    assert asked.status_code == 200, asked.text

    async def completed() -> bool:
        found = await stage.db.autocommit.fetchval("SELECT state FROM data_requests")
        return bool(found == "completed")

    await eventually(completed)
    assert await scene.calls() == before
