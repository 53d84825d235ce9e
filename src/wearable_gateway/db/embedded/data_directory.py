"""Which files make up the data directory, and is this folder fit to be one?"""

import os
import secrets
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

if sys.platform != "win32":  # Windows can import this package, though not start a server with it
    import pwd

_ENOUGH_FOR_A_NEW_CLUSTER = 150 * 1024 * 1024
_NOT_OURS_BUT_HARMLESS = {"lost+found", ".DS_Store", ".gitignore", ".gitkeep"}


@dataclass(frozen=True)
class DataDirectory:
    root: Path

    @property
    def cluster(self) -> Path:
        """What PostgreSQL itself calls its data directory."""
        return self.root / "cluster"

    @property
    def partial_cluster(self) -> Path:
        """Where a cluster is made; it gets its name only when complete, so a killed first start leaves no half of one."""
        return self.root / "cluster.partial"

    @property
    def pg_major(self) -> Path:
        return self.root / "pg_major"

    @property
    def password_file(self) -> Path:
        return self.root / "password"

    @property
    def lock(self) -> Path:
        return self.root / "lock"

    @property
    def log(self) -> Path:
        return self.root / "postgres.log"

    @property
    def older_log(self) -> Path:
        return self.root / "postgres.log.1"

    @property
    def binaries(self) -> Path:
        return self.root / "binaries"

    def prepare(self) -> None:
        """Makes the folder if it is missing, and raises if it cannot hold a cluster of ours."""
        try:
            self.root.mkdir(mode=0o700, parents=True, exist_ok=True)
            names = {path.name for path in self.root.iterdir()}
            owner = self.root.stat().st_uid
        except (FileExistsError, NotADirectoryError) as error:
            raise EmbeddedPostgresError(
                f"The data directory {self.root} cannot be made because {error.filename} is a file: choose another place."
            ) from error
        except OSError as error:
            raise EmbeddedPostgresError(
                f"The data directory {self.root} cannot be used ({error.strerror}): choose a folder you may write to."
            ) from error
        if foreign := sorted(names - self._own_names() - _NOT_OURS_BUT_HARMLESS):
            raise EmbeddedPostgresError(
                f"The data directory {self.root} already holds something else ({', '.join(foreign[:3])}): "
                "choose an empty folder or one made by the gateway."
            )
        if os.geteuid() not in {0, owner}:
            raise EmbeddedPostgresError(
                f"The data directory {self.root} belongs to {_name(owner)}: run the gateway as that user, "
                "or give the folder to this one with chown -R."
            )
        if not os.access(self.root, os.W_OK | os.X_OK):
            raise EmbeddedPostgresError(
                f"The data directory {self.root} is not writable: allow writing, or choose another place."
            )
        if not self.cluster.exists() and shutil.disk_usage(self.root).free < _ENOUGH_FOR_A_NEW_CLUSTER:
            raise EmbeddedPostgresError(
                f"The disk that holds {self.root} is full: a new database needs 150 MB, so free some space first."
            )

    def require_major(self, major: int) -> None:
        """PostgreSQL never reads the files of another major version; its own message does not say what to do."""
        version = _read(self.cluster / "PG_VERSION")
        written_by = _read(self.pg_major) or version
        if not self.cluster.exists() or {written_by, version or written_by} == {str(major)}:
            return
        raise EmbeddedPostgresError(
            f"The data in {self.root} was written by PostgreSQL {written_by}, and the programs found here are "
            f"version {major}: dump it with version {written_by} (point GATEWAY_PG_BIN at its programs and use pg_dump), "
            "move the folder away, start again with an empty one, and restore the dump with psql."
        )

    def password(self) -> str:
        password = _read(self.password_file)
        if not password:
            raise EmbeddedPostgresError(
                f"The database password is missing from {self.password_file}: put the file back from a backup."
            )
        return password

    def make_password(self) -> None:
        """Does nothing if there is one already: a first start that was killed is continued, not begun again."""
        if _read(self.password_file):
            return
        partial = self.password_file.with_suffix(".partial")
        partial.unlink(missing_ok=True)
        descriptor = os.open(partial, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(32) + "\n")
        partial.rename(self.password_file)

    def _own_names(self) -> set[str]:
        files = (self.cluster, self.partial_cluster, self.pg_major, self.password_file, self.lock, self.log)
        more = (self.older_log, self.binaries, self.password_file.with_suffix(".partial"))
        return {path.name for path in (*files, *more)}


def _read(path: Path) -> str | None:
    """None if there is no such file."""
    try:
        return path.read_text().strip()
    except (FileNotFoundError, NotADirectoryError):
        return None


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"user {uid}"
