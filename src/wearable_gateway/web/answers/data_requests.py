"""What became of a request for data."""

from datetime import date
from typing import Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.data_requests.models import RequestState, WindowState
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.answers.base import Answer, Moment, UserId


class RequestWindow(Answer):
    """A part of the days asked for, fetched by itself."""

    start_date: date
    end_date: date
    state: WindowState
    attempts: int
    records: int
    reason: str | None = Field(description="Why the last attempt brought nothing.")
    retrying_at: Moment | None


class DataRequestAnswer(Answer):
    status: Literal["success"]
    reference: UUID
    state: RequestState = Field(
        description="`processing`, `sending` once every part was fetched, then `completed`; or `failed`."
    )
    reason: str | None = Field(description="Why it failed, or a part of it did.")
    type: DataType
    user_id: UserId
    start_date: date
    end_date: date
    with_samples: bool
    created_at: Moment
    finished_at: Moment | None
    expected_payloads: int | None = Field(description="null until it is known.")
    deliveries_due: int = Field(description="Deliveries that still have to succeed.")
    undelivered_payloads: int = Field(description="Payloads that some destination never took.")
    windows: list[RequestWindow]
