"""What all answers have in common."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field


class Answer(BaseModel):
    """An object with these keys and no others."""

    model_config = ConfigDict(extra="forbid")


UserId = Annotated[UUID, Field(description="Names the connection, here and in every event.")]
ReferenceIdOrNone = Annotated[str | None, Field(description="Your own name for the end user.")]
Moment = Annotated[datetime, Field(examples=["2026-11-20T08:15:00.000000+00:00"])]
