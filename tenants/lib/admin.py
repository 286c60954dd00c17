"""The base of a company's admin pages: what a person sees there is what their selectors show; nothing changes but through services."""

from collections.abc import Callable
from typing import Any, ClassVar

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Model, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline

from tenants.lib.errors import ApplicationError


class CappedPaginator(Paginator):
    """For tables of millions: counts so far and no further. What lies behind is found by a filter or a search."""

    MOST = 10_000

    @cached_property
    def count(self) -> int:
        return self.object_list.order_by()[: self.MOST].count()  # type: ignore[attr-defined]


class AskingAdmin(ModelAdmin):
    """For buttons at the top of an object's page. They are links, and a link must change nothing: it leads to a page that asks."""

    def after_asking(
        self, request: HttpRequest, row: Model, *, button: Any, verb: Callable[[Any], object], words: Any = ""
    ) -> HttpResponse:
        """Runs the service when the person has said yes, tells what came of it, and goes back to the object."""
        back = reverse(f"admin:{self.opts.app_label}_{self.opts.model_name}_change", args=[row.pk], current_app=self.admin_site.name)
        if request.method != "POST":
            context = {
                **self.admin_site.each_context(request),
                "title": button,
                "row": row,
                "words": words,
                "back": back,
                "opts": self.opts,
            }
            return TemplateResponse(request, "tenants/asking.html", {**context, "button": button})
        try:
            verb(row)
        except ApplicationError as error:
            self.message_user(request, str(error), messages.ERROR)
        else:
            self.message_user(request, _("%(row)s: done.") % {"row": row}, messages.SUCCESS)
        return HttpResponseRedirect(back)

    def row_or_404(self, request: HttpRequest, object_id: str) -> Any:
        row = self.get_object(request, object_id)
        if row is None:
            raise Http404
        return row


class ReadOnlyInline(TabularInline):
    """Rows shown under another object; nothing can be changed here."""

    extra = 0
    can_delete = False
    show_change_link = False

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return True

    def has_add_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return False


class SelectorAdmin(AskingAdmin):
    """Lists what `rows_for(user)` returns, to whom `may_see(user)` allows it. Read-only unless `may_edit` says who may change.

    A subclass that sets `may_edit` writes through its service in `save_model` and `delete_model`.
    """

    rows_for: ClassVar[Callable[[Any], QuerySet[Any]]]
    may_see: ClassVar[Callable[[Any], bool]]
    may_edit: ClassVar[Callable[[Any], bool] | None] = None
    may_delete: ClassVar[Callable[[Any], bool] | None] = None
    list_per_page = 50
    show_full_result_count = False
    warn_unsaved_form = True
    list_filter_submit = True
    compressed_fields = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return type(self).rows_for(request.user)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self.has_view_permission(request)

    def has_view_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return request.user.is_active and type(self).may_see(request.user)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return self._allows(type(self).may_edit, request)

    def has_change_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allows(type(self).may_edit, request)

    def has_delete_permission(self, request: HttpRequest, obj: Model | None = None) -> bool:
        return self._allows(type(self).may_delete, request)

    def changeform_view(
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        """A service that refuses tells why, and the form comes back."""
        try:
            return super().changeform_view(request, object_id, form_url, extra_context)
        except ApplicationError as error:
            self.message_user(request, str(error), messages.ERROR)
            return HttpResponseRedirect(request.get_full_path())

    def each(self, request: HttpRequest, chosen: QuerySet[Any], verb: Callable[[Any], object], done: str) -> None:
        """Run a service for each chosen row, and tell the person how many worked and why others did not."""
        worked = 0
        for row in chosen:
            try:
                verb(row)
            except ApplicationError as error:
                self.message_user(request, f"{row}: {error}", messages.ERROR)
                continue
            worked += 1
        if worked:
            self.message_user(request, done % {"count": worked}, messages.SUCCESS)

    def _allows(self, rule: Callable[[Any], bool] | None, request: HttpRequest) -> bool:
        return rule is not None and request.user.is_active and rule(request.user)
