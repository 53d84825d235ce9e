import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from wearable_gateway.db.embedded import Cluster, EmbeddedPostgresError, running_url
from wearable_gateway.db.embedded.postmaster import read_pid_file, serves, wait_until

from .rows import fetch

PARENT = """
import sys, time
from pathlib import Path
from wearable_gateway.db.embedded import Cluster
cluster = Cluster(Path(sys.argv[1]))
cluster.start()
print(cluster.url(), flush=True)
time.sleep(600)
"""


@pytest.mark.processes
async def test_a_killed_parent_takes_the_server_with_it_and_rows_are_kept(data_dir: Path) -> None:
    with start_parent(data_dir) as parent:
        url = read_url(parent)
        await fetch(url, "CREATE TABLE steps AS SELECT 42 AS taken")
        pid = server_pid(data_dir)
        parent.kill()
        parent.wait()
        assert wait_until(lambda: not serves(pid, data_dir / "cluster"), 10)
    assert "database system is shut down" in (data_dir / "postgres.log").read_text()
    with Cluster(data_dir) as cluster:
        assert len(await fetch(cluster.url(), "SELECT taken FROM steps")) == 1


@pytest.mark.processes
async def test_a_start_right_after_a_killed_parent_waits_for_the_old_server(data_dir: Path) -> None:
    with start_parent(data_dir) as parent:
        await fetch(read_url(parent), "CREATE TABLE steps AS SELECT 42 AS taken")
        parent.kill()
        with Cluster(data_dir) as cluster:
            assert len(await fetch(cluster.url(), "SELECT taken FROM steps")) == 1


@pytest.mark.processes
async def test_a_frozen_leftover_server_is_ended_by_the_next_start(data_dir: Path) -> None:
    """Stands for a system where a server outlives its parent: a stopped process notices no death."""
    with start_parent(data_dir) as parent:
        await fetch(read_url(parent), "CREATE TABLE steps AS SELECT 42 AS taken")
        pid = server_pid(data_dir)
        os.kill(pid, signal.SIGSTOP)
        parent.kill()
        parent.wait()
        assert serves(pid, data_dir / "cluster")
        waking = threading.Timer(0.5, os.kill, (pid, signal.SIGCONT))
        waking.start()
        with Cluster(data_dir) as cluster:
            assert len(await fetch(cluster.url(), "SELECT taken FROM steps")) == 1


@pytest.mark.processes
def test_another_process_finds_the_server_and_may_not_start_a_second(data_dir: Path) -> None:
    with start_parent(data_dir) as parent:
        url = read_url(parent)
        assert running_url(data_dir) == url
        with pytest.raises(
            EmbeddedPostgresError, match=f"pid {server_pid(data_dir)}, .* by process {parent.pid}"
        ):
            Cluster(data_dir).start()


@pytest.mark.processes
async def test_the_server_outlives_the_thread_that_started_it(data_dir: Path) -> None:
    cluster = Cluster(data_dir, durable=False)
    thread = threading.Thread(target=cluster.start)
    thread.start()
    thread.join()
    with pytest.raises(TimeoutError):
        await_end(cluster, seconds=0.3)
    assert len(await fetch(cluster.url(), "SELECT 1")) == 1
    cluster.stop()


@contextmanager
def start_parent(data_dir: Path) -> Iterator["subprocess.Popen[str]"]:
    with subprocess.Popen(  # noqa: S603 - this interpreter and the lines above
        [sys.executable, "-c", PARENT, str(data_dir)], stdout=subprocess.PIPE, text=True
    ) as parent:
        try:
            yield parent
        finally:
            parent.kill()


def read_url(parent: "subprocess.Popen[str]") -> str:
    assert parent.stdout is not None
    return parent.stdout.readline().strip()


def server_pid(data_dir: Path) -> int:
    server = read_pid_file(data_dir / "cluster")
    assert server is not None
    return server.pid


def await_end(cluster: Cluster, *, seconds: float) -> None:
    if not wait_until(lambda: cluster.pid is None, seconds):
        raise TimeoutError
