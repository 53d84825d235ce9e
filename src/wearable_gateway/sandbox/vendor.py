"""What is a running vendor made of?"""

from dataclasses import dataclass

from starlette.requests import Request

from wearable_gateway.sandbox.authorisations import Authorisations
from wearable_gateway.sandbox.config import Clock, VendorConfig
from wearable_gateway.sandbox.instruments import Instruments
from wearable_gateway.sandbox.notices import NoticeQueue
from wearable_gateway.sandbox.oauth import VendorAuthorizationServer
from wearable_gateway.sandbox.seals import Seals
from wearable_gateway.sandbox.sender import Sender
from wearable_gateway.sandbox.state import State
from wearable_gateway.sandbox.store import Store
from wearable_gateway.sandbox.tokens import Tokens


@dataclass(frozen=True)
class Vendor:
    config: VendorConfig
    clock: Clock
    store: Store
    tokens: Tokens
    authorisations: Authorisations
    notices: NoticeQueue
    sender: Sender
    instruments: Instruments
    oauth: VendorAuthorizationServer
    seals: Seals

    @property
    def state(self) -> State:
        return self.store.state


def build_vendor(config: VendorConfig, clock: Clock) -> Vendor:
    store = Store(config.state_file)
    store.state.clients |= {client.client_id: client for client in config.clients}
    store.changed()
    notices = NoticeQueue(store, clock, retry_schedule=config.retry_schedule)
    tokens = Tokens(store, config, clock)
    authorisations = Authorisations(store, tokens, notices, clock)
    instruments = Instruments(config.second_consent_kills_earlier)
    return Vendor(
        config=config,
        clock=clock,
        store=store,
        tokens=tokens,
        authorisations=authorisations,
        notices=notices,
        sender=Sender(notices, store, clock),
        instruments=instruments,
        oauth=VendorAuthorizationServer(store, tokens, authorisations, instruments, clock),
        seals=Seals(store.state.signing_key),
    )


def vendor_of(request: Request) -> Vendor:
    vendor = request.app.state.vendor
    if not isinstance(vendor, Vendor):
        raise TypeError("this app was not made by create_vendor")
    return vendor
