"""A self-hosted gateway between apps and wearables, speaking the wire contract of Terra."""

__version__ = "0.1.0"
