"""The application whose OpenAPI document is ours."""

from typing import Any

from fastapi import FastAPI

from wearable_gateway.web.openapi.document import make_document


class Application(FastAPI):
    """`public_url` is the address developers and vendors know it by."""

    def __init__(self, *, public_url: str, **options: Any) -> None:
        super().__init__(**options)
        self._public_url = public_url

    def openapi(self) -> dict[str, Any]:
        if self.openapi_schema is None:
            self.openapi_schema = make_document(self, self._public_url)
        return self.openapi_schema
