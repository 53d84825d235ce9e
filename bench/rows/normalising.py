"""What each vendor's documents cost to become records, against parsing them and writing down finished records."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from pydantic import BaseModel
from structlog.testing import capture_logs

from bench.alternating import alternate
from bench.installation import Installation
from bench.plan import Plan
from bench.results import Result
from wearable_gateway.ingestion.fetching import records_of
from wearable_gateway.kit import json
from wearable_gateway.providers import PROVIDERS
from wearable_gateway.providers._base.provider import Provider
from wearable_gateway.unified.documentation import BY_TYPE
from wearable_gateway.unified.records import DataType

_FIXTURES = Path(__file__).resolve().parents[2] / "tests" / "providers"
_SHARE = 1 / 30
"""Of the plan's seconds: providers are many, so a round of each is short."""


@dataclass(frozen=True, slots=True)
class Sample:
    """A document as the vendor sends it, and the record that it becomes."""

    kind: DataType
    text: bytes
    record: BaseModel


def measure(_installation: Installation, plan: Plan) -> Iterator[Result]:
    for provider in PROVIDERS.values():
        samples = samples_of(provider)
        if samples:
            yield _result(provider, samples, plan)


def samples_of(provider: Provider) -> list[Sample]:
    """The fixtures that become a record without anything said: to log what is wrong costs more than what is right."""
    found = []
    for file in sorted((_FIXTURES / provider.slug.lower() / "fixtures").glob("*/*.json")):
        kind, text = DataType(file.parent.name), file.read_bytes()
        with capture_logs() as said:
            records = records_of(provider, kind, [json.load(text)])
        if records and not said:
            record = BY_TYPE[kind].model_validate(records[0].body)
            found.append(Sample(kind, json.dump(json.load(text)), record))
    return found


def normalise(provider: Provider, samples: list[Sample]) -> None:
    for sample in samples:
        records_of(provider, sample.kind, [json.load(sample.text)])


def parse_and_write(samples: list[Sample]) -> None:
    """What is left when reading and mapping cost nothing."""
    for sample in samples:
        json.load(sample.text)
        sample.record.model_dump(mode="json")


def _result(provider: Provider, samples: list[Sample], plan: Plan) -> Result:
    steps = (partial(normalise, provider, samples), partial(parse_and_write, samples))
    subject, ceiling = (partial(_rate, step, len(samples), plan.seconds * _SHARE) for step in steps)
    mine, theirs = alternate(plan.rounds, subject, ceiling)
    return Result(
        row=f"normalising_{provider.slug.lower()}",
        what=f"{provider.name}: records normalised",
        unit="/s",
        subject=mine,
        ceiling=theirs,
        details={
            "documents": len(samples),
            "bytes_each": sum(len(sample.text) for sample in samples) / len(samples),
        },
    )


def _rate(step: Callable[[], None], records: int, seconds: float) -> float:
    started = time.perf_counter()
    steps = 0
    while (elapsed := time.perf_counter() - started) < seconds:
        step()
        steps += 1
    return steps * records / elapsed
