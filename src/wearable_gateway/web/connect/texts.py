"""What an end user reads when a flow has ended, by its reason."""

from collections.abc import Mapping

CONNECTED = ("You are connected", "Your data will appear in the app. You can close this page.")

_ENDINGS: Mapping[str, tuple[str, str]] = {
    "access_denied": (
        "Nothing was connected",
        "You chose not to share your data. If that was a mistake, go back to the app and start again.",
    ),
    "expired": (
        "This link has expired",
        "Links to connect a wearable work for 15 minutes. Please go back to the app and start again.",
    ),
    "wrong_account": (
        "That is another account",
        (
            "You signed in with another account than the one to reconnect. Go back to the app and start again,"
            " signing in with the account you used before."
        ),
    ),
    "duplicate_account": (
        "This account is already connected",
        "The app already knows this wearable account under another name. Please contact the app's support.",
    ),
    "user_limit": (
        "No more people can be connected",
        "The app has reached the number of people it may connect. Please contact the app's support.",
    ),
    "provider_unavailable": (
        "The wearable's service did not answer",
        "Nothing is wrong on your side. Please try again in a few minutes from the app.",
    ),
    "interrupted": (
        "Connecting was interrupted",
        "Nothing was connected. Please go back to the app and start again.",
    ),
}

_OTHER = (
    "Connecting did not work",
    "The wearable's service did not confirm the connection. Please go back to the app and start again.",
)


def ending(reason: str | None) -> tuple[str, str]:
    """Title and text; `reason` None: connected."""
    return CONNECTED if reason is None else _ENDINGS.get(reason, _OTHER)
