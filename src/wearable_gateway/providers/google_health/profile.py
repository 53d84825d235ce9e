"""`identity`, `profile` and `pairedDevices`: what the account says of its person."""

from typing import Annotated

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.google_health.document import CivilDate, Document, Moment
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.common import DeviceData
from wearable_gateway.unified.records import ALWAYS, DataType, Record


class Identity(Document):
    health_user_id: str | None = None


class Profile(Document):
    age: Annotated[int, Field(gt=0, lt=150)] | None = None
    membership_start_date: CivilDate | None = None


class PairedDevice(Document):
    device_version: str | None = None
    last_sync_time: Moment | None = None


class Person(Document):
    identity: Identity = Identity()
    profile: Profile = Profile()
    paired_devices: tuple[PairedDevice, ...] = ()


def athlete(person: Person) -> Record:
    joined = person.profile.membership_start_date
    body = Athlete(
        provider_user_id=person.identity.health_user_id,
        age=person.profile.age,
        account_creation_date=None if joined is None else joined.isoformat(),
        devices=[
            DeviceData(
                name=device.device_version,
                last_upload_date=None if device.last_sync_time is None else wire_time(device.last_sync_time),
            )
            for device in person.paired_devices
        ]
        or None,
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))
