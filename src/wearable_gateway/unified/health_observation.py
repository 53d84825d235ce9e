"""Something a person or a device noted that no other model has a field for; only Terra's newer schemas know it."""

from enum import IntEnum

from wearable_gateway.unified.common import TimestampLocalization
from wearable_gateway.unified.fields import Group


class HealthObservationCategory(IntEnum):
    UNSPECIFIED = 0
    SYMPTOM = 1
    REPRODUCTIVE_HEALTH = 2
    SELF_CARE = 3
    MEDICATION = 4
    LAB_AND_HEALTH_METRICS = 5
    STATE_OF_MIND = 6
    DEVICE_EVENT = 7
    CLINICAL = 8


class ObservationSeverity(IntEnum):
    UNSPECIFIED = 0
    NOT_PRESENT = 1
    MILD = 2
    MODERATE = 3
    SEVERE = 4


class ObservationStatus(IntEnum):
    UNSPECIFIED = 0
    FINAL = 1
    AMENDED = 2
    ENTERED_IN_ERROR = 3


class ObservationValueType(IntEnum):
    NONE = 0
    QUANTITY = 1
    BOOLEAN = 2
    STRING = 3
    CODE = 4


class ObservationCode(Group):
    system: str
    code: str
    display: str | None = None


class ObservationValue(Group):
    value_type: ObservationValueType
    quantity: float | None = None
    unit: str | None = None
    boolean: bool | None = None
    text: str | None = None
    code: str | None = None


class ObservationComponent(Group):
    code: str
    value: ObservationValue | None = None


class HealthObservationData(Group):
    observation_type: str
    category: HealthObservationCategory | None = None
    codes: list[ObservationCode] | None = None
    value: ObservationValue | None = None
    severity: ObservationSeverity | None = None
    components: list[ObservationComponent] | None = None
    status: ObservationStatus | None = None
    notes: str | None = None


class HealthObservationMetadata(Group):
    summary_id: str
    start_time: str
    end_time: str | None = None
    timestamp_localization: TimestampLocalization | None = None


class HealthObservation(Group):
    metadata: HealthObservationMetadata
    observation_data: HealthObservationData
