"""`/v1/hormones`: home tests. IU/l are mIU/ml, µg/l are ng/ml, and mg/l are µg/ml: no number changes."""

from wearable_gateway.kit.clock import wire_time
from wearable_gateway.providers.sandbox.document import Document, Moment
from wearable_gateway.unified.hormone import HormoneSample
from wearable_gateway.unified.records import DataType, Record


class HormoneTest(Document):
    taken_at: Moment
    lh_iu_per_l: float | None = None
    e3g_ug_per_l: float | None = None
    pdg_mg_per_l: float | None = None
    hcg_iu_per_l: float | None = None
    fsh_iu_per_l: float | None = None


def hormone(test: HormoneTest) -> Record:
    timestamp = wire_time(test.taken_at)
    body = HormoneSample(
        timestamp=timestamp,
        lh_mIU_per_ml=test.lh_iu_per_l,
        e3g_ng_per_ml=test.e3g_ug_per_l,
        pdg_ug_per_ml=test.pdg_mg_per_l,
        hcg_mIU_per_ml=test.hcg_iu_per_l,
        fsh_mIU_per_ml=test.fsh_iu_per_l,
    )
    return Record(DataType.HORMONE, timestamp, test.taken_at.date(), body.model_dump(mode="json"))
