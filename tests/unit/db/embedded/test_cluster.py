import os
import signal
import stat
from pathlib import Path

import asyncpg
import pytest

from wearable_gateway.db.embedded import Cluster, EmbeddedPostgresError, running_url

from .rows import fetch


async def test_a_first_start_makes_a_cluster_and_the_next_one_finds_its_rows(tmp_path: Path) -> None:
    with Cluster(tmp_path / "new" / "data") as first:
        first.ensure_database()
        await fetch(first.url(), "CREATE TABLE steps AS SELECT 42 AS taken")
    with Cluster(tmp_path / "new" / "data") as second:
        second.ensure_database()
        assert [row["taken"] for row in await fetch(second.url(), "SELECT taken FROM steps")] == [42]


async def test_a_durable_cluster_syncs_and_a_disposable_one_does_not(data_dir: Path) -> None:
    with Cluster(data_dir) as durable:
        assert (await fetch(durable.url(), "SHOW fsync"))[0]["fsync"] == "on"
    with Cluster(data_dir, durable=False) as disposable:
        assert (await fetch(disposable.url(), "SHOW fsync"))[0]["fsync"] == "off"


async def test_the_server_listens_on_loopback_only_and_wants_the_password(data_dir: Path) -> None:
    with Cluster(data_dir, durable=False) as cluster:
        listening = await fetch(cluster.url(), "SHOW listen_addresses")
        sockets = await fetch(cluster.url(), "SHOW unix_socket_directories")
        port = int((await fetch(cluster.url(), "SHOW port"))[0]["port"])
        with pytest.raises(asyncpg.InvalidPasswordError):
            await asyncpg.connect(f"postgresql://gateway:wrong@127.0.0.1:{port}/postgres")
    assert listening[0]["listen_addresses"] == "127.0.0.1"
    assert sockets[0]["unix_socket_directories"] == ""
    assert port < 32768


async def test_a_database_is_copied_from_a_template(data_dir: Path) -> None:
    with Cluster(data_dir, durable=False) as cluster:
        await fetch(cluster.url(), "CREATE TABLE steps AS SELECT 42 AS taken")
        cluster.create_database('it\'s a "copy"', template="wearable_gateway")
        copy = cluster.url('it\'s a "copy"')
        assert len(await fetch(copy, "SELECT taken FROM steps")) == 1
        with pytest.raises(EmbeddedPostgresError, match="already exists"):
            cluster.create_database('it\'s a "copy"')


def test_secrets_are_readable_by_their_owner_only(data_dir: Path) -> None:
    with Cluster(data_dir, durable=False) as cluster:
        password = cluster.url().partition("gateway:")[2].partition("@")[0]
    for name in ("password", "postgres.log", "lock"):
        assert stat.S_IMODE((data_dir / name).stat().st_mode) == 0o600, name
    assert len(password) > 30
    assert password not in (data_dir / "postgres.log").read_text()


async def test_a_port_that_was_asked_for_is_used_and_refused_when_taken(
    data_dir: Path, tmp_path: Path
) -> None:
    with Cluster(data_dir, durable=False) as first:
        taken = int(first.url().rpartition(":")[2].partition("/")[0])
        with pytest.raises(EmbeddedPostgresError, match=f"Port {taken} is taken"):
            Cluster(tmp_path / "other", durable=False, port=taken).start()
    with Cluster(data_dir, durable=False, port=taken) as again:
        assert f":{taken}/" in again.url()


def test_a_second_start_on_live_data_is_refused_with_pid_and_port(data_dir: Path) -> None:
    with Cluster(data_dir, durable=False) as cluster:
        port = cluster.url().rpartition(":")[2].partition("/")[0]
        for second in (Cluster(data_dir), cluster):
            with pytest.raises(
                EmbeddedPostgresError, match=f"already running .* pid {cluster.pid}, port {port}"
            ):
                second.start()
        assert running_url(data_dir) == cluster.url()


def test_a_cluster_that_does_not_run_has_no_address(data_dir: Path) -> None:
    cluster = Cluster(data_dir)
    with pytest.raises(EmbeddedPostgresError, match="does not run"):
        cluster.url()
    cluster.stop()


async def test_rows_survive_a_killed_server(data_dir: Path) -> None:
    with Cluster(data_dir) as cluster:
        await fetch(cluster.url(), "CREATE TABLE steps AS SELECT 42 AS taken")
        assert cluster.pid is not None
        os.kill(cluster.pid, signal.SIGKILL)
        cluster.start()
        assert len(await fetch(cluster.url(), "SELECT taken FROM steps")) == 1
