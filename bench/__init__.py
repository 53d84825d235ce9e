"""`make bench`: how far from its ceiling is each thing the gateway does? docs/benchmarks.md."""
