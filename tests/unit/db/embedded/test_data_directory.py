from pathlib import Path

import pytest

from wearable_gateway.db.embedded import Cluster, EmbeddedPostgresError


def test_a_file_in_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("not a folder")
    with pytest.raises(EmbeddedPostgresError, match="is a file: choose another place"):
        Cluster(tmp_path / "data").start()
    with pytest.raises(EmbeddedPostgresError, match="is a file: choose another place"):
        Cluster(tmp_path / "data" / "below").start()


def test_a_folder_with_other_things_in_it_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").touch()
    with pytest.raises(EmbeddedPostgresError, match=r"already holds something else \(holiday.jpg\)"):
        Cluster(tmp_path).start()
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]


def test_an_empty_mount_point_is_accepted(tmp_path: Path) -> None:
    (tmp_path / "lost+found").mkdir()
    with Cluster(tmp_path, durable=False):
        pass


def test_data_of_another_major_version_is_refused_with_a_way_out(data_dir: Path) -> None:
    (data_dir / "pg_major").write_text("16\n")
    (data_dir / "cluster" / "PG_VERSION").write_text("16\n")
    with pytest.raises(EmbeddedPostgresError, match=r"written by PostgreSQL 16, .* dump it with version 16"):
        Cluster(data_dir).start()


def test_a_first_start_that_was_cut_short_is_begun_again(tmp_path: Path) -> None:
    (tmp_path / "cluster.partial").mkdir()
    (tmp_path / "cluster.partial" / "PG_VERSION").write_text("18\n")
    (tmp_path / "password").write_text("kept-from-the-first-try\n")
    with Cluster(tmp_path, durable=False) as cluster:
        assert "kept-from-the-first-try" in cluster.url()
    assert not (tmp_path / "cluster.partial").exists()


def test_a_lost_password_is_told_before_the_server_starts(data_dir: Path) -> None:
    (data_dir / "password").unlink()
    with pytest.raises(EmbeddedPostgresError, match="password is missing"):
        Cluster(data_dir).start()


def test_a_server_that_cannot_start_says_why_and_frees_the_folder(data_dir: Path) -> None:
    configuration = data_dir / "cluster" / "postgresql.conf"
    sound = configuration.read_text()
    configuration.write_text(sound + "\nshared_buffers = lots\n")
    with pytest.raises(EmbeddedPostgresError, match="did not start"):
        Cluster(data_dir, durable=False).start()
    configuration.write_text(sound)
    with Cluster(data_dir, durable=False):
        pass
