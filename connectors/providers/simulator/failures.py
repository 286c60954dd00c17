"""Failures that the simulated network can have, on demand. As data: what is answered, and what happens to the message."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.types import Policy, ProviderError


class Fate(StrEnum):
    """What becomes of the message. The network's script knows these values."""

    REFUSED = "refused"  # answered with an error; never arrives
    ARRIVED = "arrived"  # the answer is an error or never comes, yet the customer has it and receipts follow
    FAILS_LATER = "fails_later"  # accepted, then a `failed` receipt


@dataclass(frozen=True, slots=True)
class Failure:
    code: str
    fate: Fate
    policy: Policy
    sentence: str | Promise
    retry_after_seconds: float | None = None

    def error(self) -> ProviderError:
        return ProviderError(self.code, str(self.sentence), self.policy, retry_after_seconds=self.retry_after_seconds)


_ALL = (
    Failure("throttled", Fate.REFUSED, Policy.BACK_OFF_NUMBER, _("Simulated: this number is sending too fast."), 2.0),
    Failure("pair_rate", Fate.REFUSED, Policy.BACK_OFF_RECIPIENT, _("Simulated: too many messages to this person."), 6.0),
    Failure("account_rate", Fate.REFUSED, Policy.BACK_OFF_ACCOUNT, _("Simulated: the account made too many calls."), 30.0),
    Failure("unavailable", Fate.REFUSED, Policy.RETRY, _("Simulated: the gateway is not available for a moment.")),
    Failure("not_on_whatsapp", Fate.REFUSED, Policy.PERMANENT, _("Simulated: this number is not on WhatsApp.")),
    Failure("engagement_cap", Fate.REFUSED, Policy.DEFER, _("Simulated: this person gets too many marketing messages now."), 24 * 3600.0),
    Failure("token_expired", Fate.REFUSED, Policy.PAUSE_NUMBER, _("Simulated: the access token has expired.")),
    Failure("template_paused", Fate.REFUSED, Policy.PAUSE_CAMPAIGN, _("Simulated: the template is paused.")),
    Failure("lost", Fate.REFUSED, Policy.UNKNOWN, _("Simulated: no answer came, and the message did not arrive.")),
    Failure("timeout", Fate.ARRIVED, Policy.UNKNOWN, _("Simulated: no answer came, but the message arrived.")),
    Failure("undeliverable", Fate.FAILS_LATER, Policy.PERMANENT, _("Simulated: the message was accepted and could not be delivered.")),
)
UNDELIVERABLE = "undeliverable"
FAILURES: dict[str, Failure] = {failure.code: failure for failure in _ALL}
