"""The documentation is held to what it says: its examples run, its answers are real, nothing is missing, links lead on.

A fenced block is `python`, `sh` (commands that begin with `curl` are sent), `js`, or `json`: what the `curl` before it is
answered with, shortened. The names that examples use without making them are made by `Reader`, for each block anew.
"""

import asyncio
import inspect
import json
import re
import shlex
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from string import Template
from typing import Any
from uuid import UUID

import httpx
import pytest
from terra import Terra

from tests.fakes.gateway import Company, Gateway
from tests.fakes.past import Past
from tests.fakes.pictures import PNG as LOGO
from tests.fakes.ports import free_port
from wearable_gateway.connections.repository import ConnectionRepository
from wearable_gateway.developers.admin_tokens import issue_admin_token
from wearable_gateway.developers.keys import KeyHasher
from wearable_gateway.developers.settings import ApiVersion, DeveloperSettings
from wearable_gateway.events import catalog, data_events, destination_events
from wearable_gateway.events.catalog import EventType
from wearable_gateway.kit.addresses import AddressPolicy
from wearable_gateway.kit.encryption import Keyring
from wearable_gateway.kit.ids import uuid7
from wearable_gateway.kit.signatures import terra_signature
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.unified.documentation import MODELS
from wearable_gateway.unified.generations import in_current_form
from wearable_gateway.unified.records import DataType
from wearable_gateway.web.app import AppConfig, create_app

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
REFERENCE = sorted(DOCS.glob("api/*.md"))
EXAMPLES = [
    ROOT / "README.md",
    DOCS / "api.md",
    *REFERENCE,
    DOCS / "events.md",
    DOCS / "moving-from-terra.md",
]
LINKED = [*ROOT.glob("*.md"), *DOCS.rglob("*.md")]
ADDRESSES = ("https://gateway.example.org", "http://127.0.0.1:8000")
DEV_IDS = ('dev_id="acme"', 'dev_id="demo"')
SCOPES = [
    "daily", "activity", "sleep", "body", "menstruation", "nutrition", "athlete", "planned_workout", "hormone",
    "health_observation", "write",
]  # fmt: skip
ADDED = {
    "body": {
        "metadata": {"start_time": "2026-11-18T00:00:00+00:00", "end_time": "2026-11-18T23:59:59+00:00"},
        "measurements_data": {
            "measurements": [{"measurement_time": "2026-11-18T07:30:00+00:00", "weight_kg": 80}]
        },
    },
    "nutrition": {
        "metadata": {"start_time": "2026-11-18T00:00:00+00:00", "end_time": "2026-11-18T23:59:59+00:00"},
        "meals": [
            {
                "id": "x",
                "name": "Soup",
                "type": 3,
                "timestamp": "2026-11-18T12:30:00+00:00",
                "quantity": {"unit": 1, "amount": 350},
                "macros": {"calories": 400},
                "micros": {},
            }
        ],
    },
    "plannedWorkout": {
        "metadata": {"name": "Hills", "type": "RUNNING", "planned_date": "2026-12-01T07:00:00+00:00"},
        "steps": [],
    },
}

_FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)
_HEADING = re.compile(r"^#+ (.+)$", re.MULTILINE)
_CALL = re.compile(r"/(v2|api(?!/v2)|widget/api|admin)/")
_LINK = re.compile(r"\]\(([^)\s]+)\)")


@dataclass(frozen=True)
class Block:
    language: str
    text: str


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(text: str, *languages: str) -> list[Block]:
    found = [Block(language, _dedented(body, indent)) for indent, language, body in _FENCE.findall(text)]
    return [block for block in found if not languages or block.language in languages]


def _dedented(body: str, indent: str) -> str:
    return "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))


def sections(text: str) -> list[str]:
    return re.split(r"^(?=## )", text, flags=re.MULTILINE)


def having(*languages: str) -> list[Path]:
    return [path for path in EXAMPLES if blocks(path.read_text(), *languages)]


@dataclass
class Reader:
    """Somebody who follows a page, with a gateway of their own."""

    gateway: Gateway
    company: Company
    admin_token: str
    hasher: KeyHasher
    http: httpx.AsyncClient
    accounts: int = 0
    delivery: dict[str, Any] = field(default_factory=dict)

    async def names(self, text: str) -> dict[str, Any]:
        """What an example speaks of without having made it; a person is connected anew for each."""
        found: dict[str, Any] = {"admin_token": self.admin_token, "api_key": self.company.api_key}
        if uses(text, "user_id", "grant_id", "customer-7", "log_ids", "log_id", "reference"):
            self.accounts += 1
            user_id = await self.gateway.connected(
                self.company, f"ann-{self.accounts}", "customer-7", scopes=SCOPES
            )
            found["user_id"] = user_id
            found["user_ids"] = [user_id]
        if uses(text, "grant_id"):
            found["grant_id"] = str(await self._grant_id(user_id))
        if uses(text, "log_ids", "log_id"):
            found["log_ids"] = [await self._log_id(text, user_id)]
            found["log_id"] = found["log_ids"][0]
        if uses(text, "reference"):
            found["reference"] = await self._reference(user_id)
        if uses(text, "event_id", "recovery_id", "fetch_events", "wait", "since", "deliveries", "recoveries"):
            found |= await self._delivery()
        elif uses(text, "destination_id"):
            found["destination_id"] = await self._destination_id()
        if uses(text, "recovery_id"):
            path = f"/v2/destinations/{found['destination_id']}/recover"
            begun = await self._ok("POST", path, json={"since": found["since"]})
            found["recovery_id"] = begun["recovery"]["recovery_id"]
        if uses(text, "token"):
            found["token"] = (await self._ok("POST", "/v2/auth/generateAuthToken"))["token"]
        found |= await self._administered(text)
        if uses(text, "secret"):
            now = int(datetime.now(UTC).timestamp())
            found |= {
                "body": "{}",
                "secret": "whsec_x",
                "header": terra_signature(["whsec_x"], b"{}", now),
            }
        return found

    async def _administered(self, text: str) -> dict[str, Any]:
        """What only an operator knows by name."""
        found: dict[str, Any] = {}
        if uses(text, "logo"):
            found["logo"] = LOGO
        if uses(text, "job_id"):
            found["job_id"] = await self._job_id()
        if uses(text, "token_id"):
            async with self.gateway.db.transaction() as session:
                spare, _ = await issue_admin_token(session, self.hasher, "spare", actor="operator:tests")
            found["token_id"] = str(spare.id)
        return found

    async def _delivery(self) -> dict[str, Any]:
        """An event that was given up at one destination, and is there to be fetched at another."""
        if not self.delivery:
            past = Past(self.gateway.db, self.company.dev_id)
            sent = await past.destination("http://127.0.0.1:1/", event_types=["activity"])
            pulled = await past.destination(None, event_types=["activity"])
            event_ids = await past.events(body=b'{"type":"activity"}')
            await past.tried(sent, event_ids, "refused", number=10)
            await past.queued(sent, event_ids, "exhausted", attempts=10)
            await past.tried(pulled, event_ids, "available", first_position=1)
            since = (datetime.now(UTC) - timedelta(hours=6)).isoformat()
            self.delivery = {
                "event_id": str(event_ids[0]),
                "destination_id": str(sent),
                "since": since,
            }
        return self.delivery

    async def _grant_id(self, user_id: str) -> UUID:
        connection = await ConnectionRepository(self.gateway.db.autocommit, self.company.dev_id).get(
            UUID(user_id)
        )
        return connection.grant_id

    async def _job_id(self) -> str:
        user_id = await self.gateway.connected(self.company, "ann-bulk", "customer-bulk", scopes=SCOPES)
        answer = await self.http.post(
            f"{self.gateway.url}/admin/v1/developers/{self.company.dev_id}/bulk-jobs",
            headers={"authorization": f"Bearer {self.admin_token}"},
            json={"kind": "assign", "rows": [{"user_id": user_id, "reference_id": "customer-9"}]},
        )
        return str(answer.raise_for_status().json()["job"]["job_id"])

    async def _log_id(self, text: str, user_id: str) -> str:
        kind = next(kind for kind in ADDED if kind.lower() in text.lower())
        written = await self._ok(
            "POST", f"/v2/{kind}", params={"user_id": user_id}, json={"data": [ADDED[kind]]}
        )
        return str(written["log_ids"][0])

    async def _reference(self, user_id: str) -> str:
        asked = {"user_id": user_id, "start_date": "2026-11-12", "end_date": "2026-11-18"}
        return str((await self._ok("GET", "/v2/daily", params=asked))["reference"])

    async def _destination_id(self) -> str:
        """The only one there is, so that none of the examples finds another one's."""
        for one in (await self._ok("GET", "/v2/destinations"))["destinations"]:
            await self._ok("DELETE", f"/v2/destinations/{one['destination_id']}")
        url = f"http://127.0.0.1:{free_port()}/hook"
        made = await self._ok("POST", "/v2/destinations", json={"url": url})
        return str(made["destination"]["destination_id"])

    async def _ok(self, method: str, path: str, **options: Any) -> dict[str, Any]:
        answer = await self.company.http.request(method, path, **options)
        assert answer.is_success, answer.text
        found: dict[str, Any] = answer.json()
        return found


def uses(text: str, *names: str) -> bool:
    return any(re.search(rf"(?<![.\w]){name}\b", text, re.IGNORECASE) for name in names)


@pytest.fixture
async def reader(
    gateway: Gateway, hasher: KeyHasher, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> Reader:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    page: Path = request.node.callspec.params["page"]
    company = await gateway.company("Demo" if page.name == "README.md" else "Acme")
    async with gateway.db.transaction() as session:
        _, admin_token = await issue_admin_token(session, hasher, "the reader's", actor="operator:tests")
    http = await gateway.stack.enter_async_context(httpx.AsyncClient(timeout=30, trust_env=False))
    return Reader(gateway, company, admin_token, hasher, http)


@pytest.mark.parametrize("page", having("python"), ids=named)
async def test_python_examples_run(reader: Reader, page: Path) -> None:
    kept: dict[str, Any] = {}
    try:
        kept |= _clients(reader)
        for block in blocks(page.read_text(), "python"):
            code = compile(_for_reader(block.text, reader), f"{named(page)}: {block.text}", "exec")
            before = {id(value): value for value in kept.values()}
            kept |= await reader.names(block.text)
            await asyncio.to_thread(exec, code, kept)
            _close(value for key, value in before.items() if key not in {id(one) for one in kept.values()})
    finally:
        _close(kept.values())


def _clients(reader: Reader) -> dict[str, Any]:
    company, url = reader.company, reader.gateway.url
    keys = {"dev-id": company.dev_id, "x-api-key": company.api_key}
    return {
        "httpx": httpx,
        "client": Terra(dev_id=company.dev_id, api_key=company.api_key, base_url=f"{url}/v2"),
        "http": httpx.Client(base_url=url, headers=keys),
    }


def _for_reader(text: str, reader: Reader) -> str:
    for address in ADDRESSES:
        text = text.replace(address, reader.gateway.url)
    return text.replace("…", reader.company.api_key)


def _close(values: Any) -> None:
    for value in values:
        http = value._client_wrapper.httpx_client.httpx_client if isinstance(value, Terra) else value
        if isinstance(http, httpx.Client):
            http.close()


@pytest.mark.parametrize("page", having("sh"), ids=named)
async def test_curl_examples_are_answered_as_shown(reader: Reader, page: Path) -> None:
    for section in sections(page.read_text()):
        answer: httpx.Response | None = None
        for block in blocks(section, "sh", "json"):
            if block.language == "sh":
                for command in re.split(r"^(?=curl )", block.text, flags=re.MULTILINE)[1:]:
                    answer = await _sent(command, reader)
                    assert answer.is_success, (command, answer.text)
            elif answer is not None:
                assert list(differences(json.loads(block.text), answer.json())) == [], section


async def _sent(command: str, reader: Reader) -> httpx.Response:
    assert not re.search(r"'[^']*\$[^']*'", command), (
        f"a shell fills in nothing between single quotes: {command}"
    )
    names = {name.upper(): value for name, value in (await reader.names(command)).items()}
    words = [
        Template(word).substitute(names, GATEWAY=reader.gateway.url)
        for word in shlex.split(command.replace("\\\n", " "))[1:]
    ]
    method, url = "GET", ""
    content: str | bytes | None = None
    headers: dict[str, str] = {}
    while words:
        match words.pop(0):
            case "-X":
                method = words.pop(0)
            case "-H":
                headers |= _header(words.pop(0), reader.company)
            case "--data-binary":
                assert words.pop(0) == "@logo.png"
                content = LOGO
            case "--json":
                content = words.pop(0)
                headers["content-type"] = "application/json"
                method = "POST" if method == "GET" else method
            case word:
                assert word.startswith("http"), f"what is {word!r} in {command}"
                url = word
    return await reader.http.request(method, url, headers=headers, content=content)


def _header(text: str, company: Company) -> dict[str, str]:
    if text == "@keys":
        return {"dev-id": company.dev_id, "x-api-key": company.api_key}
    name, _, value = text.partition(": ")
    return {name: value}


def differences(shown: Any, real: Any, place: str = "") -> Iterator[str]:
    """Where `shown` has a field or a type that `real` has not; null may stand for anything."""
    if shown is None or real is None:
        return
    if isinstance(shown, dict) and isinstance(real, dict):
        for name, value in shown.items():
            if name in real:
                yield from differences(value, real[name], f"{place}.{name}")
            else:
                yield f"{place}.{name} is not there"
    elif isinstance(shown, list) and isinstance(real, list):
        if shown and real:
            yield from differences(shown[0], real[0], f"{place}[0]")
    elif _kind(shown) != _kind(real):
        yield f"{place} is {real!r}"


def _kind(value: Any) -> str:
    return "number" if type(value) in {int, float} else type(value).__name__


@pytest.mark.parametrize("page", having("js"), ids=named)
async def test_javascript_examples_can_be_read(page: Path, tmp_path: Path) -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("no node on this machine: the JavaScript examples were not looked at")
    lines = [block.text.splitlines() for block in blocks(page.read_text(), "js")]
    imports = {line for one in lines for line in one if line.startswith("import ")}
    bodies = ["\n".join(line for line in one if not line.startswith("import ")) for one in lines]
    module = tmp_path / "examples.mjs"
    module.write_text("\n".join([*sorted(imports), *(f"{{\n{body}\n}}" for body in bodies)]))
    checked = await asyncio.create_subprocess_exec(node, "--check", module, stderr=asyncio.subprocess.PIPE)
    _, complaints = await checked.communicate()
    assert checked.returncode == 0, complaints.decode()


def calls_of_terra() -> set[str]:
    client = Terra(dev_id="a", api_key="b", base_url="http://127.0.0.1:1/v2")
    try:
        return {
            f"{group}.{name}"
            for group, value in inspect.getmembers(Terra)
            if isinstance(value, property)
            for name, _ in inspect.getmembers(getattr(client, group), inspect.ismethod)
            if not name.startswith("_")
        }
    finally:
        _close([client])


@pytest.mark.parametrize("language", ["python", "js"])
def test_every_call_of_terras_clients_has_an_example(language: str) -> None:
    shown = "".join(block.text for page in REFERENCE for block in blocks(page.read_text(), language))
    assert {call for call in calls_of_terra() if f"client.{call}(" not in shown} == set()
    index = (DOCS / "api.md").read_text()
    assert {call for call in calls_of_terra() if f"`{call}`" not in index} == set()


def test_every_route_is_described_with_all_its_parameters(keyring: Keyring, hasher: KeyHasher) -> None:
    config = AppConfig("postgresql://nowhere", "http://gateway.test", keyring, hasher, AddressPolicy())
    described = create_app(config).openapi()
    pages = {page: sections(page.read_text()) for page in REFERENCE}
    # Vendors' calls and pages for browsers are no part of the reference; under /api/v2 is the same as under /v2.
    calls = {path: found for path, found in described["paths"].items() if _CALL.match(path)}
    assert len(calls) > 20
    for path, operations in calls.items():
        for method, operation in operations.items():
            route = f"`{method.upper()} {path}`"
            found = [page for page, parts in pages.items() for part in parts if route in part]
            assert len(found) == 1, f"{route} is described {len(found)} times"
            text = found[0].read_text()
            missing = {name for name in _parameters(operation, described) if f"`{name}`" not in text}
            assert missing == set(), f"{route}: {missing}"


def _parameters(operation: Mapping[str, Any], described: Mapping[str, Any]) -> Iterator[str]:
    yield from (one["name"] for one in operation.get("parameters", ()) if one["in"] == "query")
    content = operation.get("requestBody", {}).get("content", {})
    for reference in re.findall(r"#/components/schemas/(\w+)", json.dumps(content)):
        yield from described["components"]["schemas"][reference].get("properties", {})


def test_every_setting_is_described() -> None:
    text = (DOCS / "api/admin.md").read_text()
    assert {name for name in DeveloperSettings.model_fields if f"| `{name}` |" not in text} == set()


USER = {"user_id": str(uuid7()), "provider": "SANDBOX", "reference_id": "ann"}
ID = UUID("01a204b2-3b93-73a5-8baf-3d294143e063")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
DAY = date(2026, 11, 18)
DESTINATION = {"destination_id": str(ID), "url": "https://acme.example/webhooks", "description": "production"}
EVENTS = [
    catalog.auth("a", USER, flow_id=ID, widget_session_id=None),
    catalog.auth_cancelled("a", flow_id=ID, reason="expired", reference_id=None, provider=None),
    catalog.auth_failed_classic("a", USER, reason="expired", provider=None, widget_session_id=None),
    catalog.user_reauth("a", USER, USER),
    catalog.deauth("a", USER),
    catalog.access_revoked("a", USER),
    catalog.connection_error("a", USER, "answered 403"),
    catalog.permission_change("a", USER, added=(), removed=("sleep",)),
    catalog.healthcheck("a", at=NOW, sent_last_hour=1, trend_percentage=0),
    data_events.large_request_processing("a", USER, ID),
    data_events.large_request_sending("a", USER, ID, expected_payloads=1),
    data_events.large_request_completed("a", USER, ID, expected_payloads=1, undelivered=0, failed_windows=0),
    data_events.rate_limit_hit("a", USER, ID, start=DAY, end=DAY, retrying_at=NOW),
    *(data_events.data("a", kind, USER, [], version=ApiVersion.CLASSIC) for kind in DataType),
    destination_events.exhausted("a", DESTINATION, [destination_events.Lost(ID, "daily", 10, "")]),
    destination_events.disabled("a", DESTINATION, "it failed for 5 days"),
    destination_events.recovered("a", DESTINATION, NOW),
]
RECORDS = {model.__name__.lower(): model for model in MODELS}


def event_examples() -> list[dict[str, Any]]:
    read = [json.loads(block.text) for block in blocks((DOCS / "events.md").read_text(), "json")]
    return [one for one in read if "type" in one]


def test_every_event_has_an_example_with_all_its_fields() -> None:
    assert {event.type for event in EVENTS} == set(EventType)
    examples = event_examples()
    real = [json.loads(event.body) for event in EVENTS]
    for body in real:
        alike = [
            one for one in examples if one["type"] == body["type"] and one.get("status") == body.get("status")
        ]
        assert [set(one) for one in alike] == [set(body)], body["type"]
        fixed = {"message", "version"} - ({"message"} if body["type"] == "connection_error" else set())
        assert {name: alike[0].get(name) for name in fixed} == {name: body.get(name) for name in fixed}
    assert len(examples) == len(real)


def test_records_in_examples_of_events_have_the_fields_of_their_models() -> None:
    for example in event_examples():
        kind = example["type"].replace("_", "").replace("hormone", "hormonesample")
        for record in [*example.get("data", ()), *filter(None, [example.get("athlete")])]:
            read = RECORDS[kind].model_validate(record).model_dump(mode="json", exclude_none=True)
            assert list(differences(record, read)) == []


def test_the_example_of_a_record_in_both_forms_is_right() -> None:
    read = [json.loads(block.text) for block in blocks((DOCS / "events.md").read_text(), "json")]
    classic, current = [one for one in read if "type" not in one]
    assert in_current_form(classic) == current
    assert classic != current


def test_every_provider_is_named_to_those_who_move_here() -> None:
    text = (DOCS / "moving-from-terra.md").read_text()
    assert {slug for slug in PROVIDERS if f"`{slug}`" not in text} == set()


@pytest.mark.parametrize("page", LINKED, ids=named)
def test_links_lead_somewhere(page: Path) -> None:
    for link in _LINK.findall(_FENCE.sub("", page.read_text())):
        if re.match(r"[a-z]+:", link):
            continue
        path, _, anchor = link.partition("#")
        target = (page.parent / path).resolve() if path else page
        assert target.exists(), f"{link} in {named(page)}"
        if anchor:
            assert anchor in anchors(target), f"{link} in {named(page)}"


def anchors(page: Path) -> set[str]:
    """As GitHub makes them of headings."""
    headings = _HEADING.findall(_FENCE.sub("", page.read_text()))
    texts = (re.sub(r"\[([^]]*)\]\([^)]*\)", r"\1", heading).lower() for heading in headings)
    return {re.sub(r"[^\w\- ]", "", text).strip().replace(" ", "-") for text in texts}
