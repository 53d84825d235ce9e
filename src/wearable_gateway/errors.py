"""The error tree: what can go wrong, in the words of the domain and without HTTP.

GatewayError
├── SettingsError               the operator's configuration cannot be used
├── RefusedError                the caller asked for something we do not do
│   ├── InvalidInputError       a parameter is malformed; says which and what is expected
│   ├── UnauthenticatedError    no credentials, or not the right ones
│   ├── NotFoundError           there is no such thing for this caller
│   ├── DisallowedError         the caller may not do this
│   ├── AlreadyUnderWayError    the same is being done at this moment; come back for its outcome
│   ├── TooManyRequestsError    a limit is used up; says when to come back
│   └── FlowRefusedError        a connect flow cannot go on; carries a reason the app can act on
├── ProviderError               a wearable vendor did not do what we asked
│   ├── ProviderUnavailableError    down, slow or answering 5xx: try again later
│   │   └── ProviderLimitError          429: its limit is used up
│   ├── ProviderPendingError        it prepares what was asked for and wants to be asked again
│   ├── ProviderRefusedError        401, 403 or 412 although the grant lives
│   ├── ProviderRejectedError       another 4xx: it does not take the question as it was put
│   ├── GrantRevokedError           the vendor says that the grant is dead
│   ├── ConsentRefusedError         the end user, or the vendor in their name, declined
│   └── NoticeRefusedError          a notice that is forged, stale or unreadable
├── SingleSignOnError           the service that signs operators in did not do what we asked; for the log
├── DatabaseUnavailableError    PostgreSQL does not answer; nothing was done, try again
├── GrantBusyError              the grant is being given back to the vendor; try again in a moment
└── EmbeddedPostgresError       the PostgreSQL we start ourselves cannot run (db/embedded)

`web/errors.py` holds the one table from these to answers.
"""


class GatewayError(Exception):
    """Root of everything this project raises on purpose."""


class SettingsError(GatewayError):
    """A setting is missing or cannot be used; the text says which and what to do."""


class RefusedError(GatewayError):
    """What the caller asked cannot be done; the text tells them what to do instead."""


class InvalidInputError(RefusedError):
    def __init__(self, parameter: str, expected: str) -> None:
        super().__init__(f"invalid {parameter}: {expected}")
        self.parameter = parameter
        self.expected = expected


class UnauthenticatedError(RefusedError):
    """The credentials are missing or wrong; which of the two is never said."""


class NotFoundError(RefusedError):
    """Raised alike for what never existed and for what belongs to another developer."""

    def __init__(self, what: str, expected: str = "") -> None:
        super().__init__(f"{what} not found" + (f": {expected}" if expected else ""))
        self.what = what


class AlreadyUnderWayError(RefusedError):
    """The same request is being carried out for somebody who asked before."""

    retry_after = 2


class DisallowedError(RefusedError):
    """The caller is known, and may not do this."""


class TooManyRequestsError(RefusedError):
    """`rule` names the limit; `retry_after` is in seconds, None where coming back later does not help."""

    def __init__(self, rule: str, retry_after: int | None) -> None:
        super().__init__("rate limit exceeded")
        self.rule = rule
        self.retry_after = retry_after


class FlowRefusedError(RefusedError):
    """A connect flow stops here. `reason` is a stable word for the app, the text is for the end user."""

    def __init__(self, reason: str, text: str) -> None:
        super().__init__(text)
        self.reason = reason


class DatabaseUnavailableError(GatewayError, ConnectionError):
    """Also a ConnectionError, for those who only want to know that a connection failed."""


class SingleSignOnError(GatewayError):
    """The text is for whoever runs the gateway; who wanted to sign in is told that it did not work."""


class GrantBusyError(GatewayError):
    """A new consent came while the last one was being given back; wait for that to end."""


class ProviderError(GatewayError):
    def __init__(self, provider: str, detail: str) -> None:
        super().__init__(f"{provider}: {detail}")
        self.provider = provider
        self.detail = detail


class ProviderUnavailableError(ProviderError):
    """The vendor may well answer later. `retry_after` is in seconds, where the vendor named it."""

    def __init__(self, provider: str, detail: str, retry_after: float | None = None) -> None:
        super().__init__(provider, detail)
        self.retry_after = retry_after


class ProviderLimitError(ProviderUnavailableError):
    """The vendor's limit of calls is used up."""


class ProviderPendingError(ProviderError):
    """The vendor has begun to prepare an answer. `retry_after` is in seconds."""

    def __init__(self, provider: str, retry_after: float) -> None:
        super().__init__(provider, "is preparing the data; ask again later")
        self.retry_after = retry_after


class ProviderRefusedError(ProviderError):
    def __init__(self, provider: str, detail: str, status: int) -> None:
        super().__init__(provider, detail)
        self.status = status


class ProviderRejectedError(ProviderError):
    """Asking the same again brings the same answer."""

    def __init__(self, provider: str, detail: str, status: int) -> None:
        super().__init__(provider, detail)
        self.status = status


class GrantRevokedError(ProviderError):
    pass


class ConsentRefusedError(ProviderError):
    pass


class NoticeRefusedError(ProviderError):
    pass
