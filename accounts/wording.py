"""What our e-mails say: in the reader's language, as HTML and as plain text (templates/accounts/mail/)."""

from dataclasses import dataclass
from typing import Any

from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts.mail_links import RESET_SECONDS, home, invitation_link, reset_link
from accounts.models import Invitation, Letter, Notice, User
from accounts.notice_words import text_of, title_of, words_of
from tenants.lib.clock import now
from tenants.lib.tenancy import current_company


@dataclass(frozen=True)
class Wording:
    to: str
    subject: str
    text: str
    html: str


def wording_of(letter: Letter) -> Wording | None:
    """None: nobody needs it any more (withdrawn, joined, left meanwhile)."""
    if letter.kind == Letter.Kind.INVITATION:
        return _of_invitation(letter.invitation)
    if letter.kind == Letter.Kind.NOTICE:
        return _of_notice(letter.notice)
    return _of_password_reset(letter.user)


def _of_invitation(invitation: Invitation | None) -> Wording | None:
    if invitation is None or invitation.accepted_at or invitation.withdrawn_at or invitation.expires_at <= now():
        return None
    inviter = invitation.invited_by.name if invitation.invited_by else ""
    with translation.override(invitation.locale), timezone.override(current_company().timezone):
        subject = _("Join %(company)s on Recado") % {"company": current_company().name}
        facts = {"name": invitation.name, "inviter": inviter, "role": invitation.get_role_display(), "expires_at": invitation.expires_at}
        return _worded("invitation", to=invitation.email, subject=subject, link=invitation_link(invitation), facts=facts)


def _of_password_reset(user: User | None) -> Wording | None:
    if user is None or not user.is_active:
        return None
    with translation.override(user.locale):
        subject = _("A new password for %(company)s on Recado") % {"company": current_company().name}
        facts = {"name": user.name, "email": user.email, "minutes": RESET_SECONDS // 60}
        return _worded("password_reset", to=user.email, subject=subject, link=reset_link(user), facts=facts)


def _of_notice(notice: Notice | None) -> Wording | None:
    if notice is None or not notice.user.is_active:
        return None
    with translation.override(notice.user.locale), timezone.override(current_company().timezone):
        title, text = title_of(notice.kind, notice.facts), text_of(notice.kind, notice.facts)
        facts = {"name": notice.user.name, "title": title, "text": text, "action": words_of(notice.kind).action, "at": notice.created_at}
        return _worded("notice", to=notice.user.email, subject=title, link=f"{home()}/app{notice.path}", facts=facts)


def _worded(template: str, *, to: str, subject: str, link: str, facts: dict[str, Any]) -> Wording:
    words = facts | {"company": current_company().name, "link": link, "subject": subject, "language": translation.get_language()}
    return Wording(
        to=to,
        # A company's name may hold anything; a header may not hold a line break.
        subject=" ".join(subject.split()),
        text=render_to_string(f"accounts/mail/{template}.txt", words).strip() + "\n",
        html=render_to_string(f"accounts/mail/{template}.html", words),
    )
