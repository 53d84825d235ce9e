"""`python -m bench.chaos [scenarios]`: print what was found, and exit 1 when a goal was missed."""

import logging
import sys
import time
from collections.abc import Callable, Iterator, Sequence

from bench.chaos import fencing, handover, hostile, kills, soak
from bench.chaos.findings import Finding, table
from bench.chaos.options import Options, read
from bench.client import LoadError
from bench.processes import ProcessError

SCENARIOS: dict[str, Callable[[Options], Iterator[Finding]]] = {
    "kills": kills.run,
    "handover": handover.run,
    "fencing": fencing.run,
    "hostile": hostile.run,
    "soak": soak.run,
}
USUAL = ("kills", "handover", "fencing", "hostile")


def main(arguments: Sequence[str]) -> int:
    options = read(arguments, SCENARIOS, USUAL)
    logging.basicConfig(level=logging.CRITICAL)
    findings: list[Finding] = []
    for name in options.scenarios:
        print(f"{name} …", flush=True)
        began = time.monotonic()
        try:
            findings += SCENARIOS[name](options)
        except (LoadError, ProcessError) as error:
            findings.append(Finding(name, "can be measured", str(error), kept=False, how="it ended early"))
        print(f"  {time.monotonic() - began:.0f} s", flush=True)
    print("", table(findings), sep="\n")
    return 0 if all(finding.kept for finding in findings) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
