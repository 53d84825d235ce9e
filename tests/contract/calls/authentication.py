"""`client.authentication`."""

import re
from uuid import UUID

from terra.authentication.types.authentication_authenticate_user_response import (
    AuthenticationAuthenticateUserResponse,
)
from terra.authentication.types.authentication_deauthenticate_user_response import (
    AuthenticationDeauthenticateUserResponse,
)
from terra.authentication.types.authentication_generate_auth_token_response import (
    AuthenticationGenerateAuthTokenResponse,
)
from terra.authentication.types.authentication_generate_widget_session_response import (
    AuthenticationGenerateWidgetSessionResponse,
)

from tests.contract.calls.using import Case, Using
from tests.contract.clients import typed


async def authenticateuser(using: Using) -> None:
    answer = typed(
        await using.terra.authentication.authenticateuser(
            resource="SANDBOX",
            language="en",
            reference_id="ann",
            auth_success_redirect_url="https://app.example/done",
            auth_failure_redirect_url="https://app.example/failed",
        ),
        AuthenticationAuthenticateUserResponse,
    )
    assert answer.status == "success"
    assert str(UUID(answer.user_id)) == answer.user_id
    assert answer.auth_url.startswith(f"{using.gateway.url}/")
    assert answer.expires_in == 900
    back = await using.gateway.end_user().connect(answer.auth_url, using.account)
    assert back.headers["location"] == (
        f"https://app.example/done?user_id={answer.user_id}&resource=SANDBOX&reference_id=ann"
    )


async def generatewidgetsession(using: Using) -> None:
    answer = typed(
        await using.terra.authentication.generatewidgetsession(
            providers="SANDBOX",
            language="en",
            reference_id="ann",
            auth_success_redirect_url="https://app.example/done",
            auth_failure_redirect_url="https://app.example/failed",
        ),
        AuthenticationGenerateWidgetSessionResponse,
    )
    assert (answer.status, answer.expires_in) == ("success", 900)
    assert str(UUID(answer.session_id)) == answer.session_id
    page = await using.gateway.end_user().browser.get(answer.url)
    assert page.status_code == 200
    assert "Sandbox Wearables" in page.text


async def generateauthtoken(using: Using) -> None:
    answer = typed(
        await using.terra.authentication.generateauthtoken(), AuthenticationGenerateAuthTokenResponse
    )
    assert (answer.status, answer.expires_in) == ("success", 180)
    assert re.fullmatch(r"[0-9a-f]{64}", answer.token)


async def deauthenticateuser(using: Using) -> None:
    user_id = await using.connected("ann")
    answer = typed(
        await using.terra.authentication.deauthenticateuser(user_id=user_id),
        AuthenticationDeauthenticateUserResponse,
    )
    assert answer.status == "success"
    assert await using.company.users("ann") == []


CASES: dict[str, Case] = {
    "authentication.authenticateuser": authenticateuser,
    "authentication.generatewidgetsession": generatewidgetsession,
    "authentication.generateauthtoken": generateauthtoken,
    "authentication.deauthenticateuser": deauthenticateuser,
}
