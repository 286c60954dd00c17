"""Logging in, staying in, and out again."""

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.open_doors import REFRESH_COOKIE, REFRESH_COOKIE_PATH, OpenDoor, company_of_host, device_of, with_cookie
from accounts.permissions import allowed_to
from accounts.serializers import (
    AwaySerializer,
    ChooseCompanySerializer,
    CompanyChoiceSerializer,
    LoginAnswerSerializer,
    LoginSerializer,
    MeSerializer,
    OwnChangeSerializer,
    PasswordChangeSerializer,
    RefreshAnswerSerializer,
    RefreshSerializer,
    SessionSerializer,
    SocketTicketSerializer,
)
from accounts.services.logging_in import ChooseCompany, log_in
from accounts.services.presence import set_away
from accounts.services.sessions import LOGGED_OUT, end_other_sessions, end_session, revoke_session, turn_session
from accounts.services.socket_tickets import GOOD_FOR_SECONDS, issue_socket_ticket
from accounts.services.users import change_own_password, change_own_profile
from accounts.tokens import RefreshClaims, TokenExpired, TokenInvalid, access_token, read_refresh_token, refresh_token
from tenants.lib.directory import company_by_id
from tenants.lib.errors import ApplicationError, error_body
from tenants.lib.tenancy import current_company, enter
from tenants.models import Company


class LoginView(OpenDoor):
    @extend_schema(operation_id="auth_login", request=LoginSerializer, responses={200: LoginAnswerSerializer, 409: ChooseCompanySerializer})
    def post(self, request: Request) -> Response:
        given = LoginSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        try:
            done = log_in(
                email=given.validated_data["email"],
                password=given.validated_data["password"],
                slug=given.validated_data.get("company", ""),
                host_company=company_of_host(request),
                device=device_of(request),
            )
        except ChooseCompany as refusal:
            choices = CompanyChoiceSerializer(refusal.choices, many=True).data
            return Response(_error(refusal) | {"choices": choices}, status=refusal.status)
        answer = {"access": done.access, "refresh": done.refresh, "user": done.user, "company": done.company}
        return with_cookie(Response(LoginAnswerSerializer(answer).data), done.refresh, done.session)


class RefreshView(OpenDoor):
    @extend_schema(operation_id="auth_refresh", request=RefreshSerializer, responses={200: RefreshAnswerSerializer})
    def post(self, request: Request) -> Response:
        claims = _refresh_claims(request)
        company = _company_of_token(request, claims)
        with enter(company):
            session = turn_session(claims.session_id, jti=claims.jti)
        if session is None:
            raise AuthenticationFailed(_("This login has ended. Log in again."), code="session_ended")
        answer = {"access": access_token(company, session), "refresh": refresh_token(company, session)}
        return with_cookie(Response(answer), answer["refresh"], session)


class LogoutView(OpenDoor):
    """Ends the session of the refresh token. Answers 204 also when there is nothing to end."""

    @extend_schema(operation_id="auth_logout", request=RefreshSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        response = Response(status=204)
        response.delete_cookie(REFRESH_COOKIE, path=REFRESH_COOKIE_PATH, samesite="Lax")
        try:
            claims = _refresh_claims(request)
        except AuthenticationFailed:
            return response
        with enter(_company_of_token(request, claims)):
            session = selectors.living_session(claims.session_id)
            if session is not None and claims.jti in (session.current_jti, session.previous_jti):
                end_session(session, reason=LOGGED_OUT)
        return response


class MeView(APIView):
    may = {"get": "me.read", "patch": "me.change"}

    @extend_schema(operation_id="auth_me", responses=MeSerializer)
    def get(self, request: Request) -> Response:
        return Response(_me(request))

    @extend_schema(operation_id="auth_me_change", request=OwnChangeSerializer, responses=MeSerializer)
    def patch(self, request: Request) -> Response:
        given = OwnChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_own_profile(request.user, name=given.validated_data.get("name"), locale=given.validated_data.get("locale"))
        return Response(_me(request))


class PresenceView(APIView):
    may = {"put": "me.change"}

    @extend_schema(operation_id="auth_presence", request=AwaySerializer, responses=MeSerializer)
    def put(self, request: Request) -> Response:
        """Call yourself away, whatever your devices do, or stop it."""
        given = AwaySerializer(data=request.data)
        given.is_valid(raise_exception=True)
        set_away(request.user, is_away=given.validated_data["is_away"])
        return Response(_me(request))


class PasswordView(APIView):
    may = {"post": "me.change"}
    bucket = {"post": "password"}

    @extend_schema(operation_id="auth_password", request=PasswordChangeSerializer, responses={204: None})
    def post(self, request: Request) -> Response:
        given = PasswordChangeSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        change_own_password(request.user, **given.validated_data, session=request.auth)
        return Response(status=204)


class SessionsView(APIView):
    may = {"get": "session.read", "delete": "me.change"}

    @extend_schema(operation_id="auth_sessions", responses=SessionSerializer(many=True))
    def get(self, request: Request) -> Response:
        sessions = selectors.living_sessions_of(request.user)
        return Response(SessionSerializer(sessions, many=True, context={"current_session_id": request.auth.pk}).data)

    @extend_schema(operation_id="auth_sessions_revoke_others", responses={204: None}, summary="End every session but this one.")
    def delete(self, request: Request) -> Response:
        end_other_sessions(request.user, but=request.auth, by=request.user)
        return Response(status=204)


class SessionView(APIView):
    may = {"delete": "me.change"}

    @extend_schema(operation_id="auth_session_revoke", responses={204: None})
    def delete(self, request: Request, pk: int) -> Response:
        revoke_session(selectors.session_for(request.user, pk), by=request.user)
        return Response(status=204)


class SocketTicketView(APIView):
    may = {"post": "socket.open"}

    @extend_schema(operation_id="auth_socket_ticket", request=None, responses=SocketTicketSerializer)
    def post(self, request: Request) -> Response:
        return Response({"ticket": issue_socket_ticket(session=request.auth), "expires_in": GOOD_FOR_SECONDS})


def _me(request: Request) -> dict[str, object]:
    return MeSerializer({"user": request.user, "company": current_company(), "permissions": allowed_to(request.user)}).data


def _refresh_claims(request: Request) -> RefreshClaims:
    given = RefreshSerializer(data=request.data)
    given.is_valid(raise_exception=True)
    token = given.validated_data.get("refresh") or request.COOKIES.get(REFRESH_COOKIE, "")
    try:
        return read_refresh_token(token)
    except TokenExpired:
        raise AuthenticationFailed(_("This token has expired."), code="token_expired")
    except TokenInvalid:
        raise AuthenticationFailed(_("This token is not valid."), code="token_invalid")


def _company_of_token(request: Request, claims: RefreshClaims) -> Company:
    of_host = company_of_host(request)
    if of_host is not None and of_host.pk != claims.company_id:
        raise AuthenticationFailed(_("This token belongs to another company."), code="wrong_company")
    company = of_host or company_by_id(claims.company_id)
    if company is None or company.state == Company.State.DELETED:
        raise AuthenticationFailed(_("This token is not valid."), code="token_invalid")
    if not company.is_active:
        raise ApplicationError(_("This company is suspended. Ask its owner or the platform."), code="company_suspended", status=403)
    return company


def _error(refusal: ApplicationError) -> dict[str, object]:
    return error_body(code=refusal.code, detail=refusal.message, status=refusal.status)
