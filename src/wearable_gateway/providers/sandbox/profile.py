"""`/v1/profile`: who the account says its person is."""

from datetime import date

from wearable_gateway.providers.sandbox.document import Document
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.common import DeviceData
from wearable_gateway.unified.records import ALWAYS, DataType, Record


class Device(Document):
    model: str | None = None
    maker: str | None = None
    serial: str | None = None
    firmware: str | None = None


class Profile(Document):
    account_id: str
    given_name: str | None = None
    family_name: str | None = None
    email: str | None = None
    sex: str | None = None
    born_on: date | None = None
    age: int | None = None
    about: str | None = None
    town: str | None = None
    region: str | None = None
    country: str | None = None
    joined_on: date | None = None
    devices: tuple[Device, ...] = ()


def athlete(profile: Profile) -> Record:
    body = Athlete(
        provider_user_id=profile.account_id,
        first_name=profile.given_name,
        last_name=profile.family_name,
        email=profile.email,
        sex=profile.sex,
        date_of_birth=_text(profile.born_on),
        age=profile.age,
        bio=profile.about,
        city=profile.town,
        state=profile.region,
        country=profile.country,
        account_creation_date=_text(profile.joined_on),
        devices=[
            DeviceData(
                name=device.model,
                manufacturer=device.maker,
                serial_number=device.serial,
                software_version=device.firmware,
            )
            for device in profile.devices
        ],
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))


def _text(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
