"""What somebody typed whose session was over when they sent it: carried through the sign-in page, and never sent by itself.

Only a form of our own page is carried, which the browser vouches for: another site could fill one in, and have it sent by
whoever signs in next.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from fastapi import Request
from starlette.datastructures import UploadFile

from wearable_gateway.web.dashboard.returning import own_page

LARGEST_FIELD = 4 * 1024 * 1024
"""In bytes. A file's text of 2 MiB is carried as a field, with what JSON needs around it."""
LARGEST_FORM = LARGEST_FIELD + 1024 * 1024
_LARGEST = 2 * 1024 * 1024 + 64 * 1024
_LARGEST_FILE = 2 * 1024 * 1024
_MOST_FIELDS = 200
_SECRET = re.compile(r"secret|passw|token|credential|private|api_?key|^extra|^current$", re.IGNORECASE)
_FILE = re.compile(r"^(\w+)_file$")
# Only about the sending itself: the page that sends it again makes its own.
_DROPPED = frozenset({"csrf"})
_FIELD_NAME = re.compile(r"[\w.:\[\]-]{1,100}")
_LONG_VALUE = 80


@dataclass(frozen=True, slots=True)
class KeptForm:
    """Where it was going and what stood in it. `left_out` are the names of fields that are not carried, to be typed again."""

    path: str
    fields: tuple[tuple[str, str], ...]
    left_out: tuple[str, ...]
    multipart: bool

    def as_text(self) -> str:
        return json.dumps(
            [self.path, self.fields, self.left_out, self.multipart], ensure_ascii=False, separators=(",", ":")
        )

    @property
    def secrets(self) -> tuple[str, ...]:
        """Those left out that can be typed again."""
        return tuple(name for name in self.left_out if not _FILE.fullmatch(name))

    @property
    def files(self) -> tuple[str, ...]:
        """Those left out that have to be chosen again."""
        return tuple(name for name in self.left_out if _FILE.fullmatch(name))

    def shown(self) -> Iterator[tuple[str, str, bool]]:
        """Name, value, and whether it needs more than a line."""
        for name, value in self.fields:
            yield name, value, "\n" in value or len(value) > _LONG_VALUE


def read_kept(text: str) -> KeptForm | None:
    """What `as_text` wrote; None for anything else, since browsers bring it back."""
    try:
        path, fields, left_out, multipart = json.loads(text)
        kept = KeptForm(
            str(path),
            tuple((str(name), str(value)) for name, value in fields),
            tuple(str(name) for name in left_out),
            bool(multipart),
        )
    except (ValueError, TypeError, RecursionError):
        return None
    names = [name for name, _ in kept.fields] + list(kept.left_out)
    if own_page(kept.path) != kept.path or len(names) > _MOST_FIELDS:
        return None
    return kept if all(_FIELD_NAME.fullmatch(name) for name in names) else None


def comes_from_own_page(request: Request, public_url: str) -> bool:
    """As the browser says, which no page can make it say (https://www.w3.org/TR/fetch-metadata/#sec-fetch-site-header)."""
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None:
        return site == "same-origin"
    ours = urlsplit(public_url)
    return origin is not None and origin == f"{ours.scheme}://{ours.netloc}"


async def keep_form(request: Request, public_url: str) -> KeptForm | None:
    """The form of this request, which the framework has read already; None when it cannot or must not be carried."""
    query = f"?{request.url.query}" if request.url.query else ""
    path = request.url.path + query
    if not comes_from_own_page(request, public_url) or own_page(path) != path:
        return None
    fields: list[tuple[str, str]] = []
    left_out: list[str] = []
    for name, value in (await request.form()).multi_items():
        if name in _DROPPED:
            continue
        if isinstance(value, UploadFile):
            found = await _text_of(name, value)
            if found is not None:
                fields = [(known, old) for known, old in fields if known != found[0]]
                fields.append(found)
            elif value.filename:
                left_out.append(name)
        elif _SECRET.search(name):
            left_out.extend([name] if value else [])
        elif value or not any(known == name for known, _ in fields):
            fields.append((name, value))
    kept = KeptForm(path, tuple(fields), tuple(left_out), _is_multipart(request))
    small = sum(len(value.encode(errors="replace")) for _, value in fields) <= _LARGEST
    whole = small and read_kept(kept.as_text()) is not None
    return kept if whole and len(kept.as_text().encode(errors="replace")) <= LARGEST_FIELD else None


async def _text_of(name: str, file: UploadFile) -> tuple[str, str] | None:
    """`csv_file` becomes `csv_text`, which the page of such a form takes as well; None for what is no text."""
    stem = _FILE.fullmatch(name)
    content = await file.read(_LARGEST_FILE + 1)
    if stem is None or not content or len(content) > _LARGEST_FILE:
        return None
    try:
        return f"{stem[1]}_text", content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None


def _is_multipart(request: Request) -> bool:
    return request.headers.get("content-type", "").lower().startswith("multipart/form-data")


def kept_of(request: Request) -> Any:
    """What `deps.signed_in` kept of this request; None: nothing."""
    return getattr(request.state, "kept", None)
