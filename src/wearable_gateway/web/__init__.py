"""Every request enters here: the API, connect pages, vendors' notices, the dashboard. Nothing below knows HTTP servers."""
