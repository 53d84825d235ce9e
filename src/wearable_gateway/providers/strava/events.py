"""What the vendor pushes: that an activity came, changed or went, or that an athlete took their consent back.

https://developers.strava.com/docs/webhooks/#event-data
"""

import hashlib
import json
from datetime import UTC, datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, Field

from wearable_gateway.providers.strava.document import Document

_LAST_SECOND = 7_258_118_400  # the year 2200
Number = Annotated[int, Field(ge=0, lt=2**63)]
Updates = Annotated[dict[str, Any], BeforeValidator(lambda value: value if isinstance(value, dict) else {})]


class Event(Document):
    object_type: str
    object_id: Number
    aspect_type: str
    owner_id: Number
    subscription_id: Number | None = None
    event_time: Annotated[int, Field(ge=0, le=_LAST_SECOND)]
    updates: Updates = Field(default={})

    @property
    def key(self) -> str:
        """The same for each attempt of one push. What was changed, such as a title, goes in as a digest only."""
        updates = hashlib.sha256(json.dumps(self.updates, sort_keys=True).encode()).hexdigest()
        return f"{self.object_type}/{self.object_id}/{self.aspect_type}/{self.owner_id}/{self.event_time}/{updates}"

    @property
    def occurred_at(self) -> datetime:
        return datetime.fromtimestamp(self.event_time, UTC)

    @property
    def is_of_activity(self) -> bool:
        return self.object_type == "activity"

    @property
    def ends_consent(self) -> bool:
        """The documentation shows no body of this event; clients have seen the text "false"."""
        if self.object_type != "athlete":
            return False
        return self.aspect_type == "delete" or str(self.updates.get("authorized")).lower() == "false"
