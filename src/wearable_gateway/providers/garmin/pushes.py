"""What does the vendor tell in one body? Summaries of any number of users and kinds, and what became of their consent.

Its own documents are for partners only; this follows their public re-statements, named in docs/providers/garmin.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import Field, ValidationError

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.kit import json
from wearable_gateway.providers.garmin.document import SLUG, Document, Seconds
from wearable_gateway.providers.garmin.summaries import PUSHED, documents
from wearable_gateway.unified.records import DataType

_DEREGISTRATIONS = frozenset({"deregistrations"})
_PERMISSIONS = frozenset({"userPermissionsChange"})
_ALONE = frozenset({"activityDetails"})
"""Summaries of megabytes each: every one is kept, and read, by itself."""


@dataclass(frozen=True, slots=True)
class Deregistration:
    """It says nothing but whose."""

    user: str


@dataclass(frozen=True, slots=True)
class PermissionsChange:
    user: str
    changed: datetime | None
    permissions: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Ping:
    """Summaries called `name` are to be had at `url`."""

    user: str
    name: str
    url: str


@dataclass(frozen=True, slots=True)
class Push:
    user: str
    documents: dict[DataType, list[dict[str, Any]]]


Told = Deregistration | PermissionsChange | Ping | Push


class _Change(Document):
    user: str = Field(alias="userId")
    changed: Seconds | None = Field(default=None, alias="changeTimeInSeconds")
    permissions: list[str] | dict[str, bool]


def read_pushes(body: bytes) -> list[Told]:
    """What `body` tells of each user; the summaries of one are together. Raises NoticeRefusedError."""
    pushes = _pushes(body)
    told: list[Told] = [Deregistration(item["userId"]) for _, item in _items(pushes, _DEREGISTRATIONS)]
    told.extend(_change(item) for _, item in _items(pushes, _PERMISSIONS))
    of_users: dict[str, Push] = {}
    for name, item in _items(pushes, PUSHED):
        user, url = item["userId"], item.get("callbackURL")
        if isinstance(url, str):
            told.append(Ping(user, name, url))
            continue
        push = Push(user, {}) if name in _ALONE else of_users.setdefault(user, Push(user, {}))
        for kind, document in documents(name, item):
            push.documents.setdefault(kind, []).append(document)
        if name in _ALONE:
            told.append(push)
    return [*told, *of_users.values()]


def permissions_in(answer: object) -> tuple[str, ...]:
    """The permissions a user gave, which the vendor writes as a list, as an object around one, or as truth values."""
    if isinstance(answer, Mapping):
        answer = answer.get("permissions", answer)
    if isinstance(answer, Mapping):
        answer = [name for name, given in answer.items() if given is True]
    if not isinstance(answer, list):
        return ()
    return tuple(name for name in answer if isinstance(name, str))


def _pushes(body: bytes) -> Mapping[str, Any]:
    try:
        pushes = json.load(body)
    except ValueError as error:
        raise NoticeRefusedError(SLUG, "the body is not JSON") from error
    if not isinstance(pushes, dict):
        raise NoticeRefusedError(SLUG, "the body is not an object")
    return pushes


def _items(pushes: Mapping[str, Any], names: frozenset[str]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    for name, items in pushes.items():
        if name not in names or not isinstance(items, list):
            continue
        for item in items:
            if isinstance(item, dict) and isinstance(item.get("userId"), str):
                yield name, item


def _change(item: Mapping[str, Any]) -> PermissionsChange:
    try:
        read = _Change.model_validate(item)
    except ValidationError as error:
        raise NoticeRefusedError(SLUG, "a change of permissions cannot be read") from error
    changed = None if read.changed is None else datetime.fromtimestamp(read.changed, UTC)
    return PermissionsChange(read.user, changed, permissions_in(read.permissions))
