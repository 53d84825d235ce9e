"""Where does what is shown differ from what there is?"""

from collections.abc import Iterator
from typing import Any


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
