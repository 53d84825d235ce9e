"""Connecting an account of every vendor, against its simulation, over real HTTP and with a worker."""

import asyncio

from tests.providers.simulated.story import Story, vendors


@vendors()
async def test_a_consent_that_is_refused_makes_no_connection(story: Story) -> None:
    asked = {"resource": story.vendor.provider.slug}
    begun = await story.company.http.post("/v2/auth/authenticateUser", params=asked, json={})
    await story.stage.end_user().connect(begun.json()["auth_url"], story.account, allow=False)
    (failed,) = await story.receiver.wait_for("auth_cancelled")
    assert failed["reason"] == "access_denied"
    assert not story.receiver.events("auth")


@vendors()
async def test_another_account_does_not_pass_for_a_reconnect(story: Story) -> None:
    await story.connect_all()
    other = f"{story.account}-other"
    await story.stage.connect(story.company, story.vendor, other, user_id=story.users[0])
    (failed,) = await story.receiver.wait_for("auth_cancelled")
    assert failed["reason"] == "wrong_account"
    assert len(story.receiver.events("auth")) == len(story.companies)


@vendors()
async def test_an_account_whose_id_cannot_be_asked_for_at_once_is_linked_all_the_same(story: Story) -> None:
    await story.fail(503, times=1)
    await story.stage.connected(story.company, story.vendor, story.account)
    await story.receiver.wait_for("auth")


@vendors(lambda provider, simulator: simulator.refreshes and not provider.backfills_by_notice)
async def test_many_calls_at_once_refresh_once(story: Story) -> None:
    await story.connect_all()
    await story.vendor.control("expire", account=story.account)
    endpoint = f"POST {story.vendor.simulator.token_path}"
    before = (await story.vendor.calls())[endpoint]
    kind = next(iter(story.vendor.provider.data_scopes)).value
    answers = await asyncio.gather(*(story.get(story.company, kind, story.users[0]) for _ in range(8)))
    assert {answer.status_code for answer in answers} == {200}
    assert (await story.vendor.calls())[endpoint] - before == 1


@vendors(lambda provider, _simulator: len(set(provider.data_scopes.values())) > 1)
async def test_data_beyond_the_consent_is_not_given(story: Story) -> None:
    provider = story.vendor.provider
    kind, allowed = next(
        (kind, allowed)
        for kind, scopes in provider.data_scopes.items()
        if (allowed := [scope for scope in story.vendor.simulator.scopes if scope not in scopes])
        and any(provider.allows(other, allowed) for other in provider.data_scopes)
    )
    user_id = await story.stage.connected(story.company, story.vendor, story.account, scopes=allowed)
    assert (await story.get(story.company, kind.value, user_id)).status_code == 403
