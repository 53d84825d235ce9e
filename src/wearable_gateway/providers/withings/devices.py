"""Which device was it? Numbers and names of https://developer.withings.com/api-reference (model_id)."""

from collections.abc import Iterable

from wearable_gateway.unified.common import DeviceData, OtherDeviceData

_MAKER = "Withings"
_OWN = {
    1: "Withings WBS01",
    2: "WS30",
    3: "Kid Scale",
    4: "Smart Body Analyzer",
    5: "Body+",
    6: "Body Cardio",
    7: "Body",
    9: "Body Pro",
    10: "Body Scan",
    11: "WBS10",
    12: "WBS11",
    18: "Body Comp",
    21: "Smart Baby Monitor",
    22: "Withings Home",
    41: "Withings Blood Pressure Monitor V1",
    42: "Withings Blood Pressure Monitor V2",
    43: "Withings Blood Pressure Monitor V3",
    44: "BPM Core",
    45: "BPM Connect",
    46: "BPM Connect Pro",
    47: "BPM Pro 2",
    48: "BPM Vision",
    51: "Pulse",
    52: "Activite",
    53: "Activite (Pop, Steel)",
    54: "Withings Go",
    55: "Activite Steel HR",
    58: "Pulse HR",
    59: "Activite Steel HR Sport Edition",
    60: "Aura Dock",
    61: "Aura Sensor",
    63: "Aura Sensor V2",
    70: "Thermo",
    71: "BeamO",
    90: "Move",
    91: "Move ECG",
    92: "Move ECG",
    93: "ScanWatch",
    94: "ScanWatch 2",
    95: "ScanWatch Light",
    100: "WUP01",
}
_FOREIGN = {
    1051: "iOS step tracker",
    1052: "iOS step tracker",
    1053: "Android step tracker",
    1054: "Android step tracker",
    1055: "GoogleFit tracker",
    1056: "Samsung Health tracker",
    1057: "HealthKit step iPhone tracker",
    1058: "HealthKit step Apple Watch tracker",
    1059: "HealthKit other step tracker",
    1060: "Google Health Connect",
    1061: "Iglucose glucometer",
    1062: "Huawei tracker",
    1063: "Lingo Sensor",
}
_OWN_NAMES = frozenset(_OWN.values())


def maker_of(name: str | None) -> str | None:
    """None for a phone, another maker's device, and one this list is too old for."""
    return _MAKER if name in _OWN_NAMES else None


def device_named(name: str | None) -> DeviceData | None:
    return DeviceData(name=name, manufacturer=maker_of(name)) if name else None


def device_numbered(number: int | None) -> DeviceData | None:
    """None when the number is not in the list."""
    return device_named(_OWN.get(number or 0) or _FOREIGN.get(number or 0))


def is_foreign(number: int | None) -> bool:
    """Whether the data came from a phone or another maker's service."""
    return number in _FOREIGN


def devices_named(names: Iterable[str | None]) -> DeviceData | None:
    """The first of several devices, with the others beside it."""
    known = list(dict.fromkeys(name for name in names if name))
    if not known:
        return None
    beside = [OtherDeviceData(name=name, manufacturer=maker_of(name)) for name in known[1:]]
    return DeviceData(name=known[0], manufacturer=maker_of(known[0]), other_devices=beside or None)
