"""From a vendor's notice to developers' events: keep, fetch once per grant, normalise, compare, tell."""
