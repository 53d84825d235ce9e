"""From the queue to the destination: leases, lanes, turns, attempts, what is written of them."""
