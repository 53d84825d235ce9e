"""SANDBOX: the simulated vendor of `wearable_gateway.sandbox`, spoken to as if it were a real one.

Units as that vendor sends them: km, kJ, minutes, local times with an offset.
"""

import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any, ClassVar

import httpx
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wearable_gateway.errors import NoticeRefusedError, ProviderUnavailableError
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.kit.signatures import verify_timed_signature
from wearable_gateway.providers._base.client import get_json
from wearable_gateway.providers._base.documents import read_document
from wearable_gateway.providers._base.provider import (
    AppAccess,
    Notice,
    NoticeKind,
    NoticeRequest,
    OAuth2,
    Provider,
    Tokens,
)
from wearable_gateway.unified.activity import Activity, ActivityMetadata
from wearable_gateway.unified.activity_types import ActivityType
from wearable_gateway.unified.common import (
    ActiveDurationsData,
    CaloriesData,
    DeviceData,
    TimestampLocalization,
    UploadType,
)
from wearable_gateway.unified.daily import Daily, DailyMetadata
from wearable_gateway.unified.distance import DailyDistanceData, DistanceData, DistanceSummary
from wearable_gateway.unified.heart_rate import (
    HeartRateData,
    HeartRateDetailed,
    HeartRateSample,
    HeartRateSummary,
)
from wearable_gateway.unified.records import DataType, Record
from wearable_gateway.unified.sleep import (
    AsleepDurations,
    AwakeDurations,
    BreathsData,
    HypnogramSample,
    OtherSleepDurations,
    RespirationData,
    Sleep,
    SleepDurationsData,
    SleepLevel,
    SleepMetadata,
    SleepScores,
    SleepUploadType,
)

_SLUG = "SANDBOX"
_KJ_PER_KCAL = 4.184
_DAYS_PER_CALL = 31
_DEVICE = DeviceData(name="Sandbox Band", manufacturer="Sandbox Wearables")
_PATHS = {DataType.DAILY: "/v1/days", DataType.ACTIVITY: "/v1/workouts", DataType.SLEEP: "/v1/sleeps"}
_SPORTS = {
    "run": ActivityType.RUNNING,
    "ride": ActivityType.BIKING,
    "walk": ActivityType.WALKING,
    "swim": ActivityType.SWIMMING,
    "yoga": ActivityType.YOGA,
    "strength": ActivityType.STRENGTH_TRAINING,
}
_STAGES = {
    "awake": SleepLevel.AWAKE,
    "light": SleepLevel.LIGHT,
    "deep": SleepLevel.DEEP,
    "rem": SleepLevel.REM,
}
_NOTICES = {
    "data.updated": NoticeKind.DATA_CHANGED,
    "authorization.revoked": NoticeKind.REVOKED,
    "authorization.scopes_changed": NoticeKind.SCOPES_CHANGED,
    "ping": NoticeKind.PING,
}


class _Lenient(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, allow_inf_nan=False)


class _NoticeBody(_Lenient):
    id: str
    type: str
    account_id: str | None = None
    occurred_at: datetime | None = None
    kinds: tuple[str, ...] = ()
    day: date | None = Field(default=None, alias="date")
    scopes: tuple[str, ...] | None = None


class _HeartRate(_Lenient):
    at: datetime
    bpm: float


class _Day(_Lenient):
    day: date = Field(alias="date")
    utc_offset: str
    steps: int | None = None
    floors: int | None = None
    distance_km: float | None = None
    active_energy_kj: float | None = None
    resting_energy_kj: float | None = None
    resting_heart_rate: float | None = None
    average_heart_rate: float | None = None
    max_heart_rate: float | None = None
    heart_rate_series: tuple[_HeartRate, ...] = ()


class _Workout(_Lenient):
    id: str
    started_at: datetime
    ended_at: datetime
    sport: str = ""
    title: str | None = None
    manual: bool = False
    distance_km: float | None = None
    energy_kj: float | None = None
    steps: int | None = None
    average_heart_rate: float | None = None
    max_heart_rate: float | None = None


class _Stage(_Lenient):
    stage: str | None = None
    started_at: datetime | None = None
    minutes: float | None = None


class _Sleep(_Lenient):
    id: str
    started_at: datetime
    ended_at: datetime
    nap: bool | None = None
    stages: tuple[_Stage, ...] = ()
    average_heart_rate: float | None = None
    lowest_heart_rate: float | None = None
    hrv_rmssd_ms: float | None = None
    breaths_per_minute: float | None = None
    efficiency_percent: float | None = None
    score: float | None = None


class Sandbox(Provider):
    slug = _SLUG
    name = "Sandbox Wearables"
    oauth = OAuth2(
        authorize_path="/oauth/authorize",
        token_path="/oauth/token",  # noqa: S106 - a path
        revoke_path="/oauth/revoke",
        scopes=("daily", "activity", "sleep"),
    )
    data_scopes: ClassVar[Mapping[DataType, str]] = {
        DataType.DAILY: "daily",
        DataType.ACTIVITY: "activity",
        DataType.SLEEP: "sleep",
    }
    notices_are_signed = True

    def verify(self, request: NoticeRequest, app: AppAccess) -> None:
        header = request.headers.get("sandbox-signature", "")
        if not verify_timed_signature(header, app.notice_secret, request.body, time.time()):
            raise NoticeRefusedError(_SLUG, "the signature is missing, wrong or older than five minutes")

    def notices(self, body: bytes) -> Sequence[Notice]:
        try:
            read = _NoticeBody.model_validate_json(body)
        except ValidationError as error:
            raise NoticeRefusedError(_SLUG, "the body is not a notice") from error
        kind = _NOTICES.get(read.type)
        if kind is None:
            return []
        return [
            Notice(
                key=read.id,
                kind=kind,
                account_id=read.account_id,
                occurred_at=read.occurred_at,
                data_types=tuple(DataType(name) for name in read.kinds if name in set(DataType)),
                start=read.day,
                end=read.day,
                scopes=read.scopes,
            )
        ]

    async def account_id(self, client: httpx.AsyncClient, tokens: Tokens) -> str:
        if isinstance(stated := tokens.extra.get("account_id"), str):
            return stated
        me = await get_json(_SLUG, client, "/v1/me")
        if not isinstance(me, dict) or not isinstance(me.get("account_id"), str):
            raise ProviderUnavailableError(_SLUG, "the account has no id")
        return str(me["account_id"])

    async def probe(self, client: httpx.AsyncClient) -> None:
        await get_json(_SLUG, client, "/v1/me")

    async def fetch(
        self, client: httpx.AsyncClient, kind: DataType, start: date, end: date
    ) -> Sequence[Mapping[str, Any]]:
        found: list[Mapping[str, Any]] = []
        while start <= end:
            last = min(end, start + timedelta(days=_DAYS_PER_CALL - 1))
            answer = await get_json(
                _SLUG, client, _PATHS[kind], **{"from": start.isoformat(), "to": last.isoformat()}
            )
            items = answer.get("items") if isinstance(answer, dict) else None
            if not isinstance(items, list):
                raise ProviderUnavailableError(_SLUG, "the answer has no items")
            found.extend(item for item in items if isinstance(item, dict))
            start = last + timedelta(days=1)
        return found

    def normalise(self, kind: DataType, document: Mapping[str, Any]) -> Record | None:
        match kind:
            case DataType.DAILY:
                return _daily(read_document(_SLUG, _Day, document))
            case DataType.ACTIVITY:
                return _activity(read_document(_SLUG, _Workout, document))
            case DataType.SLEEP:
                return _sleep(read_document(_SLUG, _Sleep, document))
            case _:
                return None


def _kcal(kilojoules: float | None) -> float | None:
    return None if kilojoules is None else kilojoules / _KJ_PER_KCAL


def _metres(kilometres: float | None) -> float | None:
    return None if kilometres is None else kilometres * 1000


def _daily(day: _Day) -> Record:
    active, resting = _kcal(day.active_energy_kj), _kcal(day.resting_energy_kj)
    start = datetime.fromisoformat(f"{day.day.isoformat()}T00:00:00{day.utc_offset}")
    body = Daily(
        metadata=DailyMetadata(
            start_time=wire_time(start),
            end_time=wire_time(start + timedelta(days=1)),
            upload_type=UploadType.AUTOMATIC,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        calories_data=CaloriesData(
            BMR_calories=resting,
            net_activity_calories=active,
            total_burned_calories=None if active is None or resting is None else active + resting,
        ),
        device_data=_DEVICE,
        distance_data=DailyDistanceData(
            distance_meters=_metres(day.distance_km), steps=day.steps, floors_climbed=day.floors
        ),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                resting_hr_bpm=day.resting_heart_rate,
                avg_hr_bpm=day.average_heart_rate,
                max_hr_bpm=day.max_heart_rate,
            ),
            detailed=HeartRateDetailed(
                hr_samples=[
                    HeartRateSample(timestamp=wire_time(sample.at), bpm=sample.bpm)
                    for sample in day.heart_rate_series
                ]
            ),
        ),
    )
    return Record(DataType.DAILY, day.day.isoformat(), day.day, body.model_dump(mode="json"))


def _activity(workout: _Workout) -> Record:
    body = Activity(
        metadata=ActivityMetadata(
            start_time=wire_time(workout.started_at),
            end_time=wire_time(workout.ended_at),
            summary_id=workout.id,
            type=_SPORTS.get(workout.sport, ActivityType.UNKNOWN),
            upload_type=UploadType.MANUAL if workout.manual else UploadType.AUTOMATIC,
            name=workout.title,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        active_durations_data=ActiveDurationsData(
            activity_seconds=(workout.ended_at - workout.started_at).total_seconds()
        ),
        calories_data=CaloriesData(total_burned_calories=_kcal(workout.energy_kj)),
        device_data=_DEVICE,
        distance_data=DistanceData(
            summary=DistanceSummary(distance_meters=_metres(workout.distance_km), steps=workout.steps)
        ),
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(avg_hr_bpm=workout.average_heart_rate, max_hr_bpm=workout.max_heart_rate)
        ),
    )
    return Record(DataType.ACTIVITY, workout.id, workout.started_at.date(), body.model_dump(mode="json"))


def _sleep(sleep: _Sleep) -> Record:
    body = Sleep(
        metadata=SleepMetadata(
            start_time=wire_time(sleep.started_at),
            end_time=wire_time(sleep.ended_at),
            upload_type=SleepUploadType.AUTOMATIC,
            summary_id=sleep.id,
            is_nap=sleep.nap,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        device_data=_DEVICE,
        heart_rate_data=HeartRateData(
            summary=HeartRateSummary(
                avg_hr_bpm=sleep.average_heart_rate,
                min_hr_bpm=sleep.lowest_heart_rate,
                avg_hrv_rmssd=sleep.hrv_rmssd_ms,
            )
        ),
        respiration_data=RespirationData(
            breaths_data=BreathsData(avg_breaths_per_min=sleep.breaths_per_minute)
        ),
        scores=SleepScores(sleep=sleep.score),
        sleep_durations_data=_durations(sleep),
    )
    # A night is found under the day it ends on, as its vendor shows it.
    return Record(DataType.SLEEP, sleep.id, sleep.ended_at.date(), body.model_dump(mode="json"))


def _durations(sleep: _Sleep) -> SleepDurationsData:
    # Sums of some of the stages would be false; they are stated when each is known, or not at all.
    known = sleep.stages and all(None not in {stage.stage, stage.minutes} for stage in sleep.stages)

    def seconds(*stages: str) -> float | None:
        return (
            sum(stage.minutes or 0 for stage in sleep.stages if stage.stage in stages) * 60 if known else None
        )

    return SleepDurationsData(
        asleep=AsleepDurations(
            duration_asleep_state_seconds=seconds("light", "deep", "rem"),
            duration_deep_sleep_state_seconds=seconds("deep"),
            duration_light_sleep_state_seconds=seconds("light"),
            duration_REM_sleep_state_seconds=seconds("rem"),
        ),
        awake=AwakeDurations(
            duration_awake_state_seconds=seconds("awake"),
            num_wakeup_events=sum(stage.stage == "awake" for stage in sleep.stages) if known else None,
        ),
        other=OtherSleepDurations(
            duration_in_bed_seconds=(sleep.ended_at - sleep.started_at).total_seconds()
        ),
        hypnogram_samples=[
            HypnogramSample(
                timestamp=wire_time(stage.started_at),
                level=_STAGES.get(stage.stage or "", SleepLevel.UNKNOWN),
            )
            for stage in sleep.stages
            if stage.started_at is not None
        ],
        sleep_efficiency=sleep.efficiency_percent,
    )


PROVIDER = Sandbox()
