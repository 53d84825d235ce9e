"""What the demo prints: steps, what was sent and received, and whether it was as promised."""

import json
from typing import Any


class Script:
    def __init__(self, *, as_json: bool = False) -> None:
        self.failures: list[str] = []
        self._as_json = as_json
        self._checks = 0
        self._step = 0

    def title(self, text: str) -> None:
        self._step = 0
        self.say(f"\n{'=' * len(text)}\n{text}\n{'=' * len(text)}")

    def step(self, text: str) -> None:
        self._step += 1
        self.say(f"\n{self._step}. {text}")

    def say(self, text: str) -> None:
        if not self._as_json:
            print(text, flush=True)

    def sent(self, line: str, body: Any = None) -> None:
        self.say(f"   → {line}" + (f"  {json.dumps(body)}" if body else ""))

    def received(self, what: str, body: Any) -> None:
        self.say(f"   ← {what}  {json.dumps(body)}")

    def expect(self, what: str, *, holds: bool) -> None:
        self._checks += 1
        self.say(f"   {'✓' if holds else '✗'} {what}")
        if not holds:
            self.failures.append(what)

    def end(self) -> None:
        if self._as_json:
            print(json.dumps({"expectations": self._checks, "failures": self.failures}), flush=True)
        elif self.failures:
            self.say(f"\n{len(self.failures)} of {self._checks} expectations failed:")
            self.say("\n".join(f"  ✗ {failure}" for failure in self.failures))
        else:
            self.say(f"\nAll {self._checks} expectations held. Nothing was left behind.")
