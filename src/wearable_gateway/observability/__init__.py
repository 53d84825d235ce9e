"""Logs, metrics: configured with values, know no subject."""
