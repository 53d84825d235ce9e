"""`make chaos`: does every committed event arrive, whatever is killed meanwhile? docs/benchmarks.md."""
