"""What a gateway's refusal means for the recipient and for the campaign. The policy is the provider's; this only obeys it."""

import random
from dataclasses import dataclass

from campaigns.types import SliceEnd
from connectors.services.backing_off import JITTER, attempts_for, pause_after
from connectors.types import Delivery, Policy, ProviderError

DEFER_SECONDS = 3600.0

_PAUSES_EVERYTHING = frozenset({Policy.BACK_OFF_NUMBER, Policy.BACK_OFF_ACCOUNT})


@dataclass(frozen=True, slots=True)
class Verdict:
    """`status`: how the message ended; None: the recipient waits again, for `seconds`, with `attempts` behind them.
    `end`: the slice ends, and why."""

    status: Delivery | None
    attempts: int = 0
    seconds: float = 0.0
    end: SliceEnd | None = None


def verdict_of(error: ProviderError, *, attempt: int, max_attempts: int, backoff_seconds: float) -> Verdict:
    """A refusal that asks us to slow down or stop is nobody's failed attempt: it does not count."""
    backoff = pause_after(error, attempt=attempt, seconds=backoff_seconds)
    if error.policy is Policy.UNKNOWN:
        return Verdict(Delivery.UNKNOWN)
    if error.policy is Policy.PERMANENT:
        return Verdict(Delivery.FAILED)
    if error.policy is Policy.PAUSE_CAMPAIGN:
        return Verdict(None, attempt - 1, end=SliceEnd(pause_campaign=error.message))
    if error.policy is Policy.PAUSE_NUMBER:
        return Verdict(None, attempt - 1, end=SliceEnd(pause_number=error.message, is_account=error.is_account))
    if error.policy in _PAUSES_EVERYTHING:
        return Verdict(None, attempt - 1, backoff, end=SliceEnd(wait_seconds=backoff))
    if attempt >= attempts_for(error, max_attempts):
        return Verdict(Delivery.FAILED)
    if error.policy is Policy.DEFER:
        return Verdict(None, attempt, error.retry_after_seconds or DEFER_SECONDS * random.uniform(*JITTER))
    return Verdict(None, attempt, backoff)
