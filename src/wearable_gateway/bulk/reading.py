"""What stands in the file? CSV as people's programs write it, or rows of JSON, as rows that name users.

https://www.rfc-editor.org/rfc/rfc4180, and what Excel makes of it: a byte order mark, semicolons, UTF-16, CRLF.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from uuid import UUID

from wearable_gateway.bulk.cells import as_it_was
from wearable_gateway.bulk.models import MOST_BYTES, MOST_ROWS, JobKind, Row, RowState
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.errors import InvalidInputError

_USER_ID, _REFERENCE_ID = "user_id", "reference_id"
_DELIMITERS = ",;\t"
_SHOWN = 200
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


@dataclass(frozen=True, slots=True)
class Sheet:
    """`notes` say what was done with the file as a whole."""

    rows: Sequence[Row]
    notes: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Entry:
    number: int
    user_id: str | None
    reference_id: str | None


def read_csv(content: bytes, kind: JobKind) -> Sheet:
    """Raises InvalidInputError for what cannot be read as a whole; a broken line is a broken row."""
    if len(content) > MOST_BYTES:
        raise InvalidInputError("csv", f"at most {MOST_BYTES // 1_000_000} MB")
    text = decoded(content)
    lines = _records(text)
    first = next(lines, None)
    if first is None:
        raise InvalidInputError("csv", "at least one line: the file is empty")
    header = _header(first, kind)
    notes = []
    ignored = [name for name in header.names if name not in {_USER_ID, _REFERENCE_ID}]
    if ignored:
        notes.append("Other columns are left alone: " + ", ".join(name or "(no name)" for name in ignored))
    kept = lines if header.is_there else iter([first, *lines])
    rows = [_row_of_line(record, header.names, kind) for record in kept]
    return Sheet(_checked(rows), notes)


def read_rows(items: Sequence[Mapping[str, str | None]], kind: JobKind) -> Sheet:
    """The same of objects with `user_id` and `reference_id`, numbered from 1. Raises InvalidInputError."""
    if not items:
        raise InvalidInputError("rows", "at least one")
    return Sheet(
        _checked([
            _row(_Entry(number, item.get(_USER_ID), item.get(_REFERENCE_ID)), kind)
            for number, item in enumerate(items, 1)
        ])
    )  # fmt: skip


def decoded(content: bytes) -> str:
    """Raises InvalidInputError."""
    try:
        if content.startswith(_UTF16):
            return content.decode("utf-16")
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise InvalidInputError("csv", f"UTF-8; line {line} is not: save the file as “CSV UTF-8”") from error


@dataclass(frozen=True, slots=True)
class _Record:
    """A line of the file, or several where a quoted cell goes over them; `fault` when it is no CSV."""

    number: int
    cells: Sequence[str]
    fault: str | None = None


def _records(text: str) -> Iterator[_Record]:
    begins = text.lstrip("\r\n").splitlines()[:1]
    delimiter = max(_DELIMITERS, key=begins[0].count) if begins else ","
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            yield _Record(number, (), f"this line is no CSV: {error}")
            continue
        if cells:
            yield _Record(number, [cell.strip(" ") for cell in cells])


@dataclass(frozen=True, slots=True)
class _Header:
    names: Sequence[str]
    is_there: bool


def _header(first: _Record, kind: JobKind) -> _Header:
    names = [cell.strip().lower() for cell in first.cells]
    named = [name for name in names if name in {_USER_ID, _REFERENCE_ID}]
    if len(set(named)) < len(named):
        raise InvalidInputError("csv", f"each column once; line {first.number} names one twice")
    if kind is JobKind.ASSIGN:
        if set(named) == {_USER_ID, _REFERENCE_ID}:
            return _Header(names, is_there=True)
        if len(names) == len((_USER_ID, _REFERENCE_ID)) and not named and _is_uuid(names[0]):
            return _Header((_USER_ID, _REFERENCE_ID), is_there=False)
        raise InvalidInputError("csv", "a first line that names the columns: user_id,reference_id")
    if named:
        return _Header(names, is_there=True)
    raise InvalidInputError("csv", "a first line that names the column: user_id or reference_id")


def _is_uuid(text: str | None) -> bool:
    try:
        return bool(text) and UUID(text) is not None
    except ValueError:
        return False


def _row_of_line(record: _Record, names: Sequence[str], kind: JobKind) -> Row:
    text = ",".join(record.cells)
    if record.fault:
        return _broken(record.number, text, record.fault)
    if not any(record.cells):
        return _broken(record.number, text, "the line is empty but for its separators")
    if len(record.cells) < len(names) or any(record.cells[len(names) :]):
        return _broken(record.number, text, f"{len(record.cells)} columns, expected {len(names)}")
    cells = {name: as_it_was(cell) for name, cell in zip(names, record.cells, strict=False)}
    return _row(_Entry(record.number, cells.get(_USER_ID), cells.get(_REFERENCE_ID)), kind)


def _row(entry: _Entry, kind: JobKind) -> Row:
    text = ",".join(one for one in (entry.user_id, entry.reference_id) if one)
    user_id = UUID(entry.user_id) if _is_uuid(entry.user_id) else None
    if entry.user_id and user_id is None:
        return _broken(
            entry.number, text, "this is not a user_id: one looks like 01a20425-b71b-77e5-9bd9-d8a42cd85b62"
        )
    if kind is JobKind.ASSIGN and not (entry.user_id and entry.reference_id):
        missing = _REFERENCE_ID if entry.user_id else _USER_ID
        return _broken(entry.number, text, f"the {missing} is empty")
    if not (entry.user_id or entry.reference_id):
        return _broken(entry.number, text, "it names no user")
    try:
        reference_id = check_reference_id(entry.reference_id)
    except InvalidInputError as error:
        return _broken(entry.number, text, f"the reference_id needs: {error.expected}")
    named_by_id = user_id is not None and kind is not JobKind.ASSIGN
    return Row(entry.number, user_id, None if named_by_id else reference_id)


def _broken(number: int, text: str, reason: str) -> Row:
    shown = "".join(one if one.isprintable() else "�" for one in text[:_SHOWN])
    return Row(number, None, None, RowState.BROKEN, reason, shown)


def _checked(rows: Sequence[Row]) -> list[Row]:
    """Without those that name somebody a second time. Raises InvalidInputError for none, and for too many."""
    if len(rows) > MOST_ROWS:
        raise InvalidInputError("csv", f"at most {MOST_ROWS:,} rows; these are {len(rows):,}")
    if not rows:
        raise InvalidInputError("csv", "at least one row below the names of the columns")
    seen: dict[UUID | str, int] = {}
    found = []
    for row in rows:
        name = row.user_id or row.reference_id
        if row.state is RowState.WAITING and name is not None:
            first = seen.setdefault(name, row.number)
            if first != row.number:
                what = _USER_ID if row.user_id else _REFERENCE_ID
                reason = f"the {what} stands in line {first} already"
                found.append(replace(row, state=RowState.BROKEN, reason=reason))
                continue
        found.append(row)
    return found
