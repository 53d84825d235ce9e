"""Which language does an end user read, and how is a message said in it?"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from types import MappingProxyType

from fastapi import Request
from markupsafe import Markup

from wearable_gateway.web.connect import cookies

_ORDER = ("en", "de", "es", "fr", "pt", "ja", "ar")
_FOLDER = Path(__file__).parent / "languages"
_LONGEST_ACCEPTED = 1000
_TAG = re.compile(r"([A-Za-z]{1,8}(?:[-_][A-Za-z0-9]{1,8})*)\s*(?:;\s*q=\s*([01](?:\.\d{0,3})?))?")


@dataclass(frozen=True, slots=True)
class Language:
    """`code` is its tag (RFC 5646), `direction` ltr or rtl; `date_form` and `months` write a date.

    `messages` are named alike in every language.
    """

    code: str
    name: str
    direction: str
    date_form: str
    months: Sequence[str]
    messages: Mapping[str, str]

    def say(self, message: str, **values: object) -> Markup:
        """For HTML. Values are escaped, and kept from turning the text around them when they are written right to left."""
        isolated = {name: Markup("<bdi>{}</bdi>").format(value) for name, value in values.items()}
        return Markup(self.messages[message]).format(**isolated)  # noqa: S704 - a message of ours; values are escaped

    def plain(self, message: str, **values: object) -> str:
        """For titles and attributes, which hold no elements."""
        return self.messages[message].format(**values)

    def date(self, day: date) -> str:
        """As people write it."""
        return self.date_form.format(day=day.day, month=self.months[day.month - 1], year=day.year)


def _read(code: str) -> Language:
    return Language(code=code, **tomllib.loads((_FOLDER / f"{code}.toml").read_text("utf-8")))


LANGUAGES: Mapping[str, Language] = MappingProxyType({code: _read(code) for code in _ORDER})
ENGLISH = LANGUAGES["en"]


def find_language(tag: str | None) -> Language | None:
    """The language of a tag such as pt-BR, or of what is left of it (RFC 4647 §3.4); None when we do not speak it."""
    parts = (tag or "").replace("_", "-").lower().split("-")
    found = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
    return next((LANGUAGES[code] for code in found if code in LANGUAGES), None)


def language_for(request: Request, session: str | None = None) -> Language:
    """What the end user chose on the page, else what the developer asked for, else what the browser prefers."""
    wanted = (chosen_language(request), find_language(request.cookies.get(cookies.LANGUAGE)))
    accepted = request.headers.get("accept-language", "")
    return next((one for one in (*wanted, find_language(session)) if one), None) or _preferred(accepted)


def chosen_language(request: Request) -> Language | None:
    """What a link of the language switch asks for."""
    return find_language(request.query_params.get("lang"))


def _preferred(accepted: str) -> Language:
    """By quality, in the order they are named (RFC 9110 §12.5.4)."""
    named = sorted(_accepted(accepted[:_LONGEST_ACCEPTED]), key=lambda pair: -pair[0])
    spoken = (find_language(tag) for quality, tag in named if quality > 0)
    return next((one for one in spoken if one), ENGLISH)


def _accepted(text: str) -> Iterator[tuple[float, str]]:
    for part in text.split(","):
        found = _TAG.fullmatch(part.strip())
        if found:
            yield float(found[2] or 1), found[1]
