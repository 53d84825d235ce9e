"""Answers that end a request where they are found to be due."""

from starlette.requests import Request
from starlette.responses import Response


class Refusal(Exception):  # noqa: N818 - it is an answer
    """Raised anywhere in a request; `response` is what the caller gets."""

    def __init__(self, response: Response) -> None:
        super().__init__(response.status_code)
        self.response = response


async def answer_refusal(_request: Request, refusal: Exception) -> Response:
    assert isinstance(refusal, Refusal)  # noqa: S101 - registered for nothing else
    return refusal.response
