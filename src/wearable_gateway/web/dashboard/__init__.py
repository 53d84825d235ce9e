"""Operators' pages: signing in, and the tools to look after a developer's connections."""
