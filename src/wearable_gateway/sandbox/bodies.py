"""What did a request say? Answers with a RequestError, never worse, however broken it is."""

from typing import TypeVar
from urllib.parse import parse_qsl

from pydantic import BaseModel, ValidationError
from starlette.requests import Request

from wearable_gateway.sandbox.rejections import RequestError

MAX_BODY_BYTES = 64 * 1024
_MAX_FIELDS = 100

Form = dict[str, list[str]]
Body = TypeVar("Body", bound=BaseModel)


async def read_body(request: Request, *, most: int = MAX_BODY_BYTES) -> bytes:
    body = bytearray()
    async for chunk in request.stream():
        body += chunk
        if len(body) > most:
            raise RequestError(413, "invalid_request", "The body is too large.")
    return bytes(body)


async def read_form(request: Request) -> Form:
    return parse_form(await read_body(request))


def parse_form(encoded: bytes) -> Form:
    try:
        pairs = parse_qsl(
            encoded.decode("ascii"), keep_blank_values=True, errors="strict", max_num_fields=_MAX_FIELDS
        )
    except ValueError as error:
        raise RequestError(400, "invalid_request", "The fields are not a form in UTF-8.") from error
    form: Form = {}
    for name, value in pairs:
        form.setdefault(name, []).append(value)
    return form


def parse_query(request: Request) -> Form:
    return parse_form(bytes(request.scope["query_string"]))


def only(form: Form, name: str) -> str:
    """The field's one value, "" when it is absent."""
    values = form.get(name, [""])
    if len(values) > 1:
        raise RequestError(400, "invalid_request", f"{name} is given more than once.")
    return values[0]


async def read_json(request: Request, model: type[Body]) -> Body:
    try:
        return model.model_validate_json(await read_body(request))
    except ValidationError as error:
        raise RequestError(400, "invalid_request", describe(error)) from error


def describe(error: ValidationError) -> str:
    """Its first fault, by place and without what stood there."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"])) or "body"
    return f"{place}: {first['msg']}"
