"""Routers whose routes know their whole address.

The application takes such routes as they are. What a router includes, FastAPI makes a second time, which for hundreds
of routes is a matter of megabytes and of a tenth of the start; it is for routes that are served in two places.
"""

from typing import Any

from fastapi import APIRouter
from fastapi.routing import APIRoute

_OF_DEVELOPER = "/admin/v1/developers/{dev_id}/"


def operation_id(route: APIRoute) -> str:
    """`user_info` as `userInfo`; `adminUserInfo` where it is an operator's way to what a developer calls as well."""
    first, *others = route.name.split("_")
    name = first + "".join(word.title() for word in others)
    if route.path.startswith(_OF_DEVELOPER) and "admin" in route.tags and len(route.tags) > 1:
        return "admin" + name[0].upper() + name[1:]
    return name


def described(
    prefix: str = "", *, tag: str, route_class: type[APIRoute] = APIRoute, **options: Any
) -> APIRouter:
    """For routes that the OpenAPI document describes. A JSON body may come without saying what it is."""
    return APIRouter(
        prefix=prefix,
        tags=[tag],
        route_class=route_class,
        strict_content_type=False,
        generate_unique_id_function=operation_id,
        **options,
    )


def undescribed() -> APIRouter:
    """For pages and whatever else no program calls."""
    return APIRouter(include_in_schema=False)
