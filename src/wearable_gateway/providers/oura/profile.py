"""`personal_info` and `ring_configuration`: who the account says its person is, and which rings they wear."""

from datetime import UTC, date, datetime, timedelta

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.oura.document import Document, Moment
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.body import Body, MeasurementDataSample, MeasurementsData
from wearable_gateway.unified.common import DeviceData, SpanMetadata
from wearable_gateway.unified.records import ALWAYS, DataType, Record

_FIRST_RING = datetime(2013, 1, 1, tzinfo=UTC)
"""The vendor's first year; a ring that says 1970 does not know when it was set up."""
_CM_PER_M = 100


class Ring(Document):
    hardware_type: str | None = None
    firmware_version: str | None = None
    set_up_at: Moment | None = None


class Profile(Document):
    """`rings` is what `ring_configuration` lists, put there by our own fetch."""

    id: str = Field(min_length=1)
    age: int | None = Field(default=None, gt=0, le=150)
    biological_sex: str | None = None
    email: str | None = None
    rings: tuple[Ring, ...] = ()


class Stature(Document):
    """The profile once more, of the day it was read on: the vendor keeps no history of it."""

    read_on: date = Field(lt=date.max)
    weight: float | None = Field(default=None, gt=0, le=700)
    height: float | None = Field(default=None, ge=0.3, le=3)
    """In metres; what is no height of a person in metres is in a unit we do not know."""


def athlete(profile: Profile) -> Record:
    body = Athlete(
        provider_user_id=profile.id,
        age=profile.age,
        sex=profile.biological_sex,
        email=profile.email,
        devices=[_device(ring) for ring in profile.rings] or None,
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))


def body(stature: Stature) -> Record | None:
    """What the profile says of weight and height; None when it says nothing."""
    if stature.weight is None and stature.height is None:
        return None
    sample = MeasurementDataSample(
        weight_kg=stature.weight,
        height_cm=None if stature.height is None else round(stature.height * _CM_PER_M, 2),
    )
    record = Body(
        metadata=SpanMetadata(
            start_time=_midnight(stature.read_on), end_time=_midnight(stature.read_on + timedelta(days=1))
        ),
        measurements_data=MeasurementsData(measurements=[sample]),
    )
    return Record(DataType.BODY, stature.read_on.isoformat(), stature.read_on, record.model_dump(mode="json"))


def _midnight(day: date) -> str:
    return f"{day.isoformat()}T00:00:00.000000"


def _device(ring: Ring) -> DeviceData:
    known = ring.set_up_at is not None and ring.set_up_at >= _FIRST_RING
    return DeviceData(
        name="Oura Ring",
        manufacturer="Oura",
        hardware_version=ring.hardware_type,
        software_version=ring.firmware_version,
        activation_timestamp=wire_time(ring.set_up_at) if ring.set_up_at and known else None,
    )
