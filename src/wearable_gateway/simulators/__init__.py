"""Simulated vendors: each behaves over HTTP as its vendor's protocol says, for trying out and for tests.

Every public module of this package holds one as SIMULATOR; they know nothing of the gateway.
"""

import importlib
import pkgutil
from collections.abc import Mapping
from types import MappingProxyType

from wearable_gateway.simulators._base.simulator import Simulator


def _discover() -> Mapping[str, type[Simulator]]:
    names = [module.name for module in pkgutil.iter_modules(__path__) if not module.name.startswith("_")]
    return MappingProxyType({name: importlib.import_module(f"{__name__}.{name}").SIMULATOR for name in names})


SIMULATORS = _discover()
"""By name, which is that of the provider in lower case."""
