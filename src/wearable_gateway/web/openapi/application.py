"""The application whose OpenAPI document is ours."""

from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute

from wearable_gateway.web.openapi.document import make_document

_DEVELOPERS = "/admin/v1/developers/{dev_id}/"


def operation_id(route: APIRoute) -> str:
    """`user_info` as `userInfo`; `adminUserInfo` where it is an operator's way to what a developer calls as well."""
    first, *others = route.name.split("_")
    name = first + "".join(word.title() for word in others)
    if route.path.startswith(_DEVELOPERS) and "admin" in route.tags and len(route.tags) > 1:
        return "admin" + name[0].upper() + name[1:]
    return name


class Application(FastAPI):
    """`public_url` is the address developers and vendors know it by."""

    def __init__(self, *, public_url: str, **options: Any) -> None:
        super().__init__(**options)
        self._public_url = public_url

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = make_document(self, self._public_url)
        return self.openapi_schema
