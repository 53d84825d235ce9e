"""`wearable-gateway demo`: both situations this gateway exists for, played over HTTP and checked."""

import asyncio

import typer

from wearable_gateway.cli.context import AsJson
from wearable_gateway.cli.demo.script import Script


def register(app: typer.Typer) -> None:
    @app.command(epilog="Example: wearable-gateway demo")
    def demo(as_json: AsJson = False) -> None:
        """Play the gateway's two main situations on an instance of its own, step by step; leaves nothing behind."""
        script = Script(as_json=as_json)
        asyncio.run(_play(script))
        raise typer.Exit(1 if script.failures else 0)


async def _play(script: Script) -> None:
    from wearable_gateway.cli.demo.instance import running_instance
    from wearable_gateway.cli.demo.stories import one_person_several_wearables, two_companies_one_account

    script.say("Starting a gateway of its own: free ports, a temporary folder …")
    async with running_instance() as instance:
        script.say(f"It answers on {instance.url}; the simulated vendor on {instance.vendor_url}.")
        await one_person_several_wearables(script, instance)
        await two_companies_one_account(script, instance)
    script.end()
