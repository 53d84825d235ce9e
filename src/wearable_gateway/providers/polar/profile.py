"""`/v3/users/{id}`: who the account says its person is (https://www.polar.com/accesslink-api/#users)."""

from typing import Annotated

from pydantic import Field

from wearable_gateway.providers.polar.document import Day, Document
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.records import ALWAYS, DataType, Record

_SEXES = {"MALE": "male", "FEMALE": "female"}


class User(Document):
    """`registration_date` is the day the account was joined to this client, so it is not when the account began."""

    polar_user_id: Annotated[str, Field(coerce_numbers_to_str=True, min_length=1)]
    first_name: str | None = None
    last_name: str | None = None
    birthdate: Day | None = None
    gender: str | None = None


def athlete(user: User) -> Record:
    body = Athlete(
        provider_user_id=user.polar_user_id,
        first_name=user.first_name,
        last_name=user.last_name,
        date_of_birth=None if user.birthdate is None else user.birthdate.isoformat(),
        sex=_SEXES.get(user.gender or ""),
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))
