from pathlib import Path

import pytest

from wearable_gateway.cli.context import make_runtime, read_settings
from wearable_gateway.kit.encryption import new_key


@pytest.mark.parametrize(("text", "https_only"), [("", False), ("false", False), ("true", True), ("1", True)])
def test_whether_destinations_must_be_https_is_the_operators_choice(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, text: str, https_only: bool
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("GATEWAY_HTTPS_ONLY", text)
    monkeypatch.setenv("GATEWAY_ENCRYPTION_KEYS", new_key("k1"))
    monkeypatch.setenv("GATEWAY_SECRET_KEY", "a secret of more than thirty-two characters")
    settings, folder = read_settings(tmp_path)
    assert make_runtime(settings, folder, "postgresql://nowhere").policy.https_only is https_only
