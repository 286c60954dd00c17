"""A company's URLs (and the shared host's). The platform host adds its own admin (platform_urls)."""

from django.contrib import admin
from django.urls import include, path, re_path
from drf_spectacular.views import SpectacularAPIView, SpectacularSwaggerSplitView

from config import views
from connectors.files import file_by_link

api_urlpatterns = [
    path("", include("tenants.urls")),
    path("", include("accounts.urls")),
    path("", include("contacts.urls")),
    path("", include("connectors.urls")),
    path("", include("tickets.urls")),
    path("", include("campaigns.urls")),
    path("", include("reports.urls")),
    path("health/", views.health, name="health"),
    path("schema/", SpectacularAPIView.as_view(), name="schema"),
    path("docs/", SpectacularSwaggerSplitView.as_view(url_name="schema"), name="docs"),
]

urlpatterns = [
    path("", views.home, name="home"),
    path("health/", views.health),
    path("api/v1/", include(api_urlpatterns)),
    path("files/<str:token>/", file_by_link, name="file"),
    path("admin/", admin.site.urls),
    path("app/connections/signup", views.back_from_meta),
    re_path(r"^app(?:/.*)?$", views.spa, name="spa"),
]

handler400 = "config.views.bad_request"
handler404 = "config.views.not_found"
handler500 = "config.views.server_error"
