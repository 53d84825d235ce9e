"""How are databases made inside the running server?"""

import subprocess

from wearable_gateway.db.embedded.binaries import Binaries, bare_environment
from wearable_gateway.db.embedded.configuration import HOST, USER
from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

_CREATE = (
    "SELECT format('CREATE DATABASE %I', :'name')"
    " || CASE :'template' WHEN '' THEN '' ELSE format(' TEMPLATE %I', :'template') END"
)
_UNLESS_THERE = " WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = :'name')"


def create_database(binaries: Binaries, port: int, password: str, *, name: str, template: str | None) -> None:
    _run(binaries, port, password, _CREATE, name=name, template=template or "")


def ensure_database(binaries: Binaries, port: int, password: str, *, name: str) -> None:
    _run(binaries, port, password, _CREATE + _UNLESS_THERE, name=name, template="")


def _run(binaries: Binaries, port: int, password: str, statement: str, **values: str) -> None:
    done = subprocess.run(  # noqa: S603 - our own program; psql quotes the values itself
        [
            *(str(binaries.psql), "--no-psqlrc", "--quiet", "--tuples-only", "--set=ON_ERROR_STOP=1"),
            *(f"--set={key}={value}" for key, value in values.items()),
            *("--host", HOST, "--port", str(port), "--username", USER, "--dbname", "postgres"),
        ],
        input=f"{statement} \\gexec\n",
        capture_output=True,
        text=True,
        check=False,
        # Not on the command line, where every user of the machine could read the password.
        env=bare_environment() | {"PGPASSWORD": password, "PGCLIENTENCODING": "UTF8"},
    )
    if done.returncode != 0:
        raise EmbeddedPostgresError(f"Database {values['name']!r} could not be made: {done.stderr.strip()}")
