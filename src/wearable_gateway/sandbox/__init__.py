"""Sandbox Wearables: a simulated vendor to connect to, with nothing outside this machine. Knows no gateway."""
