"""The pages of the documentation, and what stands in fenced blocks on them."""

import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[3]
DOCS = ROOT / "docs"
REFERENCE = sorted(DOCS.glob("api/*.md"))
EXAMPLES = [
    ROOT / "README.md",
    DOCS / "api.md",
    *REFERENCE,
    DOCS / "events.md",
    DOCS / "moving-from-terra.md",
]

FENCE = re.compile(r"^( *)```(\w*)\n(.*?)^\1```$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Block:
    language: str
    text: str


def named(path: Path) -> str:
    return str(path.relative_to(ROOT))


def blocks(text: str, *languages: str) -> list[Block]:
    found = [Block(language, _dedented(body, indent)) for indent, language, body in FENCE.findall(text)]
    return [block for block in found if not languages or block.language in languages]


def _dedented(body: str, indent: str) -> str:
    return "".join(line.removeprefix(indent) for line in body.splitlines(keepends=True))


def sections(text: str) -> list[str]:
    return re.split(r"^(?=## )", text, flags=re.MULTILINE)


def having(*languages: str) -> list[Path]:
    return [path for path in EXAMPLES if blocks(path.read_text(), *languages)]
