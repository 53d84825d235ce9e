"""Hormones of one test; only Terra's newer schemas know it."""

from wearable_gateway.unified.fields import Group


class HormoneSample(Group):
    timestamp: str
    lh_mIU_per_ml: float | None = None
    e3g_ng_per_ml: float | None = None
    pdg_ug_per_ml: float | None = None
    hcg_mIU_per_ml: float | None = None
    fsh_mIU_per_ml: float | None = None
