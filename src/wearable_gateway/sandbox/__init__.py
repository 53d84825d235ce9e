"""Sandbox Wearables: a simulated vendor to connect to, with nothing outside this machine. Knows no gateway."""

from wearable_gateway.sandbox.app import create_vendor
from wearable_gateway.sandbox.config import VendorClient, VendorConfig

__all__ = ["VendorClient", "VendorConfig", "create_vendor"]
