"""Files as people's programs write them."""

import pytest

from wearable_gateway.bulk.cells import as_it_was, guarded, lines
from wearable_gateway.bulk.models import JobKind, Row, RowState
from wearable_gateway.bulk.reading import Sheet, read_csv, read_rows
from wearable_gateway.errors import InvalidInputError

A, B = "01a20425-b71b-77e5-9bd9-d8a42cd85b62", "01a20425-b71b-77e5-9bd9-d8a42cd85b63"
TWO = [(A, "ann"), (B, "bén")]


def _good(sheet: Sheet) -> list[tuple[str, str | None]]:
    return [(str(row.user_id), row.reference_id) for row in sheet.rows if row.state is RowState.WAITING]


def _broken(sheet: Sheet) -> dict[int, str | None]:
    return {row.number: row.reason for row in sheet.rows if row.state is RowState.BROKEN}


@pytest.mark.parametrize(
    "content",
    [
        f"user_id,reference_id\n{A},ann\n{B},bén\n".encode(),
        f"user_id,reference_id\r\n{A},ann\r\n{B},bén".encode(),
        f"User_ID;Reference_ID\r\n{A};ann\r\n{B};bén\r\n".encode("utf-8-sig"),
        f"user_id\treference_id\n{A}\tann\n{B}\tbén\n".encode("utf-16"),
        f'"reference_id","user_id"\n"ann","{A}"\n\n"bén","{B}"\n'.encode(),
        f"{A},ann\n{B},bén\n".encode(),
        f"provider,user_id,reference_id\nX,{A},ann\nX,{B}, bén \n".encode(),
        f"user_id,reference_id\n{A.upper()},ann,,\n{{{B}}},bén\n".encode(),
    ],
)
def test_every_common_way_to_write_it_is_read(content: bytes) -> None:
    sheet = read_csv(content, JobKind.ASSIGN)
    assert _good(sheet) == TWO
    assert _broken(sheet) == {}


def test_other_columns_are_said_to_be_left_alone() -> None:
    sheet = read_csv(f"provider,user_id,reference_id\nX,{A},ann".encode(), JobKind.ASSIGN)
    assert sheet.notes == ["Other columns are left alone: provider"]


def test_each_broken_line_says_its_number_and_why() -> None:
    text = (
        "user_id,reference_id\n"
        f"{A},ann\n"
        f"{A},other\n"
        "nonsense,ann\n"
        f"{B}\n"
        f"{B},a,b\n"
        f"{B},\n"
        ",ann\n"
        ",\n"
        f"{B},\x01\n"
        f"{B},{'x' * 256}\n"
        f'{B},"a"b\n'
        f'{B},"two\nlines"\n'
        f'{B},"never closed\n'
    )
    broken = _broken(read_csv(text.encode(), JobKind.ASSIGN))
    wanted = {
        3: "the user_id stands in line 2 already",
        4: "this is not a user_id",
        5: "1 columns, expected 2",
        6: "3 columns, expected 2",
        7: "the reference_id is empty",
        8: "the user_id is empty",
        9: "the line is empty but for its separators",
        10: "no control characters",
        11: "at most 255 characters",
        12: "this line is no CSV",
        13: "no control characters",
        15: "this line is no CSV: unexpected end of data",
    }
    assert broken.keys() == wanted.keys()
    for number, reason in wanted.items():
        assert reason in (broken[number] or ""), number


@pytest.mark.parametrize(
    ("content", "kind", "says"),
    [
        (b"", JobKind.ASSIGN, "the file is empty"),
        (b"user_id,reference_id\n", JobKind.ASSIGN, "at least one row"),
        (b"name,mail\na,b", JobKind.ASSIGN, "user_id,reference_id"),
        (b"user_id,user_id,reference_id\na,b,c", JobKind.ASSIGN, "names one twice"),
        (f"{A}\n".encode(), JobKind.DEAUTHENTICATE, "user_id or reference_id"),
        (f"user_id,reference_id\n{A},b\xe9n".encode("latin-1"), JobKind.ASSIGN, "line 2 is not"),
        (b"\xff\xfea", JobKind.ASSIGN, "UTF-8"),
        (b"x" * 2_000_001, JobKind.ASSIGN, "at most 2 MB"),
        (b"reference_id\n" + b"a\n" * 50_001, JobKind.DEAUTHENTICATE, "at most 50,000 rows"),
    ],
)
def test_what_cannot_be_read_at_all_says_what_to_do(content: bytes, kind: JobKind, says: str) -> None:
    with pytest.raises(InvalidInputError, match=says):
        read_csv(content, kind)


def test_users_to_deauthenticate_are_named_either_way() -> None:
    by_name = read_csv(b"reference_id\nann\nben\nann\n", JobKind.DEAUTHENTICATE)
    assert [(row.user_id, row.reference_id) for row in by_name.rows][:2] == [(None, "ann"), (None, "ben")]
    assert _broken(by_name) == {4: "the reference_id stands in line 2 already"}
    both = read_rows(
        [{"user_id": A, "reference_id": "ann"}, {}, {"reference_id": "ann"}], JobKind.DEAUTHENTICATE
    )
    assert both.rows[0] == Row(1, both.rows[0].user_id, None)
    assert _broken(both) == {2: "it names no user"}


@pytest.mark.parametrize(
    "cell", ["=1+1", "+49", "-1", "@a", "\ta", "'=a", "''-", "ann", "'ann", "", "a,b", 'a"b']
)
def test_no_cell_begins_a_formula_and_every_cell_comes_back(cell: str) -> None:
    written = guarded(cell)
    assert written[:1] not in {"=", "+", "-", "@", "\t", "\r"}
    assert as_it_was(written) == cell


def test_lines_are_written_as_spreadsheets_want_them() -> None:
    assert lines([["=a", None, 7, 'q"']]) == b'\'=a,,7,"q"""\r\n'
