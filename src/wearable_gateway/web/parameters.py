"""What developers put into paths, queries and bodies, as the OpenAPI document tells them.

Only told here: what a value must be is checked once, by whoever uses it, and told in its words.
"""

from typing import Annotated, Any

from fastapi import Path, Query
from pydantic import WithJsonSchema

from wearable_gateway.connections.reference_ids import LONGEST as LONGEST_REFERENCE_ID
from wearable_gateway.developers.redirect_urls import LONGEST as LONGEST_URL
from wearable_gateway.providers import PROVIDERS

PROVIDER = min(PROVIDERS)
USER_ID = "01a20425-b71b-77e5-9bd9-d8a42cd85b62"
_UUID = {"type": "string", "format": "uuid"}
_CONTROL = r"\x00-\x1f\x7f-\x9f\u2028\u2029"
_REFERENCE_ID = {
    "type": "string",
    "maxLength": LONGEST_REFERENCE_ID,
    "pattern": rf"^([^\s{_CONTROL}]([^{_CONTROL}]*[^\s{_CONTROL}])?)?$",
}
# 1970-01-01 to 2100-12-31, as the day or as the first second of it.
_DATE = {
    "anyOf": [
        {"type": "string", "format": "date", "pattern": r"^(19[7-9]\d|20\d\d|2100)-\d{2}-\d{2}$"},
        {
            "type": "string",
            "pattern": r"^([0-3]\d{9}|40\d{8}|41[0-2]\d{7}|413[0-2]\d{6}|4133[0-8]\d{5}|41339[0-7]\d{4})$",
        },
    ]
}


def text(schema: dict[str, Any]) -> Any:
    """A string that is told to be `schema`."""
    return WithJsonSchema(schema)


Uuid = Annotated[str, text(_UUID)]
MaybeUuid = Annotated[str, text({"anyOf": [_UUID, {"const": ""}]})]
"""Where an empty text means none."""
DevId = Annotated[str, text({"type": "string", "pattern": "^([A-Za-z0-9][A-Za-z0-9-]{0,62})?$"})]
ReferenceId = Annotated[str, text(_REFERENCE_ID)]
RedirectUrl = Annotated[
    str,
    text(
        {
            "type": "string",
            "maxLength": LONGEST_URL,
            "pattern": r"^([A-Za-z][A-Za-z0-9+.-]*:[^\s\\\x00-\x1f\x7f-\x9f]*)?$",
        }
    ),
]
Language = Annotated[
    str,
    text(
        {
            "type": "string",
            "maxLength": 35,
            "pattern": "^([A-Za-z]{2,3}([_-][A-Za-z0-9]{2,8})*)?$",
        }
    ),
]
_Date = Annotated[str, text(_DATE)]

UserIdQuery = Annotated[Uuid, Query(description="The `user_id` of a connection.", examples=[USER_ID])]
OptionalUserIdQuery = Annotated[
    Uuid | None, Query(description="The `user_id` of a connection.", examples=[USER_ID])
]
ReferenceIdQuery = Annotated[
    ReferenceId | None,
    Query(
        description=(
            f"Your own name for an end user: at most {LONGEST_REFERENCE_ID} characters, no control characters,"
            " no space at either end."
        ),
        examples=["ann@example.org"],
    ),
]
StartDate = Annotated[
    _Date,
    Query(
        description=(
            "The first day, in the end user's local time: `YYYY-MM-DD`, or 10 digits of Unix seconds. Not in the"
            " future, except of planned workouts."
        ),
        examples=["2026-11-01"],
    ),
]
EndDate = Annotated[
    _Date | None,
    Query(
        description=(
            "The last day, included; today when absent. Not before `start_date`, and at most 1,825 days after it."
        ),
        examples=["2026-11-07"],
    ),
]
ToWebhook = Annotated[
    bool,
    Query(
        description=(
            "`true`: the data is sent to your destinations, under the `reference` of the answer. `false`: the data is"
            " the answer, unless the days reach over more than a calendar month."
        )
    ),
]
WithSamples = Annotated[
    bool, Query(description="Whether time series, such as every heart rate, come with the data.")
]
UserIdPath = Annotated[Uuid, Path(description="The `user_id` of a connection.", examples=[USER_ID])]
Reference = Annotated[
    Uuid, Path(description="The `reference` that asking for data answered with.", examples=[USER_ID])
]
