"""A developer asks for a range of days: fetched from the provider, answered or sent."""
