"""What a simulated vendor remembers: its people, what they allowed, and the tokens that came of it."""

import datetime as dt
import secrets
from pathlib import Path
from typing import Any

from pydantic import BaseModel, Field


class Person(BaseModel):
    """Somebody with an account. `scopes` is what they allow the app, None while they allow nothing."""

    name: str
    id: str
    scopes: list[str] | None = None
    revisions: dict[str, int] = Field(default_factory=dict)
    deleted: list[str] = Field(default_factory=list)
    more: dict[str, Any] = Field(default_factory=dict)
    """Whatever else the vendor keeps of an account. JSON."""

    def revision(self, kind: str, day: dt.date) -> int:
        """How often the data of that day has changed since it was first there."""
        return self.revisions.get(f"{kind}/{day}", 0)

    def revise(self, kind: str, day: dt.date) -> int:
        key = f"{kind}/{day}"
        self.revisions[key] = self.revisions.get(key, 0) + 1
        return self.revisions[key]


class Code(BaseModel):
    name: str
    redirect_uri: str
    challenge: str | None
    ends: float


class TokenSet(BaseModel):
    """`refresh` is good until it is used, where the vendor rotates; `family` holds all that came of one consent."""

    access: str
    refresh: str | None
    name: str
    scopes: list[str]
    family: str
    ends: float
    used: bool = False


class Book(BaseModel):
    people: dict[str, Person] = Field(default_factory=dict)
    codes: dict[str, Code] = Field(default_factory=dict)
    tokens: dict[str, TokenSet] = Field(default_factory=dict)
    more: dict[str, Any] = Field(default_factory=dict)
    """Whatever else the vendor keeps of the app: subscriptions, say. JSON."""

    def sets_of(self, person: Person) -> list[TokenSet]:
        return [tokens for tokens in self.tokens.values() if tokens.name == person.name]

    def end_tokens_of(self, person: Person) -> None:
        for tokens in self.sets_of(person):
            del self.tokens[tokens.access]

    def end_family(self, family: str) -> None:
        for tokens in [one for one in self.tokens.values() if one.family == family]:
            del self.tokens[tokens.access]


class Keeper:
    """The book on disk, where there is a file for it: people who try things out start and stop a gateway."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self.book = Book.model_validate_json(file.read_bytes()) if file and file.exists() else Book()
        self._saved = self.book.model_dump_json() if file else ""

    def save(self) -> None:
        if self._file is None:
            return
        text = self.book.model_dump_json()
        if text == self._saved:
            return
        part = self._file.with_suffix(".part")
        part.touch(mode=0o600)
        part.write_text(text)
        part.replace(self._file)
        self._saved = text


def new_token(prefix: str = "") -> str:
    return prefix + secrets.token_urlsafe(24)
