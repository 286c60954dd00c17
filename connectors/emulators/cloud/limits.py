"""How fast and to how many: each limit as a small clock that says when the next one is due (GCRA), so that nothing is counted twice.

https://developers.facebook.com/docs/whatsapp/cloud-api/overview#rate-limits
"""

from connectors.emulators.cloud.refusals import Refusal
from connectors.emulators.cloud.world import DAY, UNLIMITED, Account, Customer, Number, Portfolio

PAIR_SECONDS = 6.0
PAIR_BURST = 45
HOUR = 3600.0


def spend_throughput(number: Number, now: float) -> None:
    """Messages a second for each number, with one second's worth at once. Both directions count at Meta; here what is sent."""
    rate = number.messages_per_second
    due = max(number.paid_until, now)
    if due - now > 1.0 - 1.0 / rate:
        raise Refusal(
            130429, "Message failed to send because there were too many messages sent from this phone number in a short period of time"
        )
    number.paid_until = due + 1.0 / rate


def spend_pair(number: Number, who: str, now: float) -> None:
    """One message in six seconds to the same person; 45 may be borrowed from the time to come."""
    due = max(number.pairs.get(who, 0.0), now)
    if due - now > PAIR_SECONDS * (PAIR_BURST - 1):
        details = (
            "Message failed to send because there were too many messages sent from this phone number to the same phone number "
            "in a short period of time"
        )
        raise Refusal(131056, details)
    number.pairs[who] = due + PAIR_SECONDS
    if len(number.pairs) > 100_000:
        number.pairs = {person: until for person, until in number.pairs.items() if until > now}


def spend_reach(portfolio: Portfolio, customer: Customer, now: float) -> bool:
    """Whether one more person may be written to outside a service window in these 24 hours. All numbers of a business share it."""
    if portfolio.daily_limit == UNLIMITED:
        return True
    portfolio.written_to = {who: at for who, at in portfolio.written_to.items() if now - at < DAY}
    if customer.wa_id not in portfolio.written_to and len(portfolio.written_to) >= portfolio.daily_limit:
        return False
    portfolio.written_to.setdefault(customer.wa_id, now)
    return True


def spend_call(account: Account, now: float) -> None:
    """Management calls an hour for each account; 0: not counted."""
    if not account.calls_per_hour:
        return
    while account.called_at and now - account.called_at[0] >= HOUR:
        account.called_at.popleft()
    if len(account.called_at) >= account.calls_per_hour:
        minutes = int((HOUR - (now - account.called_at[0])) / 60) + 1
        usage = (
            f'{{"{account.id}":[{{"type":"whatsapp_business_management","call_count":100,"total_cputime":1,"total_time":1,'
            f'"estimated_time_to_regain_access":{minutes}}}]}}'
        )
        words = "There have been too many calls to this WhatsApp Business account. Wait a bit and try again."
        raise Refusal(80007, words, headers=(("x-business-use-case-usage", usage),))
    account.called_at.append(now)
