"""The rule that all our cookies share."""


def only_over_https(public_url: str) -> bool:
    """Whether browsers are to send a cookie over HTTPS alone: wherever the gateway itself is reached so."""
    return public_url.lower().startswith("https:")
