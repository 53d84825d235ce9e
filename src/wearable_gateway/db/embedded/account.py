"""As whom does the server run? PostgreSQL refuses root, and containers often have nothing else."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from wearable_gateway.db.embedded.binaries import Binaries, bare_environment
from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

if sys.platform != "win32":  # Windows can import this package, though not start a server with it
    import pwd

# Any id but 0: inside the namespace root's own files then seem to belong to this ordinary user.
_NAMESPACE = ("unshare", "--user", "--map-user=1000", "--map-group=1000")
_SETPRIV = ("setpriv", "--pdeathsig", "INT")
# prctl(PR_SET_PDEATHSIG = 1, SIGINT = 2), see prctl(2).
_PRCTL = "import ctypes, os, sys; ctypes.CDLL(None).prctl(1, 2); os.execv(sys.argv[1], sys.argv[1:])"


@dataclass(frozen=True)
class Account:
    binaries: Binaries
    namespace: tuple[str, ...] = ()
    uid: int | None = None
    gid: int | None = None
    dies_with_parent: tuple[str, ...] = ()

    def start(
        self, command: Sequence[str | Path], *, output: IO[bytes], **environment: str
    ) -> "subprocess.Popen[bytes]":
        """Starts a program in a session of its own, so that Ctrl-C in the terminal reaches the gateway alone."""
        # The death signal comes last: entering a namespace or changing the user clears it, see prctl(2).
        return subprocess.Popen(  # noqa: S603 - our own programs with our own arguments
            [*self.namespace, *self.dies_with_parent, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            env=bare_environment() | environment,
        )

    def run(self, command: Sequence[str | Path]) -> "subprocess.CompletedProcess[str]":
        """Runs a program to its end; it dies with us too, or a killed initdb would go on writing."""
        return subprocess.run(  # noqa: S603 - our own programs with our own arguments
            [*self.namespace, *self.dies_with_parent, *map(str, command)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
            user=self.uid,
            group=self.gid,
            extra_groups=None if self.uid is None else [],
            cwd="/",
            env=bare_environment(),
        )

    def own(self, path: Path) -> None:
        """Gives a file or a whole folder to the account; nothing to do when it runs as ourselves."""
        if self.uid is None or self.gid is None:
            return
        os.chown(path, self.uid, self.gid, follow_symlinks=False)
        if path.is_dir() and not path.is_symlink():
            for child in path.iterdir():
                self.own(child)


def choose_account(binaries: Binaries, *, folder: Path, copies: Path) -> tuple[Account, str]:
    """The first account that can run the server on `folder`, and what `postgres --version` said there."""
    refusals = []
    for account in _candidates(binaries, folder, copies):
        for mortal in _with_death_signal(account):
            version, refusal = _try(mortal, folder)
            if version is not None:
                return mortal, version
        refusals.append(refusal)
    raise EmbeddedPostgresError(
        f"PostgreSQL cannot run on {folder} from this account ({'; '.join(dict.fromkeys(refusals))}): "
        "start the gateway as an ordinary user, or choose a data directory that everyone may pass through, such as below /var/lib."
    )


def _candidates(binaries: Binaries, folder: Path, copies: Path) -> Iterator[Account]:
    if os.geteuid() != 0:
        yield Account(binaries)
        return
    owner = folder.stat()
    if owner.st_uid != 0:
        # The data stays with whoever it belongs to, so that this user can go on without root later.
        yield from _as_user(binaries, owner.st_uid, owner.st_gid, copies)
        return
    if shutil.which(_NAMESPACE[0]):
        yield Account(binaries, namespace=_NAMESPACE)
    # Namespaces are forbidden in many containers; there the least of all users serves.
    nobody = pwd.getpwnam("nobody")
    yield from _as_user(binaries, nobody.pw_uid, nobody.pw_gid, copies)


def _as_user(binaries: Binaries, uid: int, gid: int, copies: Path) -> Iterator[Account]:
    account = Account(binaries, uid=uid, gid=gid)
    yield account
    if _may_pass(account, copies.parent.parent) and (copied := binaries.copied_to(copies)):
        account.own(copies)
        yield Account(copied, uid=uid, gid=gid)


def _with_death_signal(account: Account) -> Iterator[Account]:
    """With the best way to die with the parent first; without any, the next start ends a leftover server."""
    ways: list[tuple[str, ...]] = [()]
    if sys.platform == "linux":
        ways = [_SETPRIV, (sys.executable, "-I", "-S", "-c", _PRCTL), ()]
    for way in ways:
        if not way or shutil.which(way[0]):
            yield Account(account.binaries, account.namespace, account.uid, account.gid, way)


def _try(account: Account, folder: Path) -> tuple[str | None, str]:
    try:
        if account.uid is not None:
            if not _may_pass(account, folder.parent):
                return None, f"user {account.uid} may not enter {folder.parent}"
            account.own(folder)
        asked = account.run([account.binaries.postgres, "--version"])
    except OSError as error:
        return None, f"{error.strerror}: {error.filename}"
    if asked.returncode != 0:
        return None, (asked.stdout.strip().splitlines() or ["a user namespace is forbidden"])[-1]
    return asked.stdout, ""


def _may_pass(account: Account, folder: Path) -> bool:
    return (
        Account(account.binaries, uid=account.uid, gid=account.gid).run(["test", "-x", folder]).returncode
        == 0
    )
