"""Made-up events, to see whether a destination takes them."""
