"""A flow ends: what the app is told, and where the end user goes."""

from dataclasses import dataclass, replace
from datetime import datetime

import structlog

from wearable_gateway.connect.models import Flow, FlowKind, FlowState
from wearable_gateway.connect.redirects import with_parameters
from wearable_gateway.connect.repository import FlowRepository
from wearable_gateway.connections.wire import user
from wearable_gateway.db.session import Session
from wearable_gateway.developers.keys import find_developer
from wearable_gateway.developers.settings import DeveloperSettings, FailedAuthForm
from wearable_gateway.events import catalog, outbox
from wearable_gateway.events.models import NewEvent

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Ending:
    """How a flow ended. `reason` None: connected."""

    flow: Flow
    reason: str | None

    @property
    def url(self) -> str | None:
        """Where to send the end user, if the developer named a place."""
        target = self.flow.failure_url if self.reason else self.flow.success_url
        if target is None:
            return None
        parameters = {
            "user_id": str(self.flow.user_id),
            "resource": self.flow.provider or "null",
            "reference_id": self.flow.reference_id or "null",
        }
        if self.reason:
            parameters["reason"] = self.reason
        return with_parameters(target, parameters)


async def fail(session: Session, flow: Flow, reason: str, *, now: datetime) -> Ending:
    """Close a flow that the caller has locked, and tell its developer why."""
    await FlowRepository(session, flow.dev_id).set_state(flow.id, FlowState.FAILED, reason=reason)
    settings = DeveloperSettings.of((await find_developer(session, flow.dev_id)).settings)
    await outbox.record(session, [_failed_auth(flow, reason, settings.failed_auth)], now=now)
    log.info("flow.failed", flow_id=str(flow.id), provider=flow.provider, reason=reason)
    return Ending(replace(flow, state=FlowState.FAILED, reason=reason), reason)


def _failed_auth(flow: Flow, reason: str, form: FailedAuthForm) -> NewEvent:
    if form is FailedAuthForm.CLASSIC:
        # Terra's SDK wants a word here, also when nobody got as far as choosing a provider.
        provider = flow.provider or "UNKNOWN"
        return catalog.auth_failed_classic(
            flow.dev_id,
            user(user_id=flow.user_id, provider=provider, reference_id=flow.reference_id),
            reason=reason,
            provider=provider,
            widget_session_id=flow.id if flow.kind is FlowKind.WIDGET else None,
        )
    return catalog.auth_cancelled(
        flow.dev_id, flow_id=flow.id, reason=reason, reference_id=flow.reference_id, provider=flow.provider
    )


async def close_expired(session: Session, flow: Flow, *, now: datetime) -> Ending | None:
    """Fail `flow` if its time is up and nobody closed it before; None when somebody did or it still runs."""
    locked = await FlowRepository(session, flow.dev_id).lock(flow.id)
    if locked is None or locked.state is not FlowState.OPEN or locked.expires_at > now:
        return None
    return await fail(session, locked, "expired", now=now)
