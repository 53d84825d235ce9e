"""Records as rows of one table: a column for each field that any of them has."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from wearable_gateway.unified.reading import Field, fields
from wearable_gateway.unified.records import Record

_BEGINS, _ENDS = ("metadata", "start_time"), ("metadata", "end_time")
_OWN_COLUMNS = {_BEGINS, _ENDS, ("metadata", "timestamp_localization")}

_YEAR = re.compile(r" \d{4}(?=, \d{2}:)")

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """`cells` in the order of the columns; None where the record does not have the field."""

    record: Record
    begins: str
    ends: str
    cells: tuple[Field | None, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """`groups` are (title, number of columns) above `columns`, of which one field of each is given."""

    groups: tuple[tuple[str, int], ...]
    columns: tuple[Field, ...]
    rows: tuple[Row, ...]


def table_of(records: Sequence[Record]) -> Table:
    read = [{field.path: field for field in fields(record.type, record.body)} for record in records]
    columns = _columns(read)
    groups = [(title, len(list(members))) for title, members in groupby(columns, key=lambda one: one.group)]
    rows = [
        Row(record, _text(found, _BEGINS), _text(found, _ENDS), tuple(found.get(one.path) for one in columns))
        for record, found in zip(records, read, strict=True)
    ]
    return Table(tuple(groups), tuple(columns), tuple(rows))


def _text(found: dict[Path, Field], path: Path) -> str:
    return without_year(found[path].text) if path in found else ""


def without_year(text: str) -> str:
    """A time beside a day that has it."""
    return _YEAR.sub("", text, count=1)


def _columns(read: Sequence[dict[Path, Field]]) -> list[Field]:
    """Each field once, behind the one that it stands behind in the first record that has it."""
    order: list[Path] = []
    known: dict[Path, Field] = {}
    for found in read:
        place = 0
        for path, field in found.items():
            if path not in known:
                known[path] = field
                order.insert(place, path)
            place = order.index(path) + 1
    columns = [known[path] for path in order if path not in _OWN_COLUMNS]
    # Groups stay together, whatever record brought their fields; what is said about a record comes last.
    first = {one.group: number for number, one in reversed(list(enumerate(columns)))}
    return sorted(columns, key=lambda one: (one.path[0] == "metadata", first[one.group]))
