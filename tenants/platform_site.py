"""The admin of the platform's own staff. Only `config/platform_urls.py` mounts it, and it opens in no other company."""

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path
from django.utils.translation import gettext_lazy as _
from unfold.sites import UnfoldAdminSite

from tenants import selectors
from tenants.migrating import companies_behind
from tenants.permissions import is_platform_staff


class PlatformSite(UnfoldAdminSite):
    site_header = _("Recado platform")
    site_title = _("Recado platform")
    index_title = _("Companies, plans and health")

    def has_permission(self, request: HttpRequest) -> bool:
        return is_platform_staff(request)

    def get_urls(self) -> list[URLPattern | URLResolver]:
        return [path("health/", self.admin_view(self.health), name="health"), *super().get_urls()]

    def health(self, request: HttpRequest) -> HttpResponse:
        """What waits, what is stuck, and whose schema is behind."""
        context = {
            **self.each_context(request),
            "title": _("Health"),
            "backlog": selectors.backlog(),
            "behind": sorted(companies_behind()),
            "rejections": selectors.rejections_of_last_days(),
        }
        return TemplateResponse(request, "tenants/health.html", context)


platform_site = PlatformSite(name="platform")
