"""Letters on their way to the mail server, which may be down, slow, or say no."""

import datetime
import smtplib
from email.utils import formataddr, parseaddr

import structlog
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.utils.translation import gettext as _

from accounts.models import Letter
from accounts.services.letters import TIMER
from accounts.wording import Wording, wording_of
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company
from tenants.lib.timers import cancel_timer, set_timer

# After the first failure, the second, ...; after the last one a person has to ask for another try.
PAUSES_SECONDS = (15, 60, 300, 1800, 7200)
MOST_ATTEMPTS = len(PAUSES_SECONDS) + 1

log = structlog.get_logger(__name__)


def send_letter(letter_id: int) -> None:
    """Once, unless a worker dies between the mail server's yes and our note of it. Does nothing for a letter that is not waiting."""
    letter = _claimed(letter_id)
    if letter is None:
        return
    wording = wording_of(letter)
    if wording is None:
        _settle(letter, Letter.State.DROPPED)
        return
    try:
        _hand_over(wording)
    except (smtplib.SMTPException, OSError) as error:
        log.warning("letter_not_sent", letter=letter.pk, kind=letter.kind, attempt=letter.attempts, error=repr(error)[:300])
        _failed(letter, error)
        return
    _settle(letter, Letter.State.SENT)


def _claimed(letter_id: int) -> Letter | None:
    """Ours alone for a while; a letter whose turn has not come is left to its timer."""
    moment = now()
    free = Q(leased_until=None) | Q(leased_until__lte=moment)
    due = Q(retry_at=None) | Q(retry_at__lte=moment)
    until = moment + datetime.timedelta(seconds=4 * settings.EMAIL_TIMEOUT)
    waiting = Letter.objects.filter(free, due, pk=letter_id, state=Letter.State.WAITING)
    if not waiting.update(leased_until=until, attempts=F("attempts") + 1):
        _forget_timer_of_settled(letter_id)
        return None
    return Letter.objects.select_related("invitation__invited_by", "user", "notice__user").get(pk=letter_id)


def _hand_over(wording: Wording) -> None:
    name, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    company = " ".join(current_company().name.split())
    EmailMultiAlternatives(
        subject=wording.subject,
        body=wording.text,
        from_email=formataddr((f"{company} ({name or 'Recado'})", address)),
        to=[wording.to],
        alternatives=[(wording.html, "text/html")],
        headers={"Auto-Submitted": "auto-generated"},
        connection=get_connection(),
    ).send()


def _failed(letter: Letter, error: Exception) -> None:
    if _is_final(error) or letter.attempts >= MOST_ATTEMPTS:
        _settle(letter, Letter.State.FAILED, error=_words_of(error))
        return
    retry_at = now() + datetime.timedelta(seconds=PAUSES_SECONDS[letter.attempts - 1])
    Letter.objects.filter(pk=letter.pk, state=Letter.State.WAITING).update(leased_until=None, retry_at=retry_at, error=_words_of(error))
    set_timer(TIMER, letter.pk, due_at=retry_at)


def _settle(letter: Letter, state: str, *, error: str = "") -> None:
    sent_at = now() if state == Letter.State.SENT else None
    Letter.objects.filter(pk=letter.pk).update(state=state, error=error, leased_until=None, retry_at=None, sent_at=sent_at)
    cancel_timer(TIMER, letter.pk)


def _forget_timer_of_settled(letter_id: int) -> None:
    if not Letter.objects.filter(pk=letter_id, state=Letter.State.WAITING).exists():
        cancel_timer(TIMER, letter_id)


def _is_final(error: Exception) -> bool:
    """Whether the mail server will say the same tomorrow: it does not know the address, or does not want the letter."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _answer in error.recipients.values())
    is_about_us = isinstance(error, smtplib.SMTPAuthenticationError | smtplib.SMTPConnectError | smtplib.SMTPHeloError)
    return isinstance(error, smtplib.SMTPResponseException) and not is_about_us and 500 <= error.smtp_code < 600


def _words_of(error: Exception) -> str:
    """For the person who looks after the people: in the company's language."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _("The mail server does not accept our login. Whoever runs Recado must mend EMAIL_URL.")
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        answers = "; ".join(f"{code} {_text_of(answer)}" for code, answer in error.recipients.values())
        return _("The mail server does not take this address: %(answer)s") % {"answer": answers}
    if isinstance(error, smtplib.SMTPResponseException):
        return _("The mail server said no: %(answer)s") % {"answer": f"{error.smtp_code} {_text_of(error.smtp_error)}"}
    if isinstance(error, TimeoutError):
        return _("The mail server is too slow.")
    return _("The mail server cannot be reached.")


def _text_of(answer: bytes | str) -> str:
    text = answer.decode(errors="replace") if isinstance(answer, bytes) else answer
    return " ".join(text.split())[:300]
