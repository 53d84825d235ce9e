"""Rules of connections, as tables."""

from datetime import UTC, datetime, timedelta

import pytest

from wearable_gateway.connections.linking import DuplicateAccount, replaced_by
from wearable_gateway.connections.models import Connection, ConnectionState
from wearable_gateway.connections.reference_ids import check_reference_id
from wearable_gateway.connections.release import SCHEDULE, retry_after
from wearable_gateway.connections.revocation import Belief, judge
from wearable_gateway.connections.scopes import effective
from wearable_gateway.developers.settings import DuplicatePolicy
from wearable_gateway.errors import InvalidInputError
from wearable_gateway.kit.ids import uuid7

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def connection(reference_id: str | None) -> Connection:
    return Connection(
        "acme",
        uuid7(),
        "SANDBOX",
        uuid7(),
        reference_id,
        (),
        (),
        ConnectionState.ACTIVE,
        None,
        None,
        None,
        NOW,
    )


@pytest.mark.parametrize(
    ("reference_id", "linked", "policy", "replaced"),
    [
        ("x", [], DuplicatePolicy.REJECT, []),
        ("x", ["x"], DuplicatePolicy.KEEP_BOTH, ["x"]),
        ("x", ["x"], DuplicatePolicy.REJECT, ["x"]),
        ("x", ["y"], DuplicatePolicy.KEEP_BOTH, []),
        ("x", ["x", "y"], DuplicatePolicy.KEEP_BOTH, ["x"]),
        ("x", ["y"], DuplicatePolicy.REPLACE, ["y"]),
        ("x", ["x", "y"], DuplicatePolicy.REPLACE, ["x", "y"]),
        ("x", ["y"], DuplicatePolicy.REJECT, None),
        (None, [None], DuplicatePolicy.KEEP_BOTH, [None]),
        (None, ["y"], DuplicatePolicy.KEEP_BOTH, []),
        ("x", [None], DuplicatePolicy.REJECT, None),
    ],
)
def test_which_connections_give_way(
    reference_id: str | None,
    linked: list[str | None],
    policy: DuplicatePolicy,
    replaced: list[str | None] | None,
) -> None:
    verdict = replaced_by(reference_id, [connection(name) for name in linked], policy)
    if replaced is None:
        assert isinstance(verdict, DuplicateAccount)
    else:
        assert isinstance(verdict, list)
        assert [one.reference_id for one in verdict] == replaced


@pytest.mark.parametrize(
    ("signed", "after_consent", "belief"),
    [
        (True, timedelta(minutes=6), Belief.BELIEVE),
        (True, timedelta(minutes=4), Belief.CONFIRM),
        (True, timedelta(0), Belief.CONFIRM),
        (True, -timedelta(days=1), Belief.CONFIRM),
        (True, None, Belief.CONFIRM),
        (False, timedelta(days=1), Belief.CONFIRM),
        (False, None, Belief.CONFIRM),
    ],
)
def test_when_a_revocation_is_believed(signed: bool, after_consent: timedelta | None, belief: Belief) -> None:
    occurred_at = NOW + after_consent if after_consent is not None else None
    assert judge(signed=signed, occurred_at=occurred_at, consented_at=NOW) is belief


@pytest.mark.parametrize(
    ("consented", "granted", "left"),
    [
        ("abc", "abc", "abc"),
        ("abc", "a", "a"),
        ("a", "abc", "a"),
        ("ab", "", ""),
        ("", "abc", ""),
        ("cba", "abc", "cba"),
    ],
)
def test_a_connection_has_what_its_end_user_agreed_to_and_the_vendor_still_grants(
    consented: str, granted: str, left: str
) -> None:
    assert effective(consented, granted) == tuple(left)


def test_giving_back_is_tried_again_with_growing_pauses_and_ends() -> None:
    pauses = [retry_after(number) for number in range(1, len(SCHEDULE) + 2)]
    assert pauses[-1] is None
    assert sorted(pause for pause in pauses if pause) == list(SCHEDULE)


@pytest.mark.parametrize(
    "value", ["ann", "a" * 255, "ann@example.org", "用户-7", "a b", "<b>", "'; --", "🏃"]
)
def test_reference_ids_of_many_kinds_are_accepted(value: str) -> None:
    assert check_reference_id(value) == value


@pytest.mark.parametrize("value", [None, ""])
def test_no_reference_id_is_none(value: str | None) -> None:
    assert check_reference_id(value) is None


@pytest.mark.parametrize("value", ["a" * 256, "a\nb", "a\x00b", "\x7f", " a", "a ", "a\u2028b", "\ud800"])
def test_reference_ids_that_would_confuse_are_refused(value: str) -> None:
    with pytest.raises(InvalidInputError, match="reference_id"):
        check_reference_id(value)
