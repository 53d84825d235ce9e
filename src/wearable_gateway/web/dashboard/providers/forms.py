"""What was typed into the form of a provider app. Secrets are written and never shown: an empty field leaves one as it is."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from wearable_gateway.connections.app_setup import AppFields, AppView
from wearable_gateway.providers._base.provider import Provider

HOST, EXTRA, FORGET = "host.", "extra.", "forget."
SCOPES = "scopes"


@dataclass(frozen=True, slots=True)
class AppForm:
    """The fields as the page shows them; `problems` by the name that the service gives a field."""

    client_id: str = ""
    hosts: Mapping[str, str] = field(default_factory=dict)
    scopes: str = ""
    problems: Mapping[str, str] = field(default_factory=dict)


def stored(view: AppView | None) -> AppForm:
    if view is None:
        return AppForm()
    return AppForm(view.app.client_id, view.app.hosts, view.app.extra.get(SCOPES, ""))


def typed(form: Mapping[str, str], problem: tuple[str, str]) -> AppForm:
    """Without the secrets that were typed, which no page repeats."""
    return AppForm(
        form.get("client_id", ""), _under(HOST, form), form.get(EXTRA + SCOPES, ""), dict([problem])
    )


def read(provider: Provider, form: Mapping[str, str], *, hosts_too: bool) -> AppFields:
    """`hosts_too`: whether the form had fields for them."""
    extra = {SCOPES: " ".join(form.get(EXTRA + SCOPES, "").split())}
    for one in provider.app_fields:
        text = form.get(EXTRA + one.name, "").strip()
        if text or form.get(FORGET + one.name):
            extra[one.name] = text
    hosts = {name: url.strip() for name, url in _under(HOST, form).items()} if hosts_too else None
    return AppFields(
        client_id=form.get("client_id", "").strip() or None,
        client_secret=form.get("client_secret", "").strip() or None,
        hosts=hosts,
        extra=extra,
    )


def _under(prefix: str, form: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): value for name, value in form.items() if name.startswith(prefix)}
