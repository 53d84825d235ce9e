"""What developers are told: the catalog of event types, and the outbox that tells them durably."""
