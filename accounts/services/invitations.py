"""Inviting people by e-mail, again, and not after all."""

import datetime
import secrets
from collections.abc import Sequence

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import selectors
from accounts.models import Invitation, Letter, User
from accounts.permissions import require
from accounts.services.auditing import differences, record
from accounts.services.letters import write_invitation
from accounts.services.team import lock_team, refuse_beyond_plan
from tenants.lib.announcing import announce
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError

GOOD_FOR = datetime.timedelta(hours=72)


@transaction.atomic
def invite(*, email: str, role: str, name: str = "", locale: str = "", queue_ids: Sequence[int] = (), by: User) -> Invitation:
    """Raises NotAllowed, PlanLimit (open invitations count), ApplicationError `email_taken`, `already_invited`, an unknown queue."""
    require(by, "user.manage")
    lock_team()
    email = email.strip().lower()
    _refuse_known(email)
    refuse_beyond_plan(reserved=selectors.promised_places())
    announce("user.invited", queue_ids=list(queue_ids))
    # One that ran out makes room for a new one.
    Invitation.objects.filter(email=email, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now())
    invitation = Invitation.objects.create(
        email=email,
        name=name,
        role=role,
        locale=locale or by.locale,
        queue_ids=sorted(set(queue_ids)),
        nonce=_new_nonce(),
        expires_at=now() + GOOD_FOR,
        invited_by=by,
    )
    record("user.invited", invitation, by=by, changes=differences(invitation, {"role": ""}))
    write_invitation(invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation, *, by: User) -> Invitation:
    """A new e-mail with a new link, good for 72 hours again; the old link is dead. Raises like `invite`."""
    require(by, "user.manage")
    lock_team()
    invitation = Invitation.objects.select_for_update().get(pk=invitation.pk)
    _refuse_settled(invitation)
    if invitation.expires_at <= now():
        refuse_beyond_plan(reserved=selectors.promised_places())
    invitation.nonce, invitation.expires_at, invitation.invited_by = _new_nonce(), now() + GOOD_FOR, by
    invitation.save(update_fields=["nonce", "expires_at", "invited_by"])
    record("user.invited_again", invitation, by=by)
    write_invitation(invitation)
    return invitation


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """The link does not open any more. Raises NotAllowed, ApplicationError `invitation_settled`."""
    require(by, "user.manage")
    withdrawn = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None).update(withdrawn_at=now())
    if not withdrawn:
        invitation.refresh_from_db()
        _refuse_settled(invitation)
    record("user.invitation_withdrawn", invitation, by=by)
    Letter.objects.filter(invitation=invitation, state=Letter.State.WAITING).update(state=Letter.State.DROPPED)


def _refuse_known(email: str) -> None:
    known = selectors.user_by_email(email)
    if known is not None and not known.is_active:
        words = _("%(name)s worked here before with this e-mail. Reactivate them in the list of people.") % {"name": known.name}
        raise ApplicationError(words, code="email_taken", field="email")
    if known is not None:
        raise ApplicationError(_("Somebody in this company has this e-mail already."), code="email_taken", field="email")
    if selectors.open_invitations().filter(email=email, expires_at__gt=now()).exists():
        open_already = _("This e-mail has an invitation already. Send it again, or withdraw it first.")
        raise ApplicationError(open_already, code="already_invited", field="email")


def _refuse_settled(invitation: Invitation) -> None:
    if invitation.accepted_at is not None:
        raise ApplicationError(_("This person has joined already."), code="invitation_settled", status=409)
    if invitation.withdrawn_at is not None:
        raise ApplicationError(_("This invitation was withdrawn. Invite them again."), code="invitation_settled", status=409)


def _new_nonce() -> str:
    return secrets.token_hex(16)
