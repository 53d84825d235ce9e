"""Every SQL statement in the source is read here and held to the rules of docs/adr/0003."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from wearable_gateway.tables import metadata

SOURCE = Path(__file__).parents[3] / "src" / "wearable_gateway"
DEVELOPERS = {name for name, table in metadata.tables.items() if table.info["owner"] == "developer"}
SHARED = set(metadata.tables) - DEVELOPERS
_VERB = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|WITH)\b")
_TABLE = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|USING)\s+([a-z_]+)\b")
# Statements that cross developers on purpose stand in classes or modules that say so.
ACROSS = {
    "connect/repository.py": "FlowsAcrossDevelopers",
    "connections/accounts.py": "AccountsAcrossDevelopers",
    "connections/repository.py": "ConnectionsAcrossDevelopers",
    "connections/faults.py": "the connections of one grant",
    "developers/directory.py": "DirectoryAcrossDevelopers",
    "developers/keys.py": "list_developers",
    "developers/leftovers.py": "what the worker removes by its age alone",
    "deliveries": "the worker's queue, by bucket",
    "overview/backlog.py": "the same queue, for who runs the gateway",
}


def _text(node: ast.AST) -> str | None:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.JoinedStr):
        return "".join(str(part.value) if isinstance(part, ast.Constant) else "id" for part in node.values)
    return None


def _statements() -> Iterator[tuple[str, str]]:
    for path in sorted(SOURCE.rglob("*.py")):
        where = path.relative_to(SOURCE).as_posix()
        if where.startswith(("sandbox/", "db/embedded/")):
            continue
        tree = ast.parse(path.read_text())
        inside = {
            id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values
        }
        for node in ast.walk(tree):
            text = _text(node)
            if (
                text
                and id(node) not in inside
                and _VERB.match(text)
                and re.search(r"\b(FROM|INTO|SET|JOIN)\b", text)
            ):
                yield f"{where}:{getattr(node, 'lineno', 0)}", " ".join(text.split())


STATEMENTS = list(_statements())


def _tables(sql: str) -> set[str]:
    return {name for name in _TABLE.findall(sql) if name in metadata.tables}


def test_there_are_statements_to_check() -> None:
    assert len(STATEMENTS) > 50
    assert {name for _, sql in STATEMENTS for name in _tables(sql)} >= {
        "connections",
        "grants",
        "events",
        "notices",
    }


@pytest.mark.parametrize(("where", "sql"), STATEMENTS, ids=[where for where, _ in STATEMENTS])
def test_a_statement_never_joins_developers_tables_with_shared_ones(where: str, sql: str) -> None:
    tables = _tables(sql)
    if tables & SHARED and tables & DEVELOPERS:
        # The fence of the delivery queue asks who holds a bucket, in a subquery over the lease table alone.
        assert tables & SHARED == {"bucket_leases"}, where
        assert "JOIN bucket_leases" not in sql


@pytest.mark.parametrize(("where", "sql"), STATEMENTS, ids=[where for where, _ in STATEMENTS])
def test_a_statement_on_a_developers_table_names_the_developer(where: str, sql: str) -> None:
    if _tables(sql) & DEVELOPERS and not any(where.startswith(place) for place in ACROSS):
        assert re.search(r"\bdev_id\b", sql), where


@pytest.mark.parametrize(("where", "sql"), STATEMENTS, ids=[where for where, _ in STATEMENTS])
def test_time_chance_and_ids_are_bound_and_not_made_in_sql(where: str, sql: str) -> None:
    assert not re.search(r"\b(now|clock_timestamp|random|gen_random_uuid|uuidv7)\s*\(", sql, re.IGNORECASE), (
        where
    )
    assert not re.search(r"\b(MERGE|ctid|xmin)\b", sql), where


@pytest.mark.parametrize(("where", "sql"), STATEMENTS, ids=[where for where, _ in STATEMENTS])
def test_a_row_lock_is_on_one_developers_rows_or_on_a_shared_table(where: str, sql: str) -> None:
    if "FOR UPDATE" in sql and _tables(sql) & DEVELOPERS:
        assert re.search(r"dev_id = \$", sql), where
