"""What browsers are told about campaigns: every change at once, progress at most once a second, and always the last."""

import datetime
from typing import Any

import redis
import structlog
from django.db import transaction

from campaigns.selectors import campaigns_with_counts
from campaigns.serializers import CampaignSerializer
from tenants.lib import valkey
from tenants.lib.clock import now
from tenants.lib.realtime import EVERYONE, Frame, publish
from tenants.lib.tenancy import current_company
from tenants.lib.timers import set_timer

PROGRESS_TIMER = "campaign.progress"
PROGRESS_MILLISECONDS = 1000

log = structlog.get_logger(__name__)


def campaign_changed(action: str, campaign_id: int) -> None:
    """create or update, after commit."""
    transaction.on_commit(lambda: _tell(action, campaign_id))


def campaign_deleted(campaign_id: int) -> None:
    publish([Frame("campaign", {"action": "delete", "id": campaign_id}, EVERYONE)])


def campaign_progressed(campaign_id: int) -> None:
    """At most one frame a second for each campaign; what comes in between is told a second later, by a Timer."""
    try:
        if _first_in_a_while(campaign_id, "told", PROGRESS_MILLISECONDS):
            transaction.on_commit(lambda: _tell("progress", campaign_id))
            return
        is_first_to_wait = _first_in_a_while(campaign_id, "waits", 10 * PROGRESS_MILLISECONDS)
    except redis.RedisError as error:
        log.warning("campaign_progress_not_told", campaign_id=campaign_id, error=str(error))
        return
    if is_first_to_wait:
        set_timer(PROGRESS_TIMER, campaign_id, due_at=now() + datetime.timedelta(milliseconds=PROGRESS_MILLISECONDS))


def progress_due(key: str, payload: dict[str, Any]) -> None:
    """The timer's handler. Whoever comes from now on waits for the next one."""
    valkey.client().delete(_name(int(key), "waits"))
    _tell("progress", int(key))


def _tell(action: str, campaign_id: int) -> None:
    campaign = campaigns_with_counts().filter(pk=campaign_id).first()
    if campaign is not None:
        publish([Frame("campaign", {"action": action, "campaign": CampaignSerializer(campaign).data}, EVERYONE)])


def _first_in_a_while(campaign_id: int, what: str, milliseconds: int) -> bool:
    return bool(valkey.client().set(_name(campaign_id, what), 1, nx=True, px=milliseconds))


def _name(campaign_id: int, what: str) -> str:
    return f"recado:{current_company().pk}:campaign:{campaign_id}:{what}"
