"""Events on their way to where developers want them: destinations, retries, sending, attempts."""
