"""A connection's templates over HTTP: listed, fetched, written, deleted."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connectors import selectors
from connectors.serializers import TemplateDraftSerializer, TemplateHandleSerializer, TemplateSampleSerializer, TemplateSerializer
from connectors.services import writing_templates as services
from connectors.services.templates import sync_templates
from connectors.types import TemplateDraft


class TemplatesView(APIView):
    may = {"get": "template.read", "post": "template.manage"}

    @extend_schema(operation_id="connections_templates_list", responses=TemplateSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        templates = selectors.templates_of(selectors.connection_for(request.user, pk))
        return Response(TemplateSerializer(templates, many=True).data)

    @extend_schema(operation_id="connections_templates_create", request=TemplateDraftSerializer, responses={201: TemplateSerializer})
    def post(self, request: Request, pk: int) -> Response:
        """Hands it in for review. Errors name the place in the JSON: `components.0.text`."""
        connection = selectors.connection_for(request.user, pk)
        template = services.create_template(connection, _draft_in(request), by=request.user)
        return Response(TemplateSerializer(template).data, status=201)


class TemplateView(APIView):
    may = {"get": "template.read", "patch": "template.manage", "delete": "template.manage"}

    @extend_schema(operation_id="connections_templates_retrieve", responses=TemplateSerializer)
    def get(self, request: Request, pk: int, template_pk: int) -> Response:
        return Response(TemplateSerializer(selectors.template_for(request.user, pk, template_pk)).data)

    @extend_schema(operation_id="connections_templates_change", request=TemplateDraftSerializer, responses=TemplateSerializer)
    def patch(self, request: Request, pk: int, template_pk: int) -> Response:
        """The whole draft; name and language must be the template's own. It is reviewed again."""
        template = selectors.template_for(request.user, pk, template_pk)
        return Response(TemplateSerializer(services.edit_template(template, _draft_in(request), by=request.user)).data)

    @extend_schema(operation_id="connections_templates_delete", responses={204: None})
    def delete(self, request: Request, pk: int, template_pk: int) -> Response:
        services.delete_template(selectors.template_for(request.user, pk, template_pk), by=request.user)
        return Response(status=204)


class TemplateSyncView(APIView):
    may = {"post": "template.manage"}

    @extend_schema(operation_id="connections_templates_sync", request=None, responses=TemplateSerializer(many=True))
    def post(self, request: Request, pk: int) -> Response:
        connection = selectors.connection_for(request.user, pk)
        sync_templates(connection, by=request.user)
        return Response(TemplateSerializer(selectors.templates_of(connection), many=True).data)


class TemplateCheckView(APIView):
    """Whether the gateway would take this draft, by its documented rules; nothing is handed in."""

    may = {"post": "template.manage"}

    @extend_schema(operation_id="connections_templates_check", request=TemplateDraftSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        services.check_template(selectors.connection_for(request.user, pk), _draft_in(request))
        return Response(status=204)


class TemplateSampleView(APIView):
    """Hands an upload to the gateway as the sample of a header."""

    may = {"post": "template.manage"}

    @extend_schema(operation_id="connections_templates_sample", request=TemplateSampleSerializer, responses=TemplateHandleSerializer)
    def post(self, request: Request, pk: int) -> Response:
        connection = selectors.connection_for(request.user, pk)
        said = TemplateSampleSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        media = selectors.upload_for(request.user, said.validated_data["upload"])
        return Response({"handle": services.upload_sample(connection, media, by=request.user)})


def _draft_in(request: Request) -> TemplateDraft:
    said = TemplateDraftSerializer(data=request.data)
    said.is_valid(raise_exception=True)
    return services.draft_of(**said.validated_data)
