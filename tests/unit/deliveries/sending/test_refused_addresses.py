"""What a name stands for can change between the look at it and the call; where a call may go is decided at the call."""

import socket
from collections.abc import Sequence

import pytest
from aiohttp.abc import AbstractResolver, ResolveResult

from tests.fakes.ports import free_port
from tests.unit.deliveries.sending.raw_server import RawServer, answer, serving
from wearable_gateway.deliveries.outcomes import Delivered, Outcome, Reason, Refused, Unreachable
from wearable_gateway.deliveries.sending.sender import open_sender
from wearable_gateway.deliveries.urls import check_url
from wearable_gateway.kit.addresses import AddressPolicy

PUBLIC = "93.184.215.14"
NAME = "rebound.example"


class Names(AbstractResolver):
    """Answers with one list of addresses after the other, the last one for ever."""

    def __init__(self, *answers: Sequence[str]) -> None:
        self._answers = list(answers)
        self.asked = 0

    async def addresses(self, _host: str) -> Sequence[str]:
        self.asked += 1
        return self._answers.pop(0) if len(self._answers) > 1 else self._answers[0]

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        return [
            ResolveResult(hostname=host, host=address, port=port, family=family, proto=0, flags=0)
            for address in await self.addresses(host)
        ]

    async def close(self) -> None:
        pass


def url(server: RawServer) -> str:
    return f"http://{NAME}:{server.port}/hook"


async def sent(names: Names, server: RawServer, policy: AddressPolicy) -> Outcome:
    async with open_sender(policy, resolver=names) as sender:
        return await sender.send(url(server), {}, b"{}")


async def test_a_name_that_is_public_when_looked_at_and_private_when_called_is_not_called() -> None:
    names, policy = Names([PUBLIC], ["127.0.0.1"]), AddressPolicy()
    async with serving(answer("200 OK")) as server:
        await check_url(url(server), policy, names.addresses)
        outcome = await sent(names, server, policy)
    assert outcome == Unreachable(Reason.ADDRESS, "AddressRefusedError")
    assert (names.asked, server.connections) == (2, 0)


async def test_a_private_address_behind_a_public_one_that_does_not_answer_is_not_called() -> None:
    # Loopback, too, but opened by the operator: as public as an address gets without a network.
    policy = AddressPolicy.parse("127.0.0.2/32")
    async with serving(answer("200 OK")) as server:
        outcome = await sent(Names(["127.0.0.2", "127.0.0.1"]), server, policy)
        assert isinstance(outcome, Unreachable)
        assert server.connections == 0
        assert await sent(Names(["127.0.0.1"]), server, AddressPolicy.allowing_loopback()) == Delivered(200)


@pytest.mark.parametrize(
    "place",
    ["http://169.254.169.254/latest/meta-data/", "http://127.0.0.1:{port}/", "//127.0.0.1:{port}/", "/admin"],
)
async def test_a_redirect_leads_nowhere(place: str) -> None:
    async with serving(answer("200 OK")) as secret:
        location = place.format(port=secret.port)
        async with serving(answer(f"302 Found\nlocation: {location}")) as server:
            outcome = await sent(Names(["127.0.0.1"]), server, AddressPolicy.allowing_loopback())
            assert outcome == Refused(302)
            assert (len(server.requests), secret.connections) == (1, 0)


async def test_where_https_is_required_an_older_destination_without_it_is_not_called() -> None:
    policy = AddressPolicy.parse("127.0.0.0/8", https_only=True)
    async with serving(answer("200 OK")) as server, open_sender(policy) as sender:
        for text in (server.url, server.url.replace("http:", "HTTP:")):
            outcome = await sender.send(text, {}, b"{}")
            assert outcome == Unreachable(Reason.HTTPS, "GATEWAY_HTTPS_ONLY is set")
        assert server.connections == 0
        outcome = await sender.send(f"https://127.0.0.1:{free_port()}/", {}, b"{}")
        assert outcome == Unreachable(Reason.CONNECTION, "ConnectionRefusedError")
