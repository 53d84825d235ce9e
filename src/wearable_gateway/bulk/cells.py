"""CSV that a spreadsheet opens without running anything: https://owasp.org/www-community/attacks/CSV_Injection."""

import csv
import io
import re
from collections.abc import Iterable

_DANGEROUS = re.compile(r"'*[=+\-@\t\r\n]")
_GUARDED = re.compile(r"'+[=+\-@\t\r\n]")


def guarded(cell: str) -> str:
    """`cell` as text for every spreadsheet: an apostrophe before what would begin a formula."""
    return f"'{cell}" if _DANGEROUS.match(cell) else cell


def as_it_was(cell: str) -> str:
    """The reverse of `guarded`, so that what was downloaded can be sent back."""
    return cell[1:] if _GUARDED.match(cell) else cell


def lines(rows: Iterable[Iterable[object]]) -> bytes:
    """UTF-8, CRLF; None is an empty cell."""
    written = io.StringIO()
    csv.writer(written).writerows(
        [guarded("" if cell is None else str(cell)) for cell in row] for row in rows
    )
    return written.getvalue().encode()


BYTE_ORDER_MARK = b"\xef\xbb\xbf"
"""Without it Excel takes UTF-8 for something else."""
