"""How a connection to every vendor ends and does not end, against its simulation, over real HTTP and with a worker."""

from tests.fakes.waiting import eventually
from tests.providers.simulated.story import Story, vendors


@vendors()
async def test_revoking_at_the_vendor_reaches_every_company_once(story: Story) -> None:
    await story.connect_all()
    await story.vendor.control("revoke", account=story.account)
    if not story.vendor.simulator.refreshes:
        await story.has_been_doubted()
    await story.look_after_now()
    told = await story.receiver.wait_for("access_revoked", len(story.companies), within=30)
    assert sorted(event["user"]["user_id"] for event in told) == sorted(story.users)
    (grant,) = await story.grants()
    assert (grant["state"], grant["tokens"]) == ("revoked", None)


@vendors(lambda provider, _simulator: not provider.backfills_by_notice)
async def test_a_refusal_that_is_no_revocation_ends_nothing(story: Story) -> None:
    """A lapsed membership, a consent that is missing: the connection is in trouble, and lives."""
    await story.connect_all()
    await story.fail(403, times=50)
    await story.push()
    await story.receiver.wait_for("connection_error", len(story.companies), within=30)
    assert not story.receiver.events("access_revoked")
    assert [grant["state"] for grant in await story.grants()] == ["live"]


@vendors()
async def test_one_company_leaves_and_the_other_stays_until_it_leaves_too(story: Story) -> None:
    await story.connect_all()
    simulator = story.vendor.simulator
    person = simulator.person(story.account)
    for company, user_id in zip(story.companies, story.users, strict=True):
        assert simulator.book.sets_of(person)
        assert (await company.deauthenticate(user_id)).status_code == 200

    async def given_back() -> bool:
        kept = simulator.gives_back and simulator.book.sets_of(person)
        return not kept and {grant["state"] for grant in await story.grants()} == {"revoked"}

    await eventually(given_back)
    assert not story.receiver.events("access_revoked")
    assert len(await story.receiver.wait_for("deauth", len(story.companies))) == len(story.companies)
