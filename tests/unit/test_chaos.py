"""The judge of chaos: what it calls lost, sent twice, altered or recorded too late is so, and nothing else is."""

from random import Random

import pytest
from bench.book import Entry
from bench.chaos.__main__ import SCENARIOS, USUAL
from bench.chaos.faults import FAULTS, drawn
from bench.chaos.findings import Finding, table
from bench.chaos.options import Options, read
from bench.chaos.reckoning import Reckoning, Recorded, Records, reckon
from bench.producer import Committed

_STORED = {"/a": {"1": "x", "2": "y"}, "/b": {"1": "x"}}


def _once(digest: str) -> Entry:
    return Entry(digest, 1.0, 1.0)


def _recorded(*delivered: bool) -> Recorded:
    recorded = Recorded()
    for one in delivered:
        recorded.add(delivered=one)
    return recorded


def _all_recorded() -> dict[tuple[str, str], Recorded]:
    return {(path, event): _recorded(True) for path, events in _STORED.items() for event in events}


def _all_received() -> dict[str, dict[str, Entry]]:
    return {
        path: {event: _once(digest) for event, digest in found.items()} for path, found in _STORED.items()
    }


def _reckoned(ledger: dict[str, dict[str, Entry]], records: Records, *committed: str) -> Reckoning:
    return reckon(_STORED, ledger, records, [Committed(event, "dev", "", 0, 0) for event in committed])


def test_when_all_is_well_nothing_is_found() -> None:
    found = _reckoned(_all_received(), _all_recorded(), "1", "2")
    assert found == Reckoning(
        expected=3, vanished=0, lost=0, sent_twice=0, altered=0, unrecorded=0, recorded_late=0
    )


def test_an_event_that_one_of_its_destinations_never_got_is_lost() -> None:
    ledger = _all_received()
    del ledger["/b"]
    assert _reckoned(ledger, _all_recorded()).lost == 1
    assert _reckoned({}, _all_recorded()).lost == 3


def test_an_event_that_was_committed_and_is_not_stored_has_vanished() -> None:
    assert _reckoned(_all_received(), _all_recorded(), "1", "9").vanished == 1


def test_a_request_without_an_attempt_is_a_repetition_and_a_refused_one_is_none() -> None:
    ledger, records = _all_received(), _all_recorded()
    ledger["/a"]["1"].times = 3
    assert _reckoned(ledger, records).sent_twice == 2
    records["/a", "1"] = _recorded(False, True)
    assert _reckoned(ledger, records).sent_twice == 1


def test_other_bytes_are_found_among_repetitions_and_against_what_is_stored() -> None:
    ledger = _all_received()
    ledger["/a"]["1"].altered = 1
    ledger["/b"]["1"] = _once("z")
    assert _reckoned(ledger, _all_recorded()).altered == 2


def test_a_success_must_be_recorded_once_and_nothing_after_it() -> None:
    records = _all_recorded()
    records["/a", "1"] = _recorded(False, True, False)
    records["/a", "2"] = _recorded(False, False)
    records["/b", "1"] = _recorded(True, True)
    found = _reckoned(_all_received(), records)
    assert (found.unrecorded, found.recorded_late) == (1, 2)


def test_every_fault_happens_before_any_comes_again_and_the_seed_decides() -> None:
    lots = drawn(Random(7), 2 * len(FAULTS), 10)
    assert {kind for _, kind in lots[: len(FAULTS)]} == set(FAULTS)
    assert [moment for moment, _ in lots] == sorted(moment for moment, _ in lots)
    assert lots == drawn(Random(7), 2 * len(FAULTS), 10)
    assert lots != drawn(Random(8), 2 * len(FAULTS), 10)
    assert len(drawn(Random(7), 4, 10)) == 4


def test_without_words_the_usual_scenarios_run() -> None:
    assert read([], SCENARIOS, USUAL) == Options(USUAL)
    assert set(USUAL) <= set(SCENARIOS)


def test_options_say_how_much() -> None:
    found = read(["soak", "--minutes", "30", "--rate", "2000", "--open-minutes", "10"], SCENARIOS, USUAL)
    assert (found.scenarios, found.minutes, found.rate, found.open_minutes) == (("soak",), 30, 2000, 10)


@pytest.mark.parametrize("words", [["--kills", "0"], ["--seconds", "0"], ["--rate", "x"], ["nothing"]])
def test_options_that_make_no_sense_are_refused(words: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        read(words, SCENARIOS, USUAL)
    assert "error" in capsys.readouterr().err


def test_the_table_says_which_goal_was_missed() -> None:
    lines = table(
        [
            Finding("kills", "0 lost", "0", kept=True, how="by killing"),
            Finding("kills", "0 late", "3", kept=False, how="so"),
        ]
    ).splitlines()
    assert lines[1].split() == ["kills", "0", "lost", "0", "kept", "by", "killing"]
    assert "MISSED" in lines[2]
