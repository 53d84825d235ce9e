"""The database: one metadata, one way to run a statement."""
