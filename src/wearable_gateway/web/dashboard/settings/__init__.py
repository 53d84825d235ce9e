"""Manage > Settings: every setting of a developer with a control of its own kind."""
