"""What every vendor's wearable syncs reaches every company, in words that Terra's own SDK reads."""

from tests.providers.simulated.story import Story, vendors

JUDGED = True


@vendors()
async def test_what_is_synced_is_told_to_every_company(story: Story) -> None:
    await story.connect_all()
    before = len(story.news())
    await story.push()
    found = (await story.wait_for_news(before + len(story.companies)))[before:]
    assert {event["user"]["user_id"] for event in found} == set(story.users)
    assert all(event["data"] for event in found)
    assert {event["user"]["provider"] for event in found} == {story.vendor.provider.slug}
