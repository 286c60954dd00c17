from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts import auth_api, avatars_api, joining_api
from accounts.api import RolesView, UserViewSet
from accounts.api_keys_api import ApiKeyViewSet
from accounts.audit_api import AuditChoicesView, AuditExportView, AuditViewSet
from accounts.company_api import OwnCompanyView
from accounts.invitations_api import InvitationViewSet
from accounts.notices_api import NoticeViewSet

router = SimpleRouter()
router.register("users", UserViewSet, basename="user")
router.register("api-keys", ApiKeyViewSet, basename="api-key")
router.register("audit-log", AuditViewSet, basename="audit-entry")
router.register("notifications", NoticeViewSet, basename="notification")
router.register("invitations", InvitationViewSet, basename="invitation")

urlpatterns = [
    path("auth/login/", auth_api.LoginView.as_view(), name="auth-login"),
    path("auth/refresh/", auth_api.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout/", auth_api.LogoutView.as_view(), name="auth-logout"),
    path("auth/join/", joining_api.JoinView.as_view(), name="auth-join"),
    path("auth/join/check/", joining_api.JoinCheckView.as_view(), name="auth-join-check"),
    path("auth/me/", auth_api.MeView.as_view(), name="auth-me"),
    path("auth/me/avatar/", avatars_api.OwnAvatarView.as_view(), name="auth-me-avatar"),
    path("auth/presence/", auth_api.PresenceView.as_view(), name="auth-presence"),
    path("auth/password/", auth_api.PasswordView.as_view(), name="auth-password"),
    path("auth/password/reset/", joining_api.PasswordResetView.as_view(), name="auth-password-reset"),
    path("auth/password/reset/check/", joining_api.PasswordResetCheckView.as_view(), name="auth-password-reset-check"),
    path("auth/password/reset/confirm/", joining_api.PasswordResetConfirmView.as_view(), name="auth-password-reset-confirm"),
    path("auth/sessions/", auth_api.SessionsView.as_view(), name="auth-sessions"),
    path("auth/sessions/<int:pk>/", auth_api.SessionView.as_view(), name="auth-session"),
    path("auth/socket-ticket/", auth_api.SocketTicketView.as_view(), name="auth-socket-ticket"),
    path("company/", OwnCompanyView.as_view(), name="company-own"),
    path("users/<int:pk>/avatar/", avatars_api.AvatarView.as_view(), name="user-avatar"),
    path("roles/", RolesView.as_view(), name="role-list"),
    path("audit-log/choices/", AuditChoicesView.as_view(), name="audit-choices"),
    path("audit-log/export/", AuditExportView.as_view(), name="audit-export"),
    path("", include(router.urls)),
]
