"""Whatever the vendor answers or tells, it is read, left out, or a fault that has a name."""

import json
from typing import Any

import pytest

from tests.providers.garbled import ask_garbled, normalise_anything, read_garbled
from tests.providers.garmin.test_garmin_notices import APP, DAY, NOW
from tests.providers.garmin.vendor import EVERYTHING, Scene
from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.providers._base.notices import Notice, NoticeKind, NoticeRequest
from wearable_gateway.providers._base.reaching import Tokens
from wearable_gateway.providers.garmin import PROVIDER
from wearable_gateway.unified.records import DataType

CHANGE = {"userId": "ada", "permissions": ["HEALTH_EXPORT"], "changeTimeInSeconds": 1_795_154_400}
TOLD: dict[str, Any] = {
    "deregistrations": [{"userId": "bo"}],
    "userPermissionsChange": [CHANGE],
    "dailies": [{"userId": "ada", **DAY, "timeOffsetHeartRateSamples": {"15": 60}}],
    "sleeps": [
        {
            "userId": "ada",
            "summaryId": "x1",
            **DAY,
            "durationInSeconds": 3600,
            "sleepLevelsMap": {"deep": [{"startTimeInSeconds": 1_795_154_400}]},
            "naps": [{"napStartTimeInSeconds": 1_795_200_000}],
        }
    ],
    "pulseox": [
        {"userId": "ada", "callbackURL": "https://apis.garmin.com/wellness-api/rest/pulseox?token=t"}
    ],
}


def told(body: Any) -> list[Notice]:
    return list(PROVIDER.notices(json.dumps(body).encode()))


def test_garbled_notices_are_read_or_refused() -> None:
    whole = NoticeRequest({}, json.dumps(TOLD).encode(), NOW)
    for notice in read_garbled(PROVIDER, whole, APP, seeds=range(400)):
        for kind, documents in notice.documents.items():
            for document in documents:
                normalise_anything(PROVIDER, kind, document)


async def test_garbled_answers_about_an_account_are_faults_with_a_name() -> None:
    asks = (
        lambda odd: PROVIDER.account(odd.client, odd.app, Tokens("a", "r", None, EVERYTHING)),
        lambda odd: PROVIDER.fetch_noticed(odd, _pinged(), [DataType.DAILY]),
    )
    async with Scene().access() as access:
        await ask_garbled(PROVIDER, access, asks, seeds=range(100))


def _pinged() -> Notice:
    url = "https://apis.garmin.com/wellness-api/rest/dailies?token=t"
    return Notice("k", NoticeKind.DATA_CHANGED, "ann", hints={"summaries": "dailies", "url": url})


def test_a_change_of_permissions_that_cannot_be_read_costs_the_others_nothing() -> None:
    found = told({"userPermissionsChange": [{"userId": "ada"}, CHANGE], "dailies": [{"userId": "bo", **DAY}]})
    assert [(notice.kind, notice.account_id) for notice in found] == [
        (NoticeKind.SCOPES_CHANGED, "ada"),
        (NoticeKind.DATA_CHANGED, "bo"),
    ]


@pytest.mark.parametrize("at", [0, -1, 1e12, "soon", None, []])
def test_a_change_of_permissions_at_no_time_is_one_all_the_same(at: Any) -> None:
    (notice,) = told({"userPermissionsChange": [CHANGE | {"changeTimeInSeconds": at}]})
    assert notice.scopes == ("HEALTH_EXPORT",)
    assert notice.occurred_at is None


@pytest.mark.parametrize(
    ("permissions", "scopes"),
    [
        (["HEALTH_EXPORT", None, 7], ("HEALTH_EXPORT",)),
        ({"HEALTH_EXPORT": True, "MCT_EXPORT": "yes"}, ("HEALTH_EXPORT",)),
        ([], ()),
    ],
)
def test_permissions_beside_something_odd_are_read(permissions: Any, scopes: tuple[str, ...]) -> None:
    (notice,) = told({"userPermissionsChange": [CHANGE | {"permissions": permissions}]})
    assert notice.scopes == scopes


@pytest.mark.parametrize("permissions", [{}, {"errorMessage": "no"}, "all", 7])
def test_what_are_no_permissions_are_not_taken_for_none(permissions: Any) -> None:
    with pytest.raises(NoticeRefusedError):
        told({"userPermissionsChange": [CHANGE | {"permissions": permissions}]})


def test_a_summary_too_deep_to_be_kept_is_refused() -> None:
    deep = json.loads("[" * 400 + "]" * 400)
    with pytest.raises(NoticeRefusedError):
        told({"dailies": [{"userId": "ada", **DAY, "more": deep}]})
