"""The application whose OpenAPI document is ours."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from wearable_gateway.web.openapi.document import make_document


def operation_id(route: APIRoute) -> str:
    """`user_info` as `userInfo`."""
    first, *others = route.name.split("_")
    return first + "".join(word.title() for word in others)


def admin_operation_id(route: APIRoute) -> str:
    """`list_deliveries` as `adminListDeliveries`: of a route that developers call as well, the operators' one."""
    own = operation_id(route)
    return "admin" + own[0].upper() + own[1:]


class Application(FastAPI):
    """`public_url` is the address developers and vendors know it by."""

    def __init__(self, *, public_url: str, **options: Any) -> None:
        super().__init__(**options)
        self._public_url = public_url

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = make_document(self, self._public_url)
        return self.openapi_schema
