"""The token endpoint: whoever refreshes without asking for `offline` again gets no new refresh token."""

import orjson
from starlette.requests import Request
from starlette.responses import JSONResponse, Response

from wearable_gateway.simulators._base.tokens import TokenEndpoint


class WhoopTokens(TokenEndpoint):
    async def answer(self, request: Request) -> Response:
        form = await request.form()
        answer = await super().answer(request)
        forgot = "offline" not in str(form.get("scope", "")).split()
        if form.get("grant_type") != "refresh_token" or not forgot or not answer.status_code < 300:  # noqa: PLR2004 - success
            return answer
        body = orjson.loads(bytes(answer.body))
        return JSONResponse({name: value for name, value in body.items() if name != "refresh_token"})
