"""Does a call know every parameter of its query? One that is misspelt, such as `dryrun`, would be left out in silence."""

from collections.abc import Iterator

from fastapi import Request
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute

from wearable_gateway.errors import InvalidInputError

_LONGEST_NAMED = 50


def check_query(request: Request) -> None:
    """Raises InvalidInputError naming the first that the call does not have, and those that it has."""
    route = request.scope.get("route")
    if not request.scope["query_string"] or not isinstance(route, APIRoute):
        return
    known = tuple(_names(route.dependant))
    for name in request.query_params:
        if name not in known:
            has = f"it takes {', '.join(known)}" if known else "it takes none"
            raise InvalidInputError(
                f"{name[:_LONGEST_NAMED]!r}", f"this call has no such parameter in its query; {has}"
            )


def _names(dependant: Dependant) -> Iterator[str]:
    yield from (str(parameter.alias) for parameter in dependant.query_params)
    for needed in dependant.dependencies:
        yield from _names(needed)
