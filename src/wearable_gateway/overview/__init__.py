"""How a developer, or the whole gateway, fares: for the dashboard's first page and the admin API."""
