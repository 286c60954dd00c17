"""Contacts in the company's admin."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.forms import ModelForm
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import RelatedDropdownFilter
from unfold.decorators import display

from accounts.permissions import may
from contacts import selectors
from contacts.models import Address, Contact, ContactList, CustomField, OptOut, Tag
from contacts.services import contacts as services
from contacts.services import words
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
