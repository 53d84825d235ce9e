"""The metadata every table joins, and the two kinds of table there are.

A *developer's* table carries `dev_id` first in its primary key and every unique key, so that the same schema can
be distributed by `dev_id` over many machines. A *shared* table belongs to the gateway; no foreign key and no join
runs between the two kinds. `tests/unit/db/test_metadata.py` proves both on the metadata below.
"""

from typing import Any, Final

from sqlalchemy import Column, DateTime, MetaData, Table, Text, Uuid
from sqlalchemy.sql.schema import SchemaItem

metadata: Final = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(referred_table_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def developer_table(name: str, *items: SchemaItem, **options: Any) -> Table:
    """A table whose rows belong to a developer; `dev_id` is added as its first column."""
    dev_id = Column("dev_id", Text, primary_key=True)
    return Table(name, metadata, dev_id, *items, info={"owner": "developer"}, **options)


def shared_table(name: str, *items: SchemaItem, **options: Any) -> Table:
    return Table(name, metadata, *items, info={"owner": "shared"}, **options)


def id_column() -> Column[Any]:
    """A UUIDv7 made in Python: the column has no default on purpose."""
    return Column("id", Uuid, primary_key=True)


def moment(name: str, *, nullable: bool = False) -> Column[Any]:
    return Column(name, DateTime(timezone=True), nullable=nullable)
