"""`/v3/users/self/devices`: all that Dexcom says about who somebody is, and what they wear."""

from pydantic import Field

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.dexcom.document import Document, Moment, device
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.records import ALWAYS, DataType, Record


class Device(Document):
    transmitter: str | None = Field(default=None, alias="transmitterGeneration")
    last_upload: Moment | None = Field(default=None, alias="lastUploadDate")


class Devices(Document):
    user_id: str | None = Field(default=None, alias="userId")
    records: tuple[Device, ...] = ()


def athlete(answer: Devices) -> Record:
    body = Athlete(
        provider_user_id=answer.user_id,
        devices=[
            device(worn.transmitter).model_copy(
                update={"last_upload_date": wire_time(worn.last_upload) if worn.last_upload else None}
            )
            for worn in answer.records
        ],
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))
