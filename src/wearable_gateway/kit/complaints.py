"""What should a value have been? Pydantic's complaint in words for somebody who knows JSON and not Pydantic."""

from pydantic_core import ErrorDetails

NO_NUL = r"^[^\x00]*$"
PRINTABLE_ASCII = "^[ -~]*$"
SOME_TEXT = r"^[^\x00-\x1f\x7f-\x9f]*[^\s\x00-\x1f\x7f-\x9f][^\x00-\x1f\x7f-\x9f]*$"
COLOR = "^#[0-9a-fA-F]{6}$"

_PATTERNS = {
    NO_NUL: "text without NUL characters",
    PRINTABLE_ASCII: "printable ASCII characters",
    SOME_TEXT: "some text, without control characters",
    COLOR: "a colour such as #c2185b",
}
"""A regular expression tells a person nothing."""


_OBJECT = "a JSON object"
_TYPES = {
    "extra_forbidden": "there is no such field",
    "missing": "it is required",
    "model_attributes_type": _OBJECT,
    "model_type": _OBJECT,
    "dict_type": _OBJECT,
}
_LENGTHS = {
    "too_long": "at most {max_length}",
    "string_too_long": "at most {max_length}",
    "too_short": "at least {min_length}",
    "string_too_short": "at least {min_length}",
}


def expected(error: ErrorDetails) -> str:
    """For the end of “invalid name: …”; never the value itself."""
    kind, context = error["type"], error.get("ctx") or {}
    if kind == "string_pattern_mismatch":
        return _PATTERNS.get(context["pattern"], f"text that matches {context['pattern']}")
    if kind in _LENGTHS:
        units = "characters" if isinstance(error["input"], str) else "entries"
        return f"{_LENGTHS[kind].format_map(context)} {units}"
    message = error["msg"].removeprefix("Value error, ")
    # Not all of it in lower case: it may hold values as they have to be written.
    return _TYPES.get(kind) or message[:1].lower() + message[1:]
