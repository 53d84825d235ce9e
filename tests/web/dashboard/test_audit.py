"""The audit log's page and its file: who, what, when, from where; narrowed, paged, harmless in a spreadsheet."""

import csv
import io
import re
from pathlib import Path

import pytest

import wearable_gateway
from tests.web.dashboard.conftest import Signer
from wearable_gateway.db.session import Database
from wearable_gateway.developers import audit
from wearable_gateway.developers.models import AuditEntry
from wearable_gateway.developers.roles import Operator
from wearable_gateway.kit.clock import utc_now
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.web.dashboard.audit import PAGE_SIZE
from wearable_gateway.web.dashboard.audit_words import WORDS, changes, title, who, words

AUDIT = "/dashboard/acme/audit"


async def write(db: Database, dev_id: str = "acme", **given: object) -> None:
    entry = {"actor": "operator:olga@example.org", "action": "settings.changed", "subject": "developer:acme"}
    await audit.record(db.autocommit, dev_id, **{**entry, **given})  # type: ignore[arg-type]


async def test_entries_are_sentences_with_what_changed(sign_in: Signer, rea: Operator, db: Database) -> None:
    browser = await sign_in(rea)
    assert "rea@example.org</a> signed in" in (await browser.open(AUDIT)).text
    await write(db, before={"history_days": 90}, after={"history_days": 30, "healthcheck": False})
    await write(db, action="tea.made", actor="developer:acme", subject="kettle:<b>1</b>", after="<i>hot</i>")
    await write(db, dev_id="northwind", actor="operator:bob@example.org")
    await write(db, dev_id=audit.GATEWAY, actor="operator:ann@example.org")
    page = (await browser.open(AUDIT)).text
    text = " ".join(re.sub(r"<[^>]+>", " ", page).split())
    assert "olga@example.org changed settings history_days 90 → became 30 healthcheck false" in text
    assert "An API key tea.made &lt;i&gt;hot&lt;/i&gt; kettle:&lt;b&gt;1&lt;/b&gt;" in text
    assert "203.0.113.9" in text
    assert "bob@example.org" not in page
    assert "operator:ann@example.org" not in page


async def test_the_log_is_narrowed_and_every_link_keeps_the_question(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    today = f"{utc_now():%Y-%m-%d}"
    await write(db, after={"number": "one"})
    await write(db, action="key.revoked", subject="key:7", before={"number": "two"})
    await write(db, actor="developer:acme", after={"number": "three"})
    browser = await sign_in(olga)
    for query, numbers in (
        ("actor=OLGA@example.org", {"one", "two"}),
        ("action=operator.signed_in", set()),
        ("actor=developer:acme", {"three"}),
        ("action=key.revoked", {"two"}),
        ("subject=developer:acme&actor=olga@example.org", {"one"}),
        (f"since={today}&until={today}", {"one", "two", "three"}),
        ("until=2020-01-01", set()),
        ("since=nonsense&before=nonsense&actor=%00", {"one", "two", "three"}),
    ):
        page = (await browser.open(f"{AUDIT}?{query}")).text
        assert {one for one in ("one", "two", "three") if f">{one}<" in page} == numbers, query
    page = (await browser.open(f"{AUDIT}?action=key.revoked&subject=key:7")).text
    assert f'href="{AUDIT}/export?action=key.revoked&amp;subject=key%3A7"' in page
    assert (
        f'href="{AUDIT}?actor=operator%3Aolga%40example.org&amp;action=key.revoked&amp;subject=key%3A7"'
        in page
    )
    assert "Nothing like that" in (await browser.open(f"{AUDIT}?actor=nobody")).text


async def test_pages_lead_to_older_entries_and_back(sign_in: Signer, ann: Operator, db: Database) -> None:
    browser = await sign_in(ann)
    for number in range(PAGE_SIZE):
        await write(db, dev_id=audit.GATEWAY, after={"n": f"no. {number}."})
    await write(db, dev_id=audit.GATEWAY, after={"n": "the last"})
    page = (await browser.open("/dashboard/-/audit")).text
    assert "the last" in page
    assert "no. 0." not in page
    older = re.search(r'href="([^"]+)">Older<', page)
    assert older
    page = (await browser.open(older[1].replace("&amp;", "&"))).text
    assert "no. 0." in page
    assert ">Newest<" in page
    assert ">Older<" not in page


async def test_the_file_holds_what_was_asked_for_and_no_formula(
    sign_in: Signer, olga: Operator, db: Database
) -> None:
    await write(db, after={"a": "=1+1"})
    for odd in ("=cmd()", "+1", "-1", "@a", "\tb"):
        await write(db, actor=odd, subject=odd, after=-5)
    await write(db, dev_id="northwind", actor="operator:bob@example.org")
    browser = await sign_in(olga)
    answer = await browser.open(f"{AUDIT}/export")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert 'attachment; filename="audit-acme-' in answer.headers["content-disposition"]
    head, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert head == ["entry_id", "at", "actor", "action", "subject", "before", "after", "address"]
    assert rows.pop(0)[3] == "operator.signed_in"
    assert len(rows) == 6
    assert not [cell for row in rows for cell in row if cell.startswith(("=", "+", "-", "@", "\t"))]
    assert [row[6] for row in rows] == ["'-5"] * 5 + ['{"a":"=1+1"}']
    narrowed = await browser.open(f"{AUDIT}/export?actor=olga@example.org")
    assert len(narrowed.text.splitlines()) == 3


@pytest.mark.parametrize(
    ("actor", "dev_id", "said"),
    [
        ("operator:ann@example.org", "acme", "ann@example.org"),
        ("operator:command-line", "acme", "The command line"),
        ("developer:acme", "acme", "An API key"),
        ("developer:acme", None, "An API key of acme"),
        ("admin-token:01a204b2-60d1-7c55-9b1f-2d5e0f7a8c41", "acme", "Admin token 01a204b2…7a8c41"),
        ("end-user:ann", "acme", "The end user ann"),
        ("somebody", "acme", "somebody"),
    ],
)
def test_whoever_it_was_has_a_name(actor: str, dev_id: str | None, said: str) -> None:
    assert who(actor, dev_id) == said


def test_an_action_nobody_has_words_for_is_named() -> None:
    assert words("tea.made") == "tea.made"


def test_what_changed_is_told_field_by_field() -> None:
    def told(before: object, after: object) -> list[tuple[str, str | None, str | None]]:
        entry = AuditEntry(uuid7(), utc_now(), "a:b", "c.d", "e:f", before, after, None)
        return list(changes(entry))

    assert told({"a": 1, "b": 2}, {"a": 1, "b": None}) == [("b", "2", "none")]
    assert told(None, {"a": ["x", "y"], "b": [1], "c": None, "d": []}) == [
        ("a", None, "x, y"),
        ("b", None, "[1]"),
    ]
    assert told({"a": "x" * 500}, None) == [("a", "x" * 300 + "…", None)]
    assert told(None, None) == []
    assert told(1, "two") == [("", "1", "two")]


def test_every_action_that_is_recorded_reads_as_a_sentence() -> None:
    sources = Path(wearable_gateway.__file__).parent.rglob("*.py")
    recorded = {
        action
        for source in sources
        for action in re.findall(r'\baction="([a-z_]+\.[a-z_]+)"', source.read_text())
    }
    assert "data.requested" in recorded
    assert recorded <= set(WORDS)
    assert title("key.created") == "Made an API key"
