"""A self-hosted gateway between apps and wearables, speaking the wire contract of Terra."""
