"""Users as an operator's programs see them, and why one has no data."""

from typing import Any, Literal
from uuid import UUID

from pydantic import Field

from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.wire import detailed_user
from wearable_gateway.diagnosis.checks import Diagnosis, Verdict
from wearable_gateway.kit.clock import wire_time
from wearable_gateway.web.answers.base import Answer, Moment
from wearable_gateway.web.answers.users import DetailedUser


class AdminUser(DetailedUser):
    """One end user's connection to one wearable account, with how it fares."""

    state: ConnectionState
    consented_scopes: str | None = Field(description="What the end user agreed to, whether it holds or not.")
    last_error: str | None = Field(description="Why the provider refused last; null: it did not.")
    last_error_at: Moment | None


class CheckAnswer(Answer):
    key: str = Field(examples=["scopes"])
    title: str
    verdict: Verdict
    text: str = Field(description="What is so.")
    advice: str | None = Field(description="What to do, where there is something to do.")


class DiagnosisAnswer(Answer):
    """Why there is no data: each step of its way, and what is known of it."""

    verdict: Verdict
    summary: str
    checks: list[CheckAnswer]


class UserList(Answer):
    status: Literal["success"]
    users: list[AdminUser]
    next: UUID | None = Field(
        description="What to give as `after` for those that follow; null: that was all."
    )


class OneUser(Answer):
    status: Literal["success"]
    user: AdminUser
    diagnosis: DiagnosisAnswer


class ChangedUser(Answer):
    status: Literal["success"]
    user: AdminUser


class RemovedUser(Answer):
    status: Literal["success"]
    dry_run: bool = Field(description="true: nothing was done.")
    user: AdminUser = Field(description="As it was before.")


def user_fields(connection: Connection) -> dict[str, Any]:
    at = connection.last_error_at
    return {
        **detailed_user(connection),
        "state": connection.state.value,
        "consented_scopes": ",".join(connection.consented_scopes) or None,
        "last_error": connection.last_error,
        "last_error_at": wire_time(at) if at else None,
    }


def diagnosis_fields(diagnosis: Diagnosis) -> dict[str, Any]:
    return {
        "verdict": diagnosis.verdict.value,
        "summary": diagnosis.summary,
        "checks": [
            {
                "key": check.key,
                "title": check.title,
                "verdict": check.verdict.value,
                "text": check.text,
                "advice": check.advice,
            }
            for check in diagnosis.checks
        ],
    }
