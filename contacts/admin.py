"""Contacts in the company's admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter, RelatedDropdownFilter
from unfold.decorators import action, display

from accounts.permissions import may
from contacts import selectors
from contacts.models import Address, Contact, ContactImport, ContactList, CustomField, OptOut, Tag
from contacts.services import contacts as services
from contacts.services import imports, words
from tenants.lib.admin import ReadOnlyInline, SelectorAdmin


class AddressInline(ReadOnlyInline):
    model = Address
    fields = readonly_fields = ["kind", "value", "is_invalid", "invalid_reason", "created_at"]


class OptOutInline(ReadOnlyInline):
    model = OptOut
    fields = readonly_fields = ["purpose", "source", "by", "created_at"]


@admin.register(Contact)
class ContactAdmin(SelectorAdmin):
    rows_for = staticmethod(selectors.contacts_for)
    may_see = staticmethod(lambda user: may(user, "contact.read"))
    may_edit = staticmethod(lambda user: may(user, "contact.write"))
    may_delete = staticmethod(lambda user: may(user, "contact.delete"))
    list_display = ["shown_name", "phone", "email", "shown_tags", "is_blocked", "created_at"]
    list_display_links = ["shown_name"]
    list_filter = [("tags", RelatedDropdownFilter), ("lists", RelatedDropdownFilter), "is_blocked"]
    search_fields = ["name", "phone", "email", "username"]
    fields = ["name", "phone", "email", "locale", "notes", "tags", "lists", "is_blocked"]
    autocomplete_fields = ["tags", "lists"]
    inlines = [AddressInline, OptOutInline]
    search_help_text = _("Name, phone, e-mail or username")
    actions = ["opt_out_chosen", "opt_in_chosen", "block_chosen", "unblock_chosen"]

    def has_write_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "contact.write")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Contacts leave one by one: who has a history stays, and is told why."""
        return {name: each for name, each in super().get_actions(request).items() if name != "delete_selected"}

    @action(description=_("Send no more campaigns"), permissions=["write"])
    def opt_out_chosen(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        purpose = OptOut.Purpose.MARKETING
        self.each(
            request, queryset, lambda one: services.opt_out(one, by=request.user, purpose=purpose), _("%(count)d get no more campaigns.")
        )

    @action(description=_("Campaigns are welcome again"), permissions=["write"])
    def opt_in_chosen(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        purpose = OptOut.Purpose.MARKETING
        self.each(
            request, queryset, lambda one: services.opt_in(one, by=request.user, purpose=purpose), _("%(count)d get campaigns again.")
        )

    @action(description=_("Block"), permissions=["write"])
    def block_chosen(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        self._set_blocked(request, queryset, True, _("%(count)d contacts blocked."))

    @action(description=_("Unblock"), permissions=["write"])
    def unblock_chosen(self, request: HttpRequest, queryset: QuerySet[Contact]) -> None:
        self._set_blocked(request, queryset, False, _("%(count)d contacts unblocked."))

    def _set_blocked(self, request: HttpRequest, chosen: QuerySet[Contact], value: bool, done: str) -> None:
        self.each(request, chosen, lambda one: services.update_contact(one, by=request.user, fields={"is_blocked": value}), done)

    @display(description=_("name"), ordering="name")
    def shown_name(self, contact: Contact) -> str:
        return contact.display_name

    @display(description=_("tags"), label=True)
    def shown_tags(self, contact: Contact) -> list[str]:
        return [tag.name for tag in contact.tags.all()]

    def save_model(self, request: HttpRequest, obj: Contact, form: ModelForm, change: bool) -> None:
        given = {field: form.cleaned_data[field] for field in form.changed_data if field not in ("tags", "lists")}
        tags, lists = form.cleaned_data["tags"], form.cleaned_data["lists"]
        if change:
            stored = selectors.contact_for(request.user, obj.pk)
            services.update_contact(stored, by=request.user, fields=given, tags=tags, lists=lists)
            return
        obj.pk = services.create_contact(by=request.user, fields=given, tags=tags, lists=lists).pk

    def delete_model(self, request: HttpRequest, obj: Contact) -> None:
        services.delete_contact(obj, by=request.user)


IMPORT_COLORS = dict.fromkeys(ContactImport.State, "default") | {
    ContactImport.State.RUNNING: "info",
    ContactImport.State.DONE: "success",
    ContactImport.State.FAILED: "danger",
    ContactImport.State.UNDOING: "warning",
}


@admin.register(ContactImport)
class ContactImportAdmin(SelectorAdmin):
    """Watched and taken back here; started in the SPA, where a file can be looked at first."""

    rows_for = staticmethod(selectors.contact_imports_for)
    may_see = staticmethod(lambda user: may(user, "contact.import"))
    list_display = [
        "name",
        "shown_state",
        "row_count",
        "created_count",
        "updated_count",
        "skipped_count",
        "invalid_count",
        "created_by",
        "created_at",
    ]
    list_filter = [("state", ChoicesDropdownFilter), "is_dry_run", ("created_at", RangeDateFilter)]
    search_fields = ["name"]
    fieldsets = [
        (None, {"fields": ["name", "kind", "state", "is_dry_run", "on_existing", "region", "error_text"]}),
        (_("Rows"), {"fields": ["row_count", "created_count", "updated_count", "skipped_count", "invalid_count"]}),
        (_("Undo"), {"fields": ["removed_count", "restored_count", "kept_count", "undone_at"]}),
        (_("Times"), {"fields": ["created_by", "created_at", "started_at", "finished_at"]}),
    ]
    actions = ["undo_chosen"]

    @display(description=_("state"), label=IMPORT_COLORS)
    def shown_state(self, job: ContactImport) -> tuple[str, str]:
        return job.state, job.get_state_display()

    def has_import_permission(self, request: HttpRequest) -> bool:
        return may(request.user, "contact.import")

    @action(description=_("Take back what the chosen imports wrote"), permissions=["import"])
    def undo_chosen(self, request: HttpRequest, queryset: QuerySet[ContactImport]) -> None:
        self.each(request, queryset, lambda job: imports.undo_import(job, by=request.user), _("%(count)d imports are being taken back."))


class WordAdmin(SelectorAdmin):
    """Small words that managers keep: tags, lists, custom fields."""

    def save_model(self, request: HttpRequest, obj: Any, form: ModelForm, change: bool) -> None:
        words.save_word(obj, by=request.user)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        words.delete_word(obj, by=request.user)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        for word in queryset:
            words.delete_word(word, by=request.user)


@admin.register(Tag)
class TagAdmin(WordAdmin):
    rows_for = staticmethod(selectors.tags_for)
    may_see = staticmethod(lambda user: may(user, "tag.read"))
    may_edit = may_delete = staticmethod(lambda user: may(user, "tag.manage"))
    list_display = ["name", "color", "created_at"]
    search_fields = ["name"]


@admin.register(ContactList)
class ContactListAdmin(WordAdmin):
    rows_for = staticmethod(selectors.contact_lists_for)
    may_see = staticmethod(lambda user: may(user, "contact_list.read"))
    may_edit = may_delete = staticmethod(lambda user: may(user, "contact_list.manage"))
    list_display = ["name", "created_at"]
    search_fields = ["name"]


@admin.register(CustomField)
class CustomFieldAdmin(WordAdmin):
    rows_for = staticmethod(selectors.custom_fields_for)
    may_see = staticmethod(lambda user: may(user, "custom_field.read"))
    may_edit = may_delete = staticmethod(lambda user: may(user, "custom_field.manage"))
    list_display = ["label", "key", "kind", "position"]
    search_fields = ["label", "key"]
