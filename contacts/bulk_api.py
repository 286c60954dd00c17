"""Many contacts over HTTP. Which ones: `contacts` (ids), or `all_matching` with the filters of the list in the query."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework.generics import GenericAPIView
from rest_framework.request import Request
from rest_framework.response import Response

from contacts import selectors
from contacts.filters import ContactFilter
from contacts.models import Contact
from contacts.serializers import BulkListsSerializer, BulkTagsSerializer, ContactCountSerializer, DeletedSerializer, WhichContactsSerializer
from contacts.services import bulk
from tenants.lib.errors import ApplicationError


class ManyContactsView(GenericAPIView[Contact]):
    queryset = Contact.objects.none()
    filterset_class = ContactFilter
    pagination_class = None

    def meant(self, said: dict) -> QuerySet[Contact]:  # type: ignore[type-arg]
        contacts = selectors.contacts_for(self.request.user).prefetch_related(None)
        if said["all_matching"]:
            return self.filter_queryset(contacts)
        if not said["contacts"]:
            raise ApplicationError(_("Say which contacts are meant."), code="required", field="contacts")
        return contacts.filter(pk__in=said["contacts"])


class CountView(ManyContactsView):
    may = {"get": "contact.read"}
    serializer_class = ContactCountSerializer

    @extend_schema(responses=ContactCountSerializer, filters=True)
    def get(self, request: Request) -> Response:
        """How many contacts the filters leave."""
        return Response({"count": self.filter_queryset(selectors.contacts_for(request.user).prefetch_related(None)).count()})


class BulkTagsView(ManyContactsView):
    may = {"post": "contact.write_many"}
    serializer_class = BulkTagsSerializer

    @extend_schema(request=BulkTagsSerializer, responses=ContactCountSerializer, filters=True)
    def post(self, request: Request) -> Response:
        """Answers with how many contacts were meant."""
        said = BulkTagsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        words = said.validated_data
        return Response({"count": bulk.change_tags(self.meant(words), by=request.user, add=words["add"], remove=words["remove"])})


class BulkListsView(ManyContactsView):
    may = {"post": "contact_list.manage"}
    serializer_class = BulkListsSerializer

    @extend_schema(request=BulkListsSerializer, responses=ContactCountSerializer, filters=True)
    def post(self, request: Request) -> Response:
        """Answers with how many contacts were meant."""
        said = BulkListsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        words = said.validated_data
        return Response({"count": bulk.change_lists(self.meant(words), by=request.user, add=words["add"], remove=words["remove"])})


class BulkDeleteView(ManyContactsView):
    may = {"post": "contact.delete"}
    serializer_class = WhichContactsSerializer

    @extend_schema(request=WhichContactsSerializer, responses=DeletedSerializer, filters=True)
    def post(self, request: Request) -> Response:
        """Contacts with conversations or campaigns are kept. `all_matching` is a worker's: then `is_done` is false."""
        said = WhichContactsSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        contacts = self.meant(said.validated_data)
        if said.validated_data["all_matching"]:
            count = bulk.delete_matching(request.query_params.dict(), by=request.user)
            return Response({"count": count, "kept": 0, "is_done": False})
        deleted, kept = bulk.delete_some(contacts, by=request.user)
        return Response({"count": deleted, "kept": kept, "is_done": True})
