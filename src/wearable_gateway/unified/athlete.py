"""Who a wearable's account says its person is."""

from typing import Any

from pydantic import model_validator

from wearable_gateway.unified.common import DeviceData
from wearable_gateway.unified.fields import Group, Whole, with_same_value


class Athlete(Group):
    """`joined_provider` is the SDK's name of `account_creation_date`; `devices` only the SDK knows."""

    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None
    age: Whole | None = None
    date_of_birth: str | None = None
    sex: str | None = None
    gender: str | None = None
    bio: str | None = None
    city: str | None = None
    state: str | None = None
    country: str | None = None
    account_creation_date: str | None = None
    joined_provider: str | None = None
    provider_user_id: str | None = None
    devices: list[DeviceData] | None = None

    @model_validator(mode="before")
    @classmethod
    def _one_beginning(cls, data: Any) -> Any:
        return with_same_value(data, "account_creation_date", "joined_provider")
