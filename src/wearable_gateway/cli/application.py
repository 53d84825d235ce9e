"""The API, connect pages and dashboard, as the settings want them."""

from datetime import timedelta

from fastapi import FastAPI

from wearable_gateway.cli.context import Runtime
from wearable_gateway.developers.sign_on import SignOnConfig
from wearable_gateway.settings import Settings
from wearable_gateway.web.app import AppConfig, create_app


def application(runtime: Runtime, public_url: str) -> FastAPI:
    """Raises SettingsError for half a single sign-on."""
    return create_app(
        AppConfig(
            database_url=runtime.database_url,
            public_url=public_url.rstrip("/"),
            keyring=runtime.keyring,
            hasher=runtime.hasher,
            policy=runtime.policy,
            events_kept_for=timedelta(days=runtime.settings.events_kept_days),
            pool_size=runtime.settings.database_pool_size,
            sign_on=_sign_on(runtime.settings),
        )
    )


def _sign_on(settings: Settings) -> SignOnConfig | None:
    return SignOnConfig.read(
        issuer=settings.oidc_issuer,
        client_id=settings.oidc_client_id,
        client_secret=settings.oidc_client_secret,
        name=settings.oidc_name,
        only=settings.oidc_only,
    )
