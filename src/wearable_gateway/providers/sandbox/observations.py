"""`/v1/observations`: symptoms, moods and what else was noted."""

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import Document, Moment
from wearable_gateway.unified.common import TimestampLocalization
from wearable_gateway.unified.health_observation import (
    HealthObservation,
    HealthObservationCategory,
    HealthObservationData,
    HealthObservationMetadata,
    ObservationCode,
    ObservationComponent,
    ObservationSeverity,
    ObservationStatus,
    ObservationValue,
    ObservationValueType,
)
from wearable_gateway.unified.records import DataType, Record

_CATEGORIES = {
    "symptom": HealthObservationCategory.SYMPTOM,
    "self_care": HealthObservationCategory.SELF_CARE,
    "state_of_mind": HealthObservationCategory.STATE_OF_MIND,
}
_SEVERITIES = {
    "mild": ObservationSeverity.MILD,
    "moderate": ObservationSeverity.MODERATE,
    "severe": ObservationSeverity.SEVERE,
}


class Code(Document):
    system: str
    code: str
    label: str | None = None


class Answer(Document):
    number: float | None = None
    unit: str | None = None
    yes: bool | None = None
    words: str | None = None
    code: str | None = None


class Part(Document):
    code: str
    answer: Answer | None = None


class Observation(Document):
    id: str
    noted_at: Moment
    what: str
    until: Moment | None = None
    group: str | None = None
    severity: str | None = None
    answer: Answer | None = None
    codes: tuple[Code, ...] = ()
    parts: tuple[Part, ...] = ()
    note: str | None = None
    corrected: bool | None = None


def health_observation(noted: Observation) -> Record:
    body = HealthObservation(
        metadata=HealthObservationMetadata(
            summary_id=noted.id,
            start_time=wire_time(noted.noted_at),
            end_time=wire_time(noted.until) if noted.until else None,
            timestamp_localization=TimestampLocalization.LOCAL,
        ),
        observation_data=HealthObservationData(
            observation_type=noted.what,
            category=_CATEGORIES.get(noted.group or "", HealthObservationCategory.UNSPECIFIED),
            severity=_SEVERITIES.get(noted.severity or ""),
            value=_value(noted.answer),
            codes=[
                ObservationCode(system=code.system, code=code.code, display=code.label)
                for code in noted.codes
            ],
            components=[
                ObservationComponent(code=part.code, value=_value(part.answer)) for part in noted.parts
            ],
            status=_status(noted),
            notes=noted.note,
        ),
    )
    return Record(DataType.HEALTH_OBSERVATION, noted.id, noted.noted_at.date(), body.model_dump(mode="json"))


def _status(noted: Observation) -> ObservationStatus | None:
    if noted.corrected is None:
        return None
    return ObservationStatus.AMENDED if noted.corrected else ObservationStatus.FINAL


def _value(answer: Answer | None) -> ObservationValue | None:
    if answer is None:
        return None
    if answer.number is not None:
        return ObservationValue(
            value_type=ObservationValueType.QUANTITY, quantity=answer.number, unit=answer.unit
        )
    if answer.yes is not None:
        return ObservationValue(value_type=ObservationValueType.BOOLEAN, boolean=answer.yes)
    if answer.words is not None:
        return ObservationValue(value_type=ObservationValueType.STRING, text=answer.words)
    if answer.code is not None:
        return ObservationValue(value_type=ObservationValueType.CODE, code=answer.code)
    return None
