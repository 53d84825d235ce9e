"""What Pydantic finds wrong, in words for people."""

from typing import Annotated, Any

import pytest
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from wearable_gateway.kit.complaints import COLOR, NO_NUL, PRINTABLE_ASCII, SOME_TEXT, expected


class _Body(BaseModel):
    model_config = ConfigDict(extra="forbid")

    name: str = Field(default="", max_length=3, min_length=1)
    entries: list[str] = Field(default_factory=list, max_length=1, min_length=1)
    word: Annotated[str, Field(pattern="^[A-Z]*$")] = ""
    nested: "_Body | None" = None
    color: Annotated[str, Field(pattern=COLOR)] = ""
    text: Annotated[str, Field(pattern=SOME_TEXT)] = ""
    no_nul: Annotated[str, Field(pattern=NO_NUL)] = ""
    printable: Annotated[str, Field(pattern=PRINTABLE_ASCII)] = ""


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ({"colour": 1}, "there is no such field"),
        ({"name": "long"}, "at most 3 characters"),
        ({"name": ""}, "at least 1 characters"),
        ({"entries": ["a", "b"]}, "at most 1 entries"),
        ({"entries": []}, "at least 1 entries"),
        ({"word": "low"}, "text that matches ^[A-Z]*$"),
        ({"nested": 5}, "a JSON object"),
        ({"color": "red"}, "a colour such as #c2185b"),
        ({"text": " "}, "some text, without control characters"),
        ({"no_nul": "\x00"}, "text without NUL characters"),
        ({"printable": "é"}, "printable ASCII characters"),
        ({"name": 5}, "input should be a valid string"),
    ],
)
def test_a_complaint_says_what_is_expected(body: dict[str, Any], says: str) -> None:
    with pytest.raises(ValidationError) as refusal:
        _Body.model_validate(body)
    assert expected(refusal.value.errors()[0]) == says
