"""What does the vendor tell in one body? Summaries of any number of users and kinds, and what became of their consent.

Its own documents are for partners only; this follows their public re-statements, named in docs/providers/garmin.md.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from pydantic import Field

from wearable_gateway.errors import NoticeRefusedError
from wearable_gateway.kit import json
from wearable_gateway.providers._base.documents import read_document
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
    changed: Seconds | None = Field(default=None, alias="changeTimeInSeconds")


def read_pushes(body: bytes) -> list[Told]:
    """What `body` tells of each user; the summaries of one are together. Raises NoticeRefusedError."""
    pushes = _pushes(body)
    told: list[Told] = [Deregistration(item["userId"]) for _, item in _items(pushes, _DEREGISTRATIONS)]
    changes = [_change(item) for _, item in _items(pushes, _PERMISSIONS)]
    told.extend(change for change in changes if change is not None)
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
    told.extend(of_users.values())
    if None in changes and not told:
        # Beside what can be read it costs nothing but itself; alone, the vendor shall bring it again.
        raise NoticeRefusedError(SLUG, "a change of permissions cannot be read")
    return told


def permissions_in(answer: object) -> tuple[str, ...] | None:
    """The permissions a user gave, which the vendor writes as a list, as an object around one, or as truth values.

    None for what is none of these, such as an error that came as an answer: it is not to say that there are none.
    """
    if isinstance(answer, Mapping):
        answer = answer.get("permissions", answer)
    if isinstance(answer, Mapping):
        if not any(isinstance(given, bool) for given in answer.values()):
            return None
        answer = [name for name, given in answer.items() if given is True]
    if not isinstance(answer, list):
        return None
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


def _change(item: Mapping[str, Any]) -> PermissionsChange | None:
    permissions = permissions_in(item.get("permissions"))
    if permissions is None:
        return None
    at = read_document(SLUG, _Change, item).changed
    changed = None if at is None else datetime.fromtimestamp(at, UTC)
    return PermissionsChange(item["userId"], changed, permissions)
