"""Logs: one past-tense fact a line, fields beside it, and never a secret or a health value."""

import logging
from collections.abc import MutableMapping
from typing import Any

import structlog

_SECRET_FIELDS = frozenset(
    {
        "access_token",
        "refresh_token",
        "api_key",
        "client_secret",
        "code",
        "code_verifier",
        "password",
        "secret",
    }
    | {"signing_secret", "state", "token", "authorization", "cookie", "body"}
)


def _redact(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    """A last net: a field with such a name should not have been logged at all."""
    for name in _SECRET_FIELDS & event.keys():
        event[name] = "…"
    return event


def configure_logging(*, log_format: str, level: str) -> None:
    final: list[structlog.typing.Processor] = (
        # Rich tracebacks print local variables, and those hold secrets and bodies.
        [structlog.dev.ConsoleRenderer(colors=False, exception_formatter=structlog.dev.plain_traceback)]
        if log_format == "console"
        else [structlog.processors.format_exc_info, structlog.processors.JSONRenderer()]
    )
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            _redact,
            *final,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.getLevelNamesMapping()[level.upper()]),
        cache_logger_on_first_use=False,
    )
    # Access lines of the HTTP server carry query strings, and those carry states and codes.
    logging.getLogger("uvicorn.access").disabled = True
    logging.getLogger("httpx").setLevel(logging.WARNING)
