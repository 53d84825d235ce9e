"""A developer's settings as they are kept: read one by one, changed with a word to the audit."""

import math
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from wearable_gateway.db.session import Session
from wearable_gateway.developers import audit
from wearable_gateway.developers.keys import find_developer, lock_developer
from wearable_gateway.developers.redirect_urls import check_beginning
from wearable_gateway.developers.settings import FOR_THE_GATEWAY_ALONE, DeveloperSettings
from wearable_gateway.errors import DisallowedError, InvalidInputError, NotFoundError
from wearable_gateway.kit import json
from wearable_gateway.kit.complaints import expected
from wearable_gateway.providers import PROVIDERS, find_provider

NAMES = tuple(DeveloperSettings.model_fields)


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting as operators see it. `is_chosen` False: `value` is the default."""

    name: str
    value: Any
    default: Any
    description: str
    is_chosen: bool


async def read_settings(session: Session, dev_id: str) -> list[Setting]:
    """Every setting there is. Raises NotFoundError."""
    return describe((await find_developer(session, dev_id)).settings)


def describe(stored: Mapping[str, Any]) -> list[Setting]:
    values = DeveloperSettings.of(dict(stored)).model_dump(mode="json")
    defaults = DeveloperSettings().model_dump(mode="json")
    return [
        Setting(name, values[name], defaults[name], field.description or "", name in stored)
        for name, field in DeveloperSettings.model_fields.items()
    ]


async def change_settings(
    session: Session,
    dev_id: str,
    chosen: Mapping[str, Any],
    reset: Collection[str] = (),
    *,
    actor: str,
    by_developer: bool = False,
) -> list[Setting]:
    """Choose some settings, give up the choice of others, leave the rest; audited. Returns every setting.

    A null is a value of its own: only `reset` goes back to a default. `by_developer`: whoever asks does not run the
    gateway. Raises NotFoundError, InvalidInputError, and DisallowedError for what such a one may not change.
    """
    checked = check_changes(chosen, reset)
    if by_developer and (limits := FOR_THE_GATEWAY_ALONE & {*chosen, *reset}):
        raise DisallowedError(f"{min(limits)} is changed by those who run the gateway: ask one of them")
    before = (await lock_developer(session, dev_id)).settings
    after = {name: value for name, value in {**before, **checked}.items() if name not in reset}
    if after == before:
        return describe(before)
    await session.execute("UPDATE developers SET settings = $2 WHERE dev_id = $1", dev_id, after)
    touched = {*checked, *reset}
    await audit.record(
        session, dev_id, actor=actor, action="settings.changed", subject=f"developer:{dev_id}",
        before={name: value for name, value in before.items() if name in touched},
        after={name: value for name, value in after.items() if name in touched},
    )  # fmt: skip
    return describe(after)


async def enable_provider(session: Session, dev_id: str, resource: str, *, enabled: bool, actor: str) -> None:
    """Let end users connect it, or not, and leave the other providers as they are; audited.

    Once one is switched off, a provider that the gateway learns later is off too, until all are on again.
    Raises NotFoundError.
    """
    slug = find_provider(resource).slug
    chosen = (await lock_developer(session, dev_id)).settings.get("providers")
    before = set(PROVIDERS) if chosen is None else set(chosen)
    after = before | {slug} if enabled else before - {slug}
    if after == before:
        return
    if after >= set(PROVIDERS):
        await change_settings(session, dev_id, {}, ["providers"], actor=actor)
    else:
        await change_settings(session, dev_id, {"providers": sorted(after)}, actor=actor)


def check_changes(chosen: Mapping[str, Any], reset: Collection[str]) -> dict[str, Any]:
    """The chosen values as they are kept. Raises InvalidInputError naming the setting."""
    for name in (*chosen, *reset):
        if name not in NAMES:
            raise InvalidInputError(f"setting {name[:50]!r}", f"one of {', '.join(NAMES)}")
    for name in reset:
        if name in chosen:
            raise InvalidInputError(name, "either a value or a reset to the default, not both")
    return {name: _check(name, value) for name, value in chosen.items()}


def _check(name: str, value: Any) -> Any:
    if isinstance(value, float) and not math.isfinite(value):
        raise InvalidInputError(name, "a value that JSON can hold")
    try:
        # As JSON, because only there strict means: no "yes" for true, but a string for one of several words.
        read = DeveloperSettings.model_validate_json(json.dump({name: value}), strict=True)
    except ValidationError as error:
        description = DeveloperSettings.model_fields[name].description
        raise InvalidInputError(name, f"{expected(error.errors()[0])} ({description})") from error
    except (TypeError, ValueError) as error:
        raise InvalidInputError(name, "a value that JSON can hold") from error
    kept = read.model_dump(mode="json")[name]
    if kept is None or name not in _LISTS:
        return kept
    return list(dict.fromkeys(_LISTS[name](entry) for entry in kept))


def _slug(resource: str) -> str:
    try:
        return find_provider(resource).slug
    except NotFoundError as error:
        raise InvalidInputError("providers", "names from GET /v2/integrations") from error


_LISTS: Mapping[str, Callable[[str], str]] = {"redirect_urls": check_beginning, "providers": _slug}
LISTS = frozenset(_LISTS)
