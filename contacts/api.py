"""Contacts over HTTP."""

from typing import Any

from django.db.models import Count
from drf_spectacular.utils import extend_schema
from rest_framework import status, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.views import APIView

from contacts import selectors
from contacts.filters import ContactFilter
from contacts.models import Contact, ContactList, CustomField, Tag
from contacts.serializers import (
    ConsentEntrySerializer,
    ConsentRulesSerializer,
    ContactListSerializer,
    ContactSerializer,
    ContactWriteSerializer,
    CustomFieldSerializer,
    ListContactsSerializer,
    MergeSerializer,
    OptOutSerializer,
    TagSerializer,
)
from contacts.services import contacts as services
from contacts.services import words as services_of_words
from contacts.services.consent import rules_here, save_rules
from contacts.services.merging import merge_contacts

Word = Tag | ContactList | CustomField


class ContactViewSet(viewsets.GenericViewSet[Contact]):
    queryset = Contact.objects.none()
    serializer_class = ContactSerializer
    filterset_class = ContactFilter
    lookup_value_regex = r"[0-9]{1,19}"
    may = {
        "list": "contact.read",
        "retrieve": "contact.read",
        "create": "contact.write",
        "update": "contact.write",
        "partial_update": "contact.write",
        "destroy": "contact.delete",
        "opt_out": "contact.write",
        "consent": "contact.read",
        "merge": "contact.merge",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.contacts_for(self.request.user)

    def list(self, request: Request) -> Response:
        page = self.paginate_queryset(self.filter_queryset(self.get_queryset()))
        return self.get_paginated_response(ContactSerializer(page, many=True).data)

    def retrieve(self, request: Request, pk: str) -> Response:
        return Response(ContactSerializer(selectors.contact_for(request.user, int(pk))).data)

    @extend_schema(request=ContactWriteSerializer, responses={201: ContactSerializer})
    def create(self, request: Request) -> Response:
        said = ContactWriteSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        contact = services.create_contact(by=request.user, tags=fields.pop("tags", ()), lists=fields.pop("lists", ()), fields=fields)
        return Response(ContactSerializer(contact).data, status=status.HTTP_201_CREATED)

    @extend_schema(request=ContactWriteSerializer, responses=ContactSerializer)
    def update(self, request: Request, pk: str) -> Response:
        contact = selectors.contact_for(request.user, int(pk))
        said = ContactWriteSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        fields = dict(said.validated_data)
        contact = services.update_contact(
            contact, by=request.user, tags=fields.pop("tags", None), lists=fields.pop("lists", None), fields=fields
        )
        return Response(ContactSerializer(contact).data)

    @extend_schema(request=ContactWriteSerializer, responses=ContactSerializer)
    def partial_update(self, request: Request, pk: str) -> Response:
        return self.update(request, pk)

    def destroy(self, request: Request, pk: str) -> Response:
        services.delete_contact(selectors.contact_for(request.user, int(pk)), by=request.user)
        return Response(status=status.HTTP_204_NO_CONTENT)

    @extend_schema(request=MergeSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post"])
    def merge(self, request: Request, pk: str) -> Response:
        """The other contact's numbers, conversations, campaigns, tags and lists become this one's. 409 says what stands in the way."""
        contact = selectors.contact_for(request.user, int(pk))
        said = MergeSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        return Response(ContactSerializer(merge_contacts(contact, said.validated_data["contact"], by=request.user)).data)

    @extend_schema(request=OptOutSerializer, responses=ContactSerializer)
    @action(detail=True, methods=["post", "delete"], url_path="opt-out")
    def opt_out(self, request: Request, pk: str) -> Response:
        contact = selectors.contact_for(request.user, int(pk))
        said = OptOutSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        verb = services.opt_out if request.method == "POST" else services.opt_in
        verb(contact, by=request.user, **said.validated_data)
        return Response(ContactSerializer(selectors.contact_for(request.user, contact.pk)).data)

    @extend_schema(responses=ConsentEntrySerializer(many=True))
    @action(detail=True, methods=["get"], pagination_class=None, filterset_class=None)
    def consent(self, request: Request, pk: str) -> Response:
        """The ledger of this contact, newest first: who stopped or took up what, how, and by which message."""
        contact = selectors.contact_for(request.user, int(pk))
        return Response(ConsentEntrySerializer(selectors.consent_of(contact)[:200], many=True).data)


class ConsentRulesView(APIView):
    may = {"get": "consent_rules.read", "patch": "consent_rules.manage"}

    @extend_schema(operation_id="consent_rules_read", responses=ConsentRulesSerializer)
    def get(self, request: Request) -> Response:
        return Response(ConsentRulesSerializer(rules_here()).data)

    @extend_schema(operation_id="consent_rules_change", request=ConsentRulesSerializer(partial=True), responses=ConsentRulesSerializer)
    def patch(self, request: Request) -> Response:
        said = ConsentRulesSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        return Response(ConsentRulesSerializer(save_rules(said.validated_data, by=request.user)).data)


class WordViewSet(viewsets.ModelViewSet[Any]):
    """Plain words: the serializer checks them, the service writes them."""

    lookup_value_regex = r"[0-9]{1,19}"

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = services_of_words.save_word(self._said(serializer), by=self.request.user)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        serializer.instance = services_of_words.save_word(self._said(serializer), by=self.request.user)

    def perform_destroy(self, instance: Word) -> None:
        services_of_words.delete_word(instance, by=self.request.user)

    def _said(self, serializer: BaseSerializer[Any]) -> Word:
        word = serializer.instance or self.queryset.model()
        for field, value in serializer.validated_data.items():
            setattr(word, field, value)
        return word


class TagViewSet(WordViewSet):
    queryset = Tag.objects.none()
    serializer_class = TagSerializer
    may = {
        "list": "tag.read",
        "retrieve": "tag.read",
        "create": "tag.manage",
        "update": "tag.manage",
        "partial_update": "tag.manage",
        "destroy": "tag.manage",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.tags_for(self.request.user)


class ContactListViewSet(WordViewSet):
    queryset = ContactList.objects.none()
    serializer_class = ContactListSerializer
    may = {
        "list": "contact_list.read",
        "retrieve": "contact_list.read",
        "create": "contact_list.manage",
        "update": "contact_list.manage",
        "partial_update": "contact_list.manage",
        "destroy": "contact_list.manage",
        "contacts": "contact_list.manage",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.contact_lists_for(self.request.user).annotate(contact_count=Count("contacts"))

    @extend_schema(request=ListContactsSerializer, responses=ContactListSerializer)
    @action(detail=True, methods=["post", "delete"])
    def contacts(self, request: Request, pk: str) -> Response:
        contact_list = self.get_object()
        said = ListContactsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        verb = services.add_to_list if request.method == "POST" else services.remove_from_list
        verb(contact_list, by=request.user, contacts=said.validated_data["contacts"])
        return Response(ContactListSerializer(self.get_object()).data)


class CustomFieldViewSet(WordViewSet):
    queryset = CustomField.objects.none()
    serializer_class = CustomFieldSerializer
    may = {
        "list": "custom_field.read",
        "retrieve": "custom_field.read",
        "create": "custom_field.manage",
        "update": "custom_field.manage",
        "partial_update": "custom_field.manage",
        "destroy": "custom_field.manage",
    }

    def get_queryset(self):  # type: ignore[no-untyped-def]
        return selectors.custom_fields_for(self.request.user)
