"""`/athlete`: who the account says its person is."""

from wearable_gateway.providers.strava.document import Document, Moment, Text
from wearable_gateway.unified.athlete import Athlete
from wearable_gateway.unified.records import ALWAYS, DataType, Record

_SEXES = {"M": "male", "F": "female"}


class Profile(Document):
    id: int
    firstname: Text = None
    lastname: Text = None
    bio: Text = None
    city: Text = None
    state: Text = None
    country: Text = None
    sex: Text = None
    created_at: Moment | None = None


def athlete(profile: Profile) -> Record:
    body = Athlete(
        provider_user_id=str(profile.id),
        first_name=profile.firstname,
        last_name=profile.lastname,
        bio=profile.bio,
        city=profile.city,
        state=profile.state,
        country=profile.country,
        sex=_SEXES.get(profile.sex or ""),
        account_creation_date=None if profile.created_at is None else profile.created_at.date().isoformat(),
    )
    return Record(DataType.ATHLETE, "athlete", ALWAYS, body.model_dump(mode="json"))
