"""What the links in our e-mails open: joining a company, and a new password for who forgot theirs. The token is the permission."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.mail_links import InvitationClaims, LinkExpired, LinkUnknown, ResetClaims, read_invitation_token, read_reset_token
from accounts.open_doors import OpenDoor, company_of_host, device_of, with_cookie
from accounts.serializers import (
    InvitedSerializer,
    JoinSerializer,
    LinkTokenSerializer,
    LoginAnswerSerializer,
    PasswordResetConfirmSerializer,
    PasswordResetSerializer,
    ResettingSerializer,
)
from accounts.services.joining import join, usable_invitation
from accounts.services.login_limits import count_reset_request
from accounts.services.password_resets import finish_password_reset, user_to_reset
from tenants.lib.directory import company_by_id
from tenants.lib.errors import ApplicationError
from tenants.lib.later import later
from tenants.lib.tenancy import enter
from tenants.models import Company


class JoinCheckView(OpenDoor):
    """Whom the link invites, to what; nothing is changed."""

    @extend_schema(operation_id="auth_join_check", request=LinkTokenSerializer, responses=InvitedSerializer)
    def post(self, request: Request) -> Response:
        given = LinkTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        claims = _invitation_claims(given.validated_data["token"])
        company = _company_of_link(request, claims.company_id)
        with enter(company):
            return Response(InvitedSerializer(usable_invitation(claims), context={"company": company}).data)


class JoinView(OpenDoor):
    """A new colleague chooses a name and a password, and is logged in."""

    @extend_schema(operation_id="auth_join", request=JoinSerializer, responses=LoginAnswerSerializer)
    def post(self, request: Request) -> Response:
        given = JoinSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        claims = _invitation_claims(given.validated_data["token"])
        with enter(_company_of_link(request, claims.company_id)):
            done = join(claims, name=given.validated_data["name"], password=given.validated_data["password"], device=device_of(request))
            answer = LoginAnswerSerializer(done).data
        return with_cookie(Response(answer), done.refresh, done.session)


class PasswordResetView(OpenDoor):
    """Always 204: whether anybody has this address, only its mailbox learns."""

    @extend_schema(operation_id="auth_password_reset", request=PasswordResetSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        given = PasswordResetSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        count_reset_request(email=given.validated_data["email"], address=device_of(request).address)
        company = company_of_host(request)
        later("accounts.begin_password_reset", given.validated_data["email"], company.pk if company else None)
        return Response(status=204)


class PasswordResetCheckView(OpenDoor):
    """Whose password the link changes; nothing is changed yet."""

    @extend_schema(operation_id="auth_password_reset_check", request=LinkTokenSerializer, responses=ResettingSerializer)
    def post(self, request: Request) -> Response:
        given = LinkTokenSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        claims = _reset_claims(given.validated_data["token"])
        company = _company_of_link(request, claims.company_id)
        with enter(company):
            return Response(ResettingSerializer({"user": user_to_reset(claims), "company": company}).data)


class PasswordResetConfirmView(OpenDoor):
    """The new password; every login of the person ends."""

    @extend_schema(operation_id="auth_password_reset_confirm", request=PasswordResetConfirmSerializer, responses=ResettingSerializer)
    def post(self, request: Request) -> Response:
        given = PasswordResetConfirmSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        claims = _reset_claims(given.validated_data["token"])
        company = _company_of_link(request, claims.company_id)
        with enter(company):
            user = finish_password_reset(claims, password=given.validated_data["password"])
        return Response(ResettingSerializer({"user": user, "company": company}).data)


def _company_of_link(request: Request, company_id: int) -> Company:
    """A link opens at its own company's host, or at the shared one."""
    company = company_by_id(company_id)
    of_host = company_of_host(request)
    if company is None or company.state == Company.State.DELETED or (of_host is not None and of_host.pk != company.pk):
        raise _unknown_link()
    if not company.is_active:
        raise ApplicationError(_("This company is suspended. Ask its owner or the platform."), code="company_suspended", status=403)
    return company


def _invitation_claims(token: str) -> InvitationClaims:
    try:
        return read_invitation_token(token)
    except LinkUnknown:
        raise _unknown_link() from None


def _reset_claims(token: str) -> ResetClaims:
    try:
        return read_reset_token(token)
    except LinkExpired:
        raise ApplicationError(_("This link has expired. Ask for a new one."), code="link_expired", status=410) from None
    except LinkUnknown:
        raise _unknown_link() from None


def _unknown_link() -> ApplicationError:
    return ApplicationError(_("This link is not valid. Open it once more from the e-mail, whole."), code="link_unknown", status=404)
