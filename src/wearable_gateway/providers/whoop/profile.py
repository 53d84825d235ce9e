"""`/v2/user/profile/basic`: who the account says its person is."""

from wearable_gateway.providers.whoop.document import Document
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.records import ALWAYS, DataType, Record


class Profile(Document):
    user_id: int
    email: str | None = None
    first_name: str | None = None
    last_name: str | None = None


def athlete(profile: Profile) -> Record:
    body = Athlete(
        provider_user_id=str(profile.user_id),
        email=profile.email,
        first_name=profile.first_name,
        last_name=profile.last_name,
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))
