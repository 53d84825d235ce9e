"""How are a new cluster's files made?"""

import logging
import os
import shutil
from pathlib import Path

from wearable_gateway.db.embedded.account import Account
from wearable_gateway.db.embedded.configuration import SMALL_INSTANCE, USER, locale_arguments
from wearable_gateway.db.embedded.data_directory import DataDirectory
from wearable_gateway.db.embedded.errors import EmbeddedPostgresError

_log = logging.getLogger(__name__)


def make_cluster(files: DataDirectory, account: Account, *, major: int, durable: bool) -> None:
    """Leaves either a complete cluster or none: what a killed first start began is thrown away."""
    _log.info("PostgreSQL %d makes a new cluster in %s", major, files.root)
    shutil.rmtree(files.partial_cluster, ignore_errors=True)
    files.make_password()
    files.pg_major.write_text(f"{major}\n")
    account.own(files.root)
    _initdb(files, account, major=major, durable=durable)
    with (files.partial_cluster / "postgresql.conf").open("a") as configuration:
        configuration.write(SMALL_INSTANCE)
    if durable:
        _sync(files.partial_cluster / "postgresql.conf")
    files.partial_cluster.rename(files.cluster)
    if durable:
        _sync(files.root)


def _initdb(files: DataDirectory, account: Account, *, major: int, durable: bool) -> None:
    made = account.run(
        [
            account.binaries.initdb,
            f"--pgdata={files.partial_cluster}",
            f"--username={USER}",
            f"--pwfile={files.password_file}",
            "--auth=scram-sha-256",
            "--data-checksums",
            *locale_arguments(major),
            *([] if durable else ["--no-sync"]),
        ]
    )
    if made.returncode != 0:
        lines = [line.strip() for line in made.stdout.splitlines() if line.strip()]
        complaint = next(
            (line for line in lines if "error:" in line or "FATAL:" in line),
            (lines or ["no reason given"])[-1],
        )
        raise EmbeddedPostgresError(
            f"PostgreSQL could not make its files in {files.root} ({complaint}): "
            "check the free space and who owns the folder, then start again."
        )


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
