"""The hottest routes: their parameters are read here, and calls for them do not pass through FastAPI's machinery.

It costs as much as a short request itself (docs/benchmarks.md). They are written and documented like any other route;
their dependencies take the request and nothing else.
"""

from collections.abc import Callable, Coroutine, Mapping, Sequence
from json import JSONDecodeError
from typing import Any

from fastapi import APIRouter, Request, Response
from fastapi._compat import ModelField
from fastapi.dependencies.models import Dependant
from fastapi.exceptions import RequestValidationError
from fastapi.routing import APIRoute
from starlette.routing import Route

from wearable_gateway.kit import json

_MISSING = {"type": "missing", "msg": "field required", "input": None}


class DirectRoute(APIRoute):
    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        _check(self.dependant)

        async def handle(request: Request) -> Response:
            request.scope["route"] = self
            values = {
                str(one.name): await one.call(request) for one in self.dependant.dependencies if one.call
            }
            values |= _read(self.dependant.path_params, request.path_params, "path")
            values |= _read(self.dependant.query_params, request.query_params, "query")
            if self.dependant.request_param_name is not None:
                values[self.dependant.request_param_name] = request
            if self.body_field is not None:
                values[self.dependant.body_params[0].name] = await self._of_body(request)
            response: Response = await self.endpoint(**values)
            return response

        return handle

    async def _of_body(self, request: Request) -> Any:
        """Raises RequestValidationError. A body that says it is something else than JSON is none of ours."""
        field = self.dependant.body_params[0]
        content = await request.body()
        if not content:
            if field.field_info.is_required():
                raise RequestValidationError([{**_MISSING, "loc": ("body",)}])
            return field.get_default()
        value, faults = field.validate(_parse(content, request.headers.get("content-type")), loc=("body",))
        if faults:
            raise RequestValidationError(faults)
        return value


def _read(fields: Sequence[ModelField], given: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Raises RequestValidationError."""
    values = {}
    for field in fields:
        text, place = given.get(field.alias), (where, field.alias)
        if text is None and field.field_info.is_required():
            raise RequestValidationError([{**_MISSING, "loc": place}])
        values[field.name], faults = (
            (field.get_default(), []) if text is None else field.validate(text, loc=place)
        )
        if faults:
            raise RequestValidationError(faults)
    return values


def shortcuts(router: APIRouter) -> list[Route]:
    """The direct routes of `router`, to be put before all others."""
    return [_shortcut(one) for one in router.routes if isinstance(one, DirectRoute)]


def _shortcut(direct: DirectRoute) -> Route:
    route = Route(direct.path, direct.get_route_handler(), include_in_schema=False)
    # Starlette adds HEAD to GET, which the route itself does not answer.
    route.methods = direct.methods
    return route


def _parse(content: bytes, kind: str | None) -> Any:
    if kind and not kind.partition(";")[0].strip().lower().endswith(("/json", "+json")):
        return content
    try:
        return json.load(content)
    except JSONDecodeError as error:
        fault = {"type": "json_invalid", "loc": ("body", error.pos), "msg": "not JSON", "input": {}}
        raise RequestValidationError([fault], body=error.doc) from error


def _check(dependant: Dependant) -> None:
    """What this route cannot read shows when the application starts, not when somebody calls."""
    own = dependant.header_params, dependant.cookie_params, dependant.body_params[1:]
    of_others = (
        (one.dependencies, one.path_params, one.query_params, one.header_params, one.body_params)
        for one in dependant.dependencies
    )
    unread = [part for parts in (own, *of_others) for part in parts if part]
    if unread:
        raise TypeError(f"{dependant.call} needs what a direct route does not read: {unread}")
