"""Events and deliveries: what was told, where it went, and sending it again."""
