"""What only the platform's own staff reach, at platform.<BASE_DOMAIN>: the admin of companies, plans and health."""

from django.urls import include, path
from django.views.generic import RedirectView

from config import views
from config.urls import api_urlpatterns
from tenants.admin import platform_site

urlpatterns = [
    path("", RedirectView.as_view(url="/admin/")),
    path("health/", views.health),
    path("api/v1/", include(api_urlpatterns)),
    path("admin/", platform_site.urls),
]

handler400 = "config.views.bad_request"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
