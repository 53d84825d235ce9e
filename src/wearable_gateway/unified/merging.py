"""What do we know of a record, once its vendor sent it again?"""

from collections.abc import Mapping
from typing import Any

from wearable_gateway.unified.samples import is_series

_REPLACED = frozenset({"data_enrichment"})
"""Terra lets these come back null; everything else a later payload carries is a superset of the earlier."""


def merge(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """`new`, with what only `old` knows: a null or an empty series takes nothing back.

    https://docs.tryterra.co/docs/health-and-fitness-api: a payload is a superset of those sent before it.
    """
    merged = dict(new)
    for name, value in old.items():
        if name not in _REPLACED:
            merged[name] = _merged(name, value, new.get(name))
    return merged


def _merged(name: str, old: Any, new: Any) -> Any:
    # A meal can be taken out of a diary; what was measured stays measured.
    if new is None or (new == [] and is_series(name)):
        return old
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        return merge(old, new)
    return new
