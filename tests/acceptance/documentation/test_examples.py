"""The examples run, and are answered as is shown.

A fenced block is `python`, `sh` (commands that begin with `curl` are sent), `js`, or `json`: what the `curl` before it is
answered with, shortened. The names that examples use without making them are made by `Reader`, for each block anew.
"""

import asyncio
import json
import re
import shlex
import shutil
from pathlib import Path
from string import Template
from typing import Any

import httpx
import pytest

from tests.acceptance.documentation.clients import clients_of, close
from tests.acceptance.documentation.likeness import differences
from tests.acceptance.documentation.pages import blocks, having, named, sections
from tests.acceptance.documentation.reader import Reader
from tests.fakes.gateway import Company
from tests.fakes.pictures import PNG as LOGO

ADDRESSES = ("https://gateway.example.org", "http://127.0.0.1:8000")


@pytest.mark.parametrize("page", having("python"), ids=named)
async def test_python_examples_run(reader: Reader, page: Path) -> None:
    kept: dict[str, Any] = {}
    try:
        kept |= clients_of(reader)
        for block in blocks(page.read_text(), "python"):
            code = compile(_for_reader(block.text, reader), f"{named(page)}: {block.text}", "exec")
            before = {id(value): value for value in kept.values()}
            kept |= await reader.names(block.text)
            await asyncio.to_thread(exec, code, kept)
            close(value for key, value in before.items() if key not in {id(one) for one in kept.values()})
    finally:
        close(kept.values())


def _for_reader(text: str, reader: Reader) -> str:
    for address in ADDRESSES:
        text = text.replace(address, reader.gateway.url)
    return text.replace("…", reader.company.api_key)


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
