"""The dashboard's routes, and where they are for a developer and its things."""

import re

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from wearable_gateway.kit.ids import uuid7

# Signing in and out is for everybody.
FOR_EVERYBODY = {
    "/dashboard/login",
    "/dashboard/login/back",
    "/dashboard/link/{token}",
    "/dashboard/logout",
    "/dashboard/sso",
    "/dashboard/sso/callback",
    "/dashboard/invitation/{token}",
}
PARAMETER = re.compile(r"\{([a-z_]+)\}")


def routes(app: FastAPI, method: str) -> list[str]:
    found = [
        str(context.path_format)
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute) and method in (context.methods or ())
    ]
    return [path for path in found if path.startswith("/dashboard") and path not in FOR_EVERYBODY]


def address(pattern: str, dev_id: str, ids: dict[str, str]) -> str:
    return PARAMETER.sub(
        lambda name: dev_id if name[1] == "dev_id" else ids.get(name[1], str(uuid7())), pattern
    )
