from django.urls import include, path
from rest_framework.routers import SimpleRouter

from accounts import auth_api
from accounts.api import RolesView, UserViewSet
from accounts.api_keys_api import ApiKeyViewSet
from accounts.audit_api import AuditChoicesView, AuditExportView, AuditViewSet
from accounts.company_api import OwnCompanyView

router = SimpleRouter()
router.register("users", UserViewSet, basename="user")
router.register("api-keys", ApiKeyViewSet, basename="api-key")
router.register("audit-log", AuditViewSet, basename="audit-entry")

urlpatterns = [
    path("auth/login/", auth_api.LoginView.as_view(), name="auth-login"),
    path("auth/refresh/", auth_api.RefreshView.as_view(), name="auth-refresh"),
    path("auth/logout/", auth_api.LogoutView.as_view(), name="auth-logout"),
    path("auth/me/", auth_api.MeView.as_view(), name="auth-me"),
    path("auth/password/", auth_api.PasswordView.as_view(), name="auth-password"),
    path("auth/sessions/", auth_api.SessionsView.as_view(), name="auth-sessions"),
    path("auth/sessions/<int:pk>/", auth_api.SessionView.as_view(), name="auth-session"),
    path("auth/socket-ticket/", auth_api.SocketTicketView.as_view(), name="auth-socket-ticket"),
    path("company/", OwnCompanyView.as_view(), name="company-own"),
    path("roles/", RolesView.as_view(), name="role-list"),
    path("audit-log/choices/", AuditChoicesView.as_view(), name="audit-choices"),
    path("audit-log/export/", AuditExportView.as_view(), name="audit-export"),
    path("", include(router.urls)),
]
