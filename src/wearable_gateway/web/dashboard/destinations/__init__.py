"""Destinations: where events go, how each fares, and bringing it what it missed."""
