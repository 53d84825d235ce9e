"""`python -m wearable_gateway`."""

from wearable_gateway.cli import main

main()
