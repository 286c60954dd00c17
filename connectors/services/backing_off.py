"""How long a message waits after a refusal, and how often it is tried, by what the refusal asks for."""

import random

from connectors.types import Policy, ProviderError

LONGEST_SECONDS = 600.0
JITTER = (0.75, 1.25)  # those who failed together do not come back together
PAIR_ATTEMPTS = 5  # over about nine minutes


def pause_after(error: ProviderError, *, attempt: int, seconds: float) -> float:
    """In seconds: what the gateway says, else twice as long each time from `seconds` on. A pair of numbers that wrote too much to each
    other waits four times as long each time.

    https://developers.facebook.com/docs/whatsapp/cloud-api/overview#pair-rate-limits
    """
    if error.policy is Policy.BACK_OFF_RECIPIENT:
        return min((error.retry_after_seconds or seconds) * 4 ** (attempt - 1), LONGEST_SECONDS) * random.uniform(*JITTER)
    return error.retry_after_seconds or min(seconds * 2 ** (attempt - 1), LONGEST_SECONDS) * random.uniform(*JITTER)


def attempts_for(error: ProviderError, most: int) -> int:
    return max(most, PAIR_ATTEMPTS) if error.policy is Policy.BACK_OFF_RECIPIENT else most
