"""Who may sign in, and which id does a name have? Any name may, and always has the same one."""

import hashlib
import re
from dataclasses import dataclass

NAME_PATTERN = r"^[A-Za-z0-9._@-]{1,64}$"

_NAME = re.compile(NAME_PATTERN.removeprefix("^").removesuffix("$"))


@dataclass(frozen=True)
class Account:
    account_id: str
    name: str


def is_name(text: str) -> bool:
    return _NAME.fullmatch(text) is not None


def account_named(name: str) -> Account:
    digest = hashlib.sha256(name.lower().encode()).hexdigest()
    return Account(account_id=f"acc_{digest[:16]}", name=name)
