"""One class of settings, read from the environment by the command line alone and passed down as values."""

from pathlib import Path

from pydantic import Field
from pydantic_settings import BaseSettings, SettingsConfigDict

_CHECKOUT = Path(__file__).resolve().parents[2]


def _default_data_dir() -> Path:
    """One folder per checkout, from wherever a command is called; installed otherwise, the current folder's."""
    return (_CHECKOUT if (_CHECKOUT / "alembic.ini").is_file() else Path.cwd()) / ".data"


class Settings(BaseSettings):
    """Every field is `GATEWAY_<NAME>` in the environment or in `.env`, except DATABASE_URL."""

    model_config = SettingsConfigDict(
        env_prefix="GATEWAY_", env_file=".env", env_ignore_empty=True, extra="ignore", frozen=True
    )

    database_url: str | None = Field(
        default=None,
        validation_alias="DATABASE_URL",
        description="PostgreSQL 15 to 18. `run` starts a PostgreSQL of its own when this is empty.",
    )
    data_dir: Path = Field(
        default_factory=_default_data_dir,
        description="Where `run` keeps its PostgreSQL, keys and sandbox state.",
    )
    public_url: str = Field(
        default="http://127.0.0.1:8000",
        description="How browsers and vendors reach this gateway; auth URLs and callbacks start with it.",
    )
    encryption_keys: str = Field(
        default="",
        description="id:base64 of 32 bytes, several separated by commas, newest first. Losing them loses every token.",
    )
    secret_key: str = Field(
        default="",
        description="At least 32 characters; API keys are kept as hashes keyed with it. Changing it ends all of them.",
    )
    allow_private_networks: str = Field(
        default="",
        description="CIDR ranges, comma separated, that destinations may point into although they are private.",
    )
    events_kept_days: int = Field(
        default=30,
        ge=1,
        le=3650,
        description="Days that events and the log of their deliveries are kept; then nothing of them can be sent again.",
    )
    https_only: bool = Field(
        default=False, description="Whether destinations must be https; others are refused, and not dialled."
    )
    oidc_issuer: str = Field(
        default="",
        description="Where operators sign in by OpenID Connect: the issuer's https address. Empty: not at all.",
    )
    oidc_client_id: str = Field(default="", description="The client id that the issuer gave this gateway.")
    oidc_client_secret: str = Field(
        default="", repr=False, description="The client secret beside it; empty for a public client."
    )
    oidc_name: str = Field(
        default="single sign-on", max_length=60, description="How the sign-in page calls the issuer."
    )
    oidc_only: bool = Field(
        default=False, description="Whether passwords are refused; sign-in links go on to work."
    )
    database_pool_size: int = Field(default=16, ge=2, description="Connections to PostgreSQL per process.")
    log_format: str = Field(
        default="json", pattern="^(json|console)$", description="How log lines are written: json or console."
    )
    log_level: str = Field(
        default="info", pattern="^(debug|info|warning|error)$", description="The least level that is logged."
    )
