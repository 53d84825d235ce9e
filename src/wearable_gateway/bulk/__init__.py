"""The same done to many users: from a file or a selection, looked at first, then worked off by a worker."""
