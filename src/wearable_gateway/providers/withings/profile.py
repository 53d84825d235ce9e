"""`getdevice`: the devices of an account, all that the vendor tells of its person."""

from wearable_gateway.providers.withings.devices import maker_of
from wearable_gateway.providers.withings.document import Document, Id, Moment, Zoned
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.common import DeviceData
from wearable_gateway.unified.records import ALWAYS, DataType, Record


class Device(Zoned):
    model: str | None = None
    fw: str | None = None
    last_session_date: Moment | None = None


class Profile(Document):
    """The devices, and what `fetch` adds: the vendor has no profile for an app to read."""

    userid: Id | None = None
    devices: tuple[Device, ...] = ()


def athlete(profile: Profile) -> Record:
    body = Athlete(provider_user_id=profile.userid, devices=[_device(device) for device in profile.devices])
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))


def _device(device: Device) -> DeviceData:
    seen = device.last_session_date
    return DeviceData(
        name=device.model,
        manufacturer=maker_of(device.model),
        software_version=device.fw,
        last_upload_date=None if seen is None else device.at(seen),
    )
