"""What every fixture maps to: `docs/providers/coverage.md`, and the same for programs, `providers/_base/fields.json`.

python -m tests.providers.coverage writes both.
"""

import json
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import structlog

from wearable_gateway.providers import PROVIDERS, _base
from wearable_gateway.unified.records import DataType

_HERE = Path(__file__).parent
PAGE = _HERE.parents[1] / "docs" / "providers" / "coverage.md"
FIELDS = Path(_base.__file__).with_name("fields.json")
_INTRODUCTION = """# What each provider fills

Which fields of [the models](../models.md) a provider can fill, found by mapping the documents under `tests/providers/`;
written by `python -m tests.providers.coverage`. A field without a row is filled by none. Whether a person's device measures
it, and whether they agreed to share it, is another matter. `[]` is each item of a list.
"""

Filled = dict[DataType, dict[str, set[str]]]
"""By type and field, the providers that fill it."""


def _leaves(value: Any, path: str = "") -> Iterator[str]:
    if isinstance(value, Mapping):
        for name, one in value.items():
            yield from _leaves(one, f"{path}.{name}" if path else name)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for one in value:
            yield from _leaves(one, f"{path}[]")
    elif value is not None and value != []:
        yield path


def _filled() -> Filled:
    found: Filled = defaultdict(lambda: defaultdict(set))
    for fixture in sorted(_HERE.glob("*/fixtures/*/*.json")):
        slug = fixture.relative_to(_HERE).parts[0].upper()
        kind = DataType(fixture.parent.name)
        record = PROVIDERS[slug].normalise(kind, json.loads(fixture.read_text()))
        for leaf in _leaves(record.body) if record else ():
            found[kind][leaf].add(slug)
    return found


def fields() -> str:
    """By provider and type the fields that are filled, as JSON."""
    found: dict[str, dict[str, list[str]]] = defaultdict(dict)
    for kind, of_kind in _filled().items():
        for slug in {slug for who in of_kind.values() for slug in who}:
            found[slug][kind.value] = sorted(name for name, who in of_kind.items() if slug in who)
    return json.dumps(found, indent=1, sort_keys=True) + "\n"


def page() -> str:
    """The whole page as Markdown."""
    filled = _filled()
    slugs = sorted({slug for fields in filled.values() for who in fields.values() for slug in who})
    lines = [
        _INTRODUCTION,
        "## Fields by type",
        "",
        _row("Provider", [kind.value for kind in _types(filled)]),
    ]
    lines.append(_rule(len(_types(filled))))
    for slug in slugs:
        counts = [sum(slug in who for who in filled[kind].values()) for kind in _types(filled)]
        lines.append(_row(slug, [str(count or "") for count in counts]))
    for kind in _types(filled):
        lines += ["", f"## {kind.value}", "", *_table(filled[kind])]
    return "\n".join(lines) + "\n"


def _types(filled: Filled) -> list[DataType]:
    return [kind for kind in DataType if kind in filled]


def _table(fields: Mapping[str, set[str]]) -> list[str]:
    slugs = sorted({slug for who in fields.values() for slug in who})
    rows = [
        _row(f"`{name}`", ["✓" if slug in who else "" for slug in slugs])
        for name, who in sorted(fields.items())
    ]
    return [_row("Field", slugs), _rule(len(slugs)), *rows]


def _row(first: str, others: list[str]) -> str:
    return "| " + " | ".join([first, *others]) + " |"


def _rule(others: int) -> str:
    return "|---|" + ":-:|" * others


if __name__ == "__main__":
    # What fixtures hold on purpose that cannot be read is none of the page's.
    structlog.configure(logger_factory=structlog.PrintLoggerFactory(sys.stderr))
    PAGE.write_text(page())
    FIELDS.write_text(fields())
