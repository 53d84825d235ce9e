"""The rules that let one schema run on one PostgreSQL and, distributed by `dev_id`, on many."""

import pytest
from sqlalchemy import ForeignKeyConstraint, Table, Text, UniqueConstraint

from wearable_gateway.tables import metadata

TABLES = sorted(metadata.tables.values(), key=lambda table: table.name)
DEVELOPERS = [table for table in TABLES if table.info["owner"] == "developer"]
SHARED = [table for table in TABLES if table.info["owner"] == "shared"]


def _name(table: Table) -> str:
    return table.name


@pytest.mark.parametrize("table", TABLES, ids=_name)
def test_every_table_says_who_owns_it(table: Table) -> None:
    assert table.info["owner"] in {"developer", "shared"}


@pytest.mark.parametrize("table", DEVELOPERS, ids=_name)
def test_a_developers_table_has_dev_id_first_in_its_primary_key(table: Table) -> None:
    assert next(iter(table.primary_key.columns)).name == "dev_id"
    assert isinstance(table.c.dev_id.type, Text)


@pytest.mark.parametrize("table", DEVELOPERS, ids=_name)
def test_every_unique_key_of_a_developers_table_starts_with_dev_id(table: Table) -> None:
    keys = [constraint for constraint in table.constraints if isinstance(constraint, UniqueConstraint)]
    unique = [list(key.columns) for key in keys] + [
        list(index.columns) for index in table.indexes if index.unique
    ]
    assert all(columns[0].name == "dev_id" for columns in unique)


@pytest.mark.parametrize("table", DEVELOPERS, ids=_name)
def test_a_developers_table_refers_only_to_tables_of_the_same_developer(table: Table) -> None:
    for key in table.constraints:
        if isinstance(key, ForeignKeyConstraint):
            assert key.referred_table.info["owner"] == "developer"
            assert key.elements[0].parent.name == key.elements[0].column.name == "dev_id"
            assert key.ondelete in {None, "CASCADE"}


@pytest.mark.parametrize("table", SHARED, ids=_name)
def test_a_shared_table_refers_to_nothing(table: Table) -> None:
    assert not table.foreign_keys


@pytest.mark.parametrize("table", TABLES, ids=_name)
def test_no_column_is_given_an_id_by_the_database(table: Table) -> None:
    assert all(column.server_default is None for column in table.primary_key.columns)
