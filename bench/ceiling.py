"""The ceilings of the API's rows: a FastAPI route that runs one raw statement, served exactly as the gateway is.

No key, no validation worth the name, an answer made without FastAPI's encoder: what cannot be had for less.
"""

import gc
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from uuid import UUID

import asyncpg
import orjson
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import HTMLResponse
from jinja2 import Environment

from wearable_gateway.db.session import driver_url
from wearable_gateway.kit.ids import uuid7

POOL_SIZE = 16
_TABLE = "CREATE TABLE IF NOT EXISTS ceiling (id uuid PRIMARY KEY, body text NOT NULL)"
_ID = UUID(int=1)
_ROWS = [[f"cell {row}, {column} & more" for column in range(6)] for row in range(50)]
_PAGE = Environment(autoescape=True).from_string(
    "<!doctype html><title>page</title><table>"
    "{% for row in rows %}<tr>{% for cell in row %}<td>{{ cell }}</td>{% endfor %}</tr>{% endfor %}</table>"
)


async def _keep_session(_connection: Any) -> None:
    """As the gateway's pool: asyncpg's reset between two uses would cost the ceiling another round trip."""


@asynccontextmanager
async def _lifespan(app: FastAPI) -> AsyncIterator[None]:
    async with asyncpg.create_pool(
        driver_url(os.environ["DATABASE_URL"]), min_size=1, max_size=POOL_SIZE, reset=_keep_session
    ) as pool:
        await pool.execute(_TABLE)
        await pool.execute("INSERT INTO ceiling VALUES ($1, 'found') ON CONFLICT DO NOTHING", _ID)
        app.state.pool = pool
        yield


def _answer(value: object) -> Response:
    return Response(orjson.dumps(value), media_type="application/json")


def create_ceiling() -> FastAPI:
    app = FastAPI(lifespan=_lifespan, openapi_url=None)

    @app.get("/v2/userInfo")
    async def select(request: Request) -> Response:
        row = await request.app.state.pool.fetchrow("SELECT id, body FROM ceiling WHERE id = $1", _ID)
        return _answer({"status": row["body"]})

    @app.post("/v2/auth/authenticateUser")
    async def insert(request: Request) -> Response:
        await request.app.state.pool.execute("INSERT INTO ceiling VALUES ($1, 'kept')", uuid7())
        return _answer({"status": "kept"})

    @app.post("/notices/{address:path}")
    async def insert_body(address: str, request: Request) -> Response:  # noqa: ARG001 - the path has it
        """The least that a notice can cost: it is kept as it came, whoever sent it."""
        body = (await request.body()).decode()
        await request.app.state.pool.execute("INSERT INTO ceiling VALUES ($1, $2)", uuid7(), body)
        return Response(status_code=204)

    @app.get("/page")
    async def page() -> Response:
        """A table of fifty rows, escaped, and no question to the database."""
        return HTMLResponse(_PAGE.render(rows=_ROWS))

    @app.get("/healthz")
    async def healthz() -> Response:
        return _answer({"status": "ok"})

    return app


if __name__ == "__main__":
    ceiling = create_ceiling()
    gc.freeze()
    uvicorn.run(
        ceiling,
        host="127.0.0.1",
        port=int(sys.argv[1]),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=True,
    )
