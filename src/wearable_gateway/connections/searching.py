"""How connections are found among very many: first among the newest, and where those do not fill a page, by an index.

What matches often fills a page soon, on from where the page before ended, in the order of the primary key. What matches
rarely stands in an index that leads straight to it. Each alone would read a whole developer's connections for some
question; which of the two it is nobody has to guess. Only conditions that are asked for are written into the statement,
or PostgreSQL would plan for values it does not know.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from wearable_gateway.db.session import Row, Session

_WALKED = 3000

_PLAIN = "SELECT {columns} FROM connections WHERE dev_id = $1{conditions} ORDER BY id DESC LIMIT {limit}"
_WALK = """
SELECT {columns} FROM (
  SELECT * FROM connections WHERE dev_id = $1{place} ORDER BY id DESC LIMIT {walked}
) AS newest
WHERE dev_id = $1{conditions} ORDER BY id DESC LIMIT {limit}
"""
# The index is in the order of the reference_ids, or of the errors: sorted are only the ids, which it has too.
_GATHER = """
WITH matching AS MATERIALIZED (SELECT id FROM connections WHERE dev_id = $1{conditions})
SELECT {columns} FROM connections
WHERE dev_id = $1 AND id = ANY (ARRAY(SELECT id FROM matching ORDER BY id DESC LIMIT {limit}))
ORDER BY id DESC
"""


@dataclass(slots=True)
class Question:
    """Conditions on the rows of one developer: `place` on the id alone, `others` on what else there is.

    `gathers`: the index that finds them is not in the order of the ids.
    """

    dev_id: str
    place: str = ""
    others: str = ""
    gathers: bool = False
    values: list[Any] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.values.append(self.dev_id)

    def _bound(self, value: object) -> str:
        self.values.append(value)
        return f"${len(self.values)}"

    def is_placed(self, column: str, sign: str, value: UUID | None) -> None:
        if value is not None:
            self.place += f" AND {column} {sign} {self._bound(value)}"

    def asks(self, condition: str, value: object) -> None:
        """`condition` ends where the value is to stand; a value of None asks nothing."""
        if value is not None:
            self.others += f" AND {condition} {self._bound(value)}"

    def asks_for_beginning(self, column: str, beginning: str | None) -> None:
        """Bounds by bytes, as the index is sorted; what lies between them and begins otherwise is left out as well."""
        if beginning:
            self.gathers = True
            low, word = self._bound(beginning), self._bound(beginning)
            self.others += f" AND {column} ~>=~ {low} AND starts_with({column}, {word})"
            self.asks(f"{column} ~<~", _just_above(beginning))

    def has(self, condition: str, *, gathers: bool = False) -> None:
        self.others += f" AND {condition}"
        self.gathers = self.gathers or gathers


def _just_above(beginning: str) -> str | None:
    """The least text above all that begin so, by code points, which is by bytes in UTF-8; None: there is none."""
    for length in range(len(beginning), 0, -1):
        code = ord(beginning[length - 1]) + 1
        if code in range(0xD800, 0xE000):  # half of a pair, which no text may hold
            code = 0xE000
        if code <= 0x10FFFF:  # noqa: PLR2004 - the last code point
            return beginning[: length - 1] + chr(code)
    return None


async def find(session: Session, question: Question, columns: str, limit: int) -> Sequence[Row]:
    """Newest first, `limit` at most."""

    async def asked(statement: str) -> Sequence[Row]:
        return await session.fetch(
            statement.format(
                columns=columns,
                place=question.place,
                conditions=question.others if statement is _WALK else question.place + question.others,
                walked=_WALKED,
                limit=int(limit),
            ),
            *question.values,
        )

    if not question.others:
        return await asked(_PLAIN)
    rows = await asked(_WALK)
    if len(rows) == limit:
        return rows
    return await asked(_GATHER if question.gathers else _PLAIN)
