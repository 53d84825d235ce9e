"""The documents of every provider's vendor, and the records that become of them, checked by a person."""

import json
from collections.abc import Iterator, Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel

from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base import documents
from wearable_gateway.unified import lenient
from wearable_gateway.unified.records import DataType

_SURPRISES: tuple[Any, ...] = (None, "a surprise", -1, 10**30, [], {})
HERE = Path(__file__).parent
FIXTURES = sorted(HERE.glob("*/fixtures/*/*.json"))


def slug_of(fixture: Path) -> str:
    return fixture.relative_to(HERE).parts[0].upper()


def name_of(fixture: Path) -> str:
    return "/".join((slug_of(fixture).lower(), fixture.parent.name, fixture.stem))


def normalised(fixture: Path) -> dict[str, Any] | None:
    record = PROVIDERS[slug_of(fixture)].normalise(
        DataType(fixture.parent.name), json.loads(fixture.read_text())
    )
    if record is None:
        return None
    assert record.type.value == fixture.parent.name
    return {"key": record.key, "day": record.day.isoformat(), "body": stated(record.body)}


def stated(value: Any) -> Any:
    """`value` without what is null."""
    if isinstance(value, Mapping):
        return {name: stated(one) for name, one in value.items() if one is not None}
    return [stated(one) for one in value] if isinstance(value, list) else value


@pytest.mark.parametrize("fixture", FIXTURES, ids=name_of)
def test_a_document_becomes_its_golden_record(fixture: Path) -> None:
    golden = fixture.parents[2] / "golden" / fixture.parent.name / fixture.name
    assert normalised(fixture) == json.loads(golden.read_text())


@pytest.mark.parametrize("slug", sorted({slug_of(fixture) for fixture in FIXTURES}))
def test_the_fixtures_show_every_type_that_the_provider_delivers(slug: str) -> None:
    shown = {fixture.parent.name for fixture in FIXTURES if slug_of(fixture) == slug}
    assert shown == {kind.value for kind in PROVIDERS[slug].data_scopes}


@pytest.mark.parametrize("slug", sorted({slug_of(fixture) for fixture in FIXTURES}))
def test_the_fixtures_set_every_field_that_the_provider_reads(
    slug: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else a field could be read wrongly, or not at all, and nobody would know; nor would the coverage page."""
    read: dict[type[BaseModel], set[str]] = {}
    build = lenient.build

    def noting(model: Any, data: Any) -> Any:
        built, dropped = build(model, data)
        _note(built, read)
        return built, dropped

    monkeypatch.setattr(documents, "build", noting)
    for fixture in FIXTURES:
        if slug_of(fixture) == slug:
            normalised(fixture)
    unset = {
        f"{model.__name__}.{name}"
        for model, names in read.items()
        for name in model.model_fields
        if name not in names
    }
    assert unset == set()


def _note(value: Any, read: dict[type[BaseModel], set[str]]) -> None:
    """Collect which fields of which models were set, at any depth."""
    if isinstance(value, BaseModel):
        names = {name for name in value.model_fields_set if getattr(value, name) is not None}
        read.setdefault(type(value), set()).update(names)
        for name in type(value).model_fields:
            _note(getattr(value, name), read)
    elif isinstance(value, Mapping):
        for one in value.values():
            _note(one, read)
    elif isinstance(value, list | tuple):
        for one in value:
            _note(one, read)


@pytest.mark.parametrize("fixture", FIXTURES, ids=name_of)
def test_a_surprising_value_costs_no_more_than_its_field(fixture: Path) -> None:
    """Each value of the document is in turn something it should not be; what names the record may cost it."""
    provider, kind = PROVIDERS[slug_of(fixture)], DataType(fixture.parent.name)
    document = json.loads(fixture.read_text())
    for spoiled in _spoiled(document):
        try:
            record = provider.normalise(kind, spoiled)
        except ValueError:
            continue
        assert record is None or isinstance(record.day, date)


def _spoiled(document: Any) -> Iterator[Any]:
    """Copies of `document`, each with one value changed to what nobody expects."""
    for place in _places(document):
        for value in _SURPRISES:
            yield _with(document, place, value)


def _places(node: Any, place: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Where values stand; of a list, only its first item."""
    items = node.items() if isinstance(node, dict) else enumerate(node[:1]) if isinstance(node, list) else ()
    for name, one in items:
        yield (*place, name)
        yield from _places(one, (*place, name))


def _with(node: Any, place: tuple[Any, ...], value: Any) -> Any:
    if not place:
        return value
    copy = dict(node) if isinstance(node, dict) else list(node)
    copy[place[0]] = _with(node[place[0]], place[1:], value)
    return copy
