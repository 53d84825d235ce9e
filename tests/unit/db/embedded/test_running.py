import os
import socket
import subprocess
from pathlib import Path

from wearable_gateway.db.embedded import Cluster, running_url

from .rows import fetch


async def test_the_address_of_a_running_server_is_found_by_its_data_directory(data_dir: Path) -> None:
    with Cluster(data_dir, durable=False) as cluster:
        found = running_url(data_dir)
        assert found == cluster.url()
        assert len(await fetch(found, "SELECT 1")) == 1
        assert running_url(data_dir, "postgres") == cluster.url("postgres")
    assert running_url(data_dir) is None


def test_there_is_no_address_without_a_cluster(tmp_path: Path) -> None:
    assert running_url(tmp_path / "nothing") is None
    assert running_url(tmp_path) is None


def test_a_pid_file_that_names_another_live_process_is_not_believed(data_dir: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as stranger:
        port = stranger.getsockname()[1]
        write_pid_file(data_dir, os.getpid(), port)
        assert running_url(data_dir) is None


def test_a_server_starts_over_a_pid_file_that_names_another_live_process(data_dir: Path) -> None:
    write_pid_file(data_dir, os.getppid(), 1)
    with Cluster(data_dir, durable=False) as cluster:
        assert running_url(data_dir) == cluster.url()


def test_a_program_that_only_stands_in_the_folder_is_neither_believed_nor_ended(data_dir: Path) -> None:
    with subprocess.Popen(["sleep", "600"], cwd=data_dir / "cluster") as visitor:  # noqa: S607
        try:
            write_pid_file(data_dir, visitor.pid, 1)
            with Cluster(data_dir, durable=False) as cluster:
                assert running_url(data_dir) == cluster.url()
            assert visitor.poll() is None
        finally:
            visitor.kill()


def write_pid_file(data_dir: Path, pid: int, port: int) -> None:
    cluster = data_dir / "cluster"
    lines = (str(pid), str(cluster), "1700000000", str(port), "", "127.0.0.1", "  9999999  99", "ready   ")
    (cluster / "postmaster.pid").write_text("\n".join(lines) + "\n")
