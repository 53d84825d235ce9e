"""What is said when the embedded PostgreSQL cannot serve."""

from wearable_gateway.errors import GatewayError


class EmbeddedPostgresError(GatewayError):
    """The embedded server cannot start or was refused; the message is a sentence that says what to do."""
