"""What the demo prints: steps, what was sent and received, and whether it was as promised."""

import json
from typing import Any


class Script:
    def __init__(self) -> None:
        self.failures: list[str] = []
        self._checks = 0
        self._step = 0

    def title(self, text: str) -> None:
        self._step = 0
        print(f"\n{'=' * len(text)}\n{text}\n{'=' * len(text)}", flush=True)

    def step(self, text: str) -> None:
        self._step += 1
        print(f"\n{self._step}. {text}", flush=True)

    def say(self, text: str) -> None:
        print(text, flush=True)

    def sent(self, line: str, body: Any = None) -> None:
        print(f"   → {line}" + (f"  {json.dumps(body)}" if body else ""), flush=True)

    def received(self, what: str, body: Any) -> None:
        print(f"   ← {what}  {json.dumps(body)}", flush=True)

    def expect(self, what: str, *, holds: bool) -> None:
        self._checks += 1
        print(f"   {'✓' if holds else '✗'} {what}", flush=True)
        if not holds:
            self.failures.append(what)

    def end(self) -> None:
        print(flush=True)
        if self.failures:
            print(f"{len(self.failures)} of {self._checks} expectations failed:", flush=True)
            for failure in self.failures:
                print(f"  ✗ {failure}", flush=True)
        else:
            print(f"All {self._checks} expectations held. Nothing was left behind.", flush=True)
