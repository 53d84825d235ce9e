"""The command line in this process: parsed, run and answered as in a process of its own, without the seconds to start one."""

import asyncio
import contextlib
import io
import json
import sys
from dataclasses import dataclass
from typing import Any

from wearable_gateway.cli import main


@dataclass(frozen=True)
class Answer:
    code: int
    output: str
    errors: str

    @property
    def object(self) -> dict[str, Any]:
        """What `--json` printed: one object on one line, and nothing beside it."""
        assert (self.code, self.errors) == (0, ""), self
        assert self.output.count("\n") == 1, self
        found: dict[str, Any] = json.loads(self.output)
        return found

    @property
    def refusal(self) -> str:
        """The one line on stderr of a command that was refused."""
        assert (self.code, self.output) == (1, ""), self
        assert self.errors.startswith("wearable-gateway: "), self
        assert self.errors.count("\n") == 1, self
        return self.errors.strip()


def _run(arguments: tuple[str, ...]) -> Answer:
    before, code = sys.argv, 0
    output, errors = io.StringIO(), io.StringIO()
    sys.argv = ["wearable-gateway", *arguments]
    try:
        # Where no .env lies: a developer's own must not decide what is tested.
        with (
            contextlib.chdir("/"),
            contextlib.redirect_stdout(output),
            contextlib.redirect_stderr(errors),
        ):
            main()
    except SystemExit as ended:
        code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
    finally:
        sys.argv = before
    return Answer(code, output.getvalue(), errors.getvalue())


async def command(*arguments: str) -> Answer:
    """In a thread, because commands run a loop of their own. One at a time: streams and arguments are the process's."""
    return await asyncio.to_thread(_run, arguments)
