"""Destinations, as developers and operators change them."""
