from pathlib import Path

from wearable_gateway.db.embedded.server_log import ServerLog


def test_a_log_past_its_limit_is_moved_away_while_the_server_goes_on_writing(tmp_path: Path) -> None:
    log = ServerLog(tmp_path / "log", tmp_path / "log.1", limit=20)
    with log.open() as server:
        server.write(b"a line that is much longer than the limit\n")
        server.flush()
        log.trim()
        server.write(b"next\n")
        server.flush()
    assert (tmp_path / "log").read_bytes() == b"next\n"
    assert (tmp_path / "log.1").read_bytes().startswith(b"a line")


def test_the_first_fatal_line_of_this_start_is_the_complaint(tmp_path: Path) -> None:
    (tmp_path / "log").write_text("FATAL:  of an earlier start\n")
    log = ServerLog(tmp_path / "log", tmp_path / "log.1")
    with log.open() as server:
        server.write(b"LOG:  starting\nFATAL:  no room\nLOG:  shut down\n")
    assert log.complaint() == "FATAL:  no room"
    assert log.last_line() == "LOG:  shut down"
