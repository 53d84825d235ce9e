"""The audit log as a file for a spreadsheet: CSV as in RFC 4180, sent while it is read."""

import csv
import io
from collections.abc import AsyncIterator

from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.kit import json

_COLUMNS = ("entry_id", "at", "actor", "action", "subject", "before", "after", "address")
# What a spreadsheet takes for the beginning of a formula (https://owasp.org/www-community/attacks/CSV_Injection).
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


async def csv_lines(entries: AsyncIterator[AuditEntry]) -> AsyncIterator[str]:
    yield _line(_COLUMNS)
    async for entry in entries:
        cells = (
            str(entry.id), entry.at.isoformat(timespec="milliseconds"), entry.actor, entry.action, entry.subject,
            _json(entry.before), _json(entry.after), entry.address or "",
        )  # fmt: skip
        yield _line([_harmless(cell) for cell in cells])


def _json(value: object) -> str:
    return "" if value is None else json.dump(value).decode()


def _harmless(cell: str) -> str:
    """With an apostrophe in front of what would be calculated: spreadsheets then show it as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _line(cells: tuple[str, ...] | list[str]) -> str:
    text = io.StringIO()
    csv.writer(text).writerow(cells)
    return text.getvalue()
