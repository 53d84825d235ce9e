"""`wearable-gateway migrate` and `wearable-gateway secrets`."""

import secrets as random

import typer

from wearable_gateway.cli.context import AsJson, DatabaseUrl, DataDir, read_settings, show
from wearable_gateway.db.embedded import running_url
from wearable_gateway.errors import SettingsError
from wearable_gateway.kit.encryption import new_key
from wearable_gateway.local import postgres_folder


def register(app: typer.Typer) -> None:
    @app.command("migrate", epilog="Example: DATABASE_URL=postgresql://… wearable-gateway migrate")
    def run_migrations(
        data_dir: DataDir = None, database_url: DatabaseUrl = None, as_json: AsJson = False
    ) -> None:
        """Bring the database to the newest schema; safe to run at every start and several times at once."""
        from wearable_gateway.db.migrate import migrate

        settings, folder = read_settings(data_dir, database_url)
        url = settings.database_url or running_url(postgres_folder(folder))
        if url is None:
            raise SettingsError("set DATABASE_URL to the PostgreSQL to migrate")
        migrate(url)
        show({"migrated": True}, as_json=as_json)

    @app.command("secrets", epilog="Example: wearable-gateway secrets >> .env")
    def make_secrets(as_json: AsJson = False) -> None:
        """Make the two secrets that `serve` and `worker` need, ready for .env."""
        made = {"GATEWAY_ENCRYPTION_KEYS": new_key("k1"), "GATEWAY_SECRET_KEY": random.token_urlsafe(32)}
        if as_json:
            show(made, as_json=True)
        else:
            for name, value in made.items():
                print(f"{name}={value}")
