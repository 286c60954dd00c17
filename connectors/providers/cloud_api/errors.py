"""What Meta's error codes ask of us, as data: code → policy and a sentence for people.

Only `code` and `error_data.details` are stable; titles change, and the same code comes with different HTTP statuses
(https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from connectors.types import Fault, Policy, ProviderError

UNDELIVERABLE = 131026
ERROR_PAGE = "https://developers.facebook.com/docs/whatsapp/cloud-api/support/error-codes/"
MINUTE = 60.0
HOUR = 60 * MINUTE


@dataclass(frozen=True, slots=True)
class Rule:
    policy: Policy
    sentence: str | Promise
    retry_after_seconds: float | None = None
    is_account: bool = False  # about every number of the account, not the one that heard it
    is_opt_out: bool = False  # the person does not want marketing


_GROUPS: tuple[tuple[tuple[int, ...], Rule], ...] = (
    # --- the number or the account may not send until a person acts
    ((0, 104, 190), Rule(Policy.PAUSE_NUMBER, _("Meta no longer accepts the access token of this connection. Enter a new one."))),
    ((3, 10, 131005), Rule(Policy.PAUSE_NUMBER, _("The access token may not do this. Check the permissions of the Meta app."))),
    (
        (131031, 368),
        Rule(Policy.PAUSE_NUMBER, _("Meta has locked or restricted this WhatsApp account for breaking its policies."), is_account=True),
    ),
    (
        (131042, 131044),
        Rule(Policy.PAUSE_NUMBER, _("There is a problem with the payment method of the WhatsApp account."), is_account=True),
    ),
    ((131037,), Rule(Policy.PAUSE_NUMBER, _("The display name of this number must be approved by Meta before it can send."))),
    ((131045, 133010), Rule(Policy.PAUSE_NUMBER, _("This number is not registered with the Cloud API. Register it again."))),
    (
        (133005, 133006, 133008, 133009),
        Rule(Policy.PAUSE_NUMBER, _("The PIN of this number was not accepted. Check the two-step verification.")),
    ),
    ((131063,), Rule(Policy.PAUSE_NUMBER, _("Marketing messages are turned off for this number on the Cloud API."))),
    ((131048,), Rule(Policy.PAUSE_NUMBER, _("Too many people blocked or reported this number, so Meta limits what it may send."), HOUR)),
    # --- slower
    (
        (4, 80007, 613, 429),
        Rule(
            Policy.BACK_OFF_ACCOUNT,
            _("The WhatsApp account made too many calls. Sending continues in a few minutes."),
            2 * MINUTE,
            is_account=True,
        ),
    ),
    ((130429,), Rule(Policy.BACK_OFF_NUMBER, _("This number is sending faster than Meta allows. Sending slows down."), 5.0)),
    ((131056,), Rule(Policy.BACK_OFF_RECIPIENT, _("Too many messages to this person in a short time. The next one waits."), 6.0)),
    # --- later
    ((1, 2, 131000, 131016, 133004), Rule(Policy.RETRY, _("WhatsApp had a problem of its own. The message is tried again."))),
    (
        (131057, 2494100, 133015),
        Rule(Policy.RETRY, _("Meta is working on this number. The message is tried again in a few minutes."), 2 * MINUTE),
    ),
    (
        (131052, 131053),
        Rule(Policy.RETRY, _("WhatsApp could not fetch the file. Check that its address is public and its type is allowed.")),
    ),
    (
        (131049,),
        Rule(
            Policy.DEFER, _("Meta held this message back because the person gets many marketing messages. Wait at least a day."), 24 * HOUR
        ),
    ),
    ((133016,), Rule(Policy.DEFER, _("This number was registered too often. Wait three days before trying again."), 72 * HOUR)),
    # --- the campaign's fault
    ((131064,), Rule(Policy.PAUSE_CAMPAIGN, _("Meta limits this account because templates were filed under the wrong category."))),
    ((132015,), Rule(Policy.PAUSE_CAMPAIGN, _("Meta paused this template because of its quality."))),
    ((132016,), Rule(Policy.PAUSE_CAMPAIGN, _("Meta disabled this template because of its quality."))),
    ((132068, 132069), Rule(Policy.PAUSE_CAMPAIGN, _("The form (flow) in this template is blocked or throttled by Meta."))),
    # --- never for this person
    (
        (131026,),
        Rule(
            Policy.PERMANENT,
            _("This message cannot be delivered: the number is not on WhatsApp, uses an old version, or has not accepted its terms."),
        ),
    ),
    ((131047,), Rule(Policy.PERMANENT, _("More than 24 hours have passed since this person last wrote. Only a template can be sent."))),
    (
        (131050,),
        Rule(Policy.PERMANENT, _("This person has asked WhatsApp to stop marketing messages from you."), is_opt_out=True),
    ),
    (
        (130472,),
        Rule(Policy.PERMANENT, _("Meta did not deliver this marketing message because the person is in an experiment. It is not charged.")),
    ),
    ((130403,), Rule(Policy.PERMANENT, _("You have blocked this person on WhatsApp."))),
    ((130497,), Rule(Policy.PERMANENT, _("This business may not write to people in that country."))),
    ((131021,), Rule(Policy.PERMANENT, _("A number cannot write to itself."))),
    ((131030,), Rule(Policy.PERMANENT, _("This number is not on the list of test recipients of the Meta app."))),
    ((131062,), Rule(Policy.PERMANENT, _("This message cannot be sent to a person whose phone number is hidden."))),
    ((137000,), Rule(Policy.PERMANENT, _("This person's WhatsApp identity has changed. Confirm it before writing again."))),
    # --- never in this form
    (
        (100, 33, 131008, 131009, 131051, 135000),
        Rule(Policy.PERMANENT, _("WhatsApp does not accept this message as it is. Check its content.")),
    ),
    ((132000, 132012), Rule(Policy.PERMANENT, _("The variables do not fit the template."))),
    ((132001,), Rule(Policy.PERMANENT, _("The template does not exist in this language, or is not approved."))),
    ((132005,), Rule(Policy.PERMANENT, _("The filled-in template is too long."))),
    ((132007, 132018), Rule(Policy.PERMANENT, _("The content of the template breaks WhatsApp's rules."))),
)
RULES: dict[int, Rule] = {code: rule for codes, rule in _GROUPS for code in codes}
PERMISSION_CODES = range(200, 300)
# Graph's own subcode of 100: the id in the address does not exist any more, or this token may not see it.
OBJECT_GONE = 33
GONE = Rule(Policy.PAUSE_NUMBER, _("Meta no longer knows this number, or the access token may not use it. Check both."))
OTHER_SENTENCE = _("WhatsApp refused this message.")
BUSY = RULES[4]
UNREADABLE = Rule(Policy.UNKNOWN, _("WhatsApp gave an answer that cannot be read, so nobody knows whether the message was taken."))


def rule_for(code: int, *, http_status: int = 0, is_transient: bool = False) -> Rule:
    """The rule of a code. A code that is not in the table is permanent, unless Meta calls it transient or answers 429 or 5xx."""
    rule = RULES.get(code) or (RULES[10] if code in PERMISSION_CODES else None)
    if rule is not None and not (is_transient and rule.policy is Policy.PERMANENT):
        return rule
    if http_status == 429:
        return BUSY
    if is_transient:
        return RULES[2]
    if http_status >= 500:
        return UNREADABLE
    return Rule(Policy.PERMANENT, OTHER_SENTENCE)


def sentence_for(code: str) -> str:
    """The sentence for people about a code, in the language that is active now. Empty for a code we do not know."""
    rule = RULES.get(int(code)) if code.isdecimal() else None
    return str(rule.sentence) if rule else ""


def page_of(code: str) -> str:
    """Meta numbers its errors; other codes are ours."""
    return ERROR_PAGE if code.isdecimal() else ""


def error_from(http_status: int, answer: object, *, retry_after_seconds: float | None = None) -> ProviderError:
    """The ProviderError for a refused call. `answer` is the decoded body, None when it was no JSON: then the outcome is unknown."""
    error = answer.get("error") if isinstance(answer, dict) else None
    if not isinstance(error, dict):
        rule = BUSY if http_status == 429 else UNREADABLE
        return ProviderError(
            f"http_{http_status}",
            str(rule.sentence),
            rule.policy,
            http_status=http_status,
            retry_after_seconds=retry_after_seconds or rule.retry_after_seconds,
            is_account=rule.is_account,
            is_opt_out=rule.is_opt_out,
        )
    code = _number(error.get("code"))
    is_gone = code == 100 and _number(error.get("error_subcode")) == OBJECT_GONE
    rule = GONE if is_gone else rule_for(code, http_status=http_status, is_transient=error.get("is_transient") is True)
    return ProviderError(
        str(code),
        str(rule.sentence),
        rule.policy,
        http_status=http_status,
        retry_after_seconds=retry_after_seconds or rule.retry_after_seconds,
        details=_details(error) or _text(error.get("message")),
        href=ERROR_PAGE,
        is_account=rule.is_account,
        is_opt_out=rule.is_opt_out,
    )


def refusal_from(http_status: int, answer: object) -> ProviderError:
    """The same for calls that send no message: where our sentence would speak of a message, Meta's own words."""
    refusal = error_from(http_status, answer)
    error = answer.get("error") if isinstance(answer, dict) else None
    if refusal.policy is Policy.PERMANENT and isinstance(error, dict):
        theirs = _text(error.get("error_user_msg")) or refusal.details or _text(error.get("message"))
        refusal.message = str(_("Meta refuses this: %(words)s") % {"words": theirs})
    return refusal


def fault_from(error: Mapping[str, Any]) -> Fault:
    """An entry of a webhook's `errors` list."""
    code = _number(error.get("code"))
    rule = rule_for(code)
    return Fault(
        code=str(code),
        title=_text(error.get("title")) or _text(error.get("message")),
        details=_details(error),
        href=_text(error.get("href")),
        policy=rule.policy,
        is_unreachable=code == UNDELIVERABLE,
        words=str(rule.sentence),
        is_account=rule.is_account,
        is_opt_out=rule.is_opt_out,
    )


def _details(error: Mapping[str, Any]) -> str:
    data = error.get("error_data")
    if isinstance(data, dict):
        return _text(data.get("details"))
    return _text(data) or _text(error.get("details"))


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _number(value: object) -> int:
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isdecimal() else -1
