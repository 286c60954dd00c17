"""A number's health over HTTP: how it stands with those it writes to first."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.serializers import NumberHealthSerializer
from campaigns.services.health import health_of
from connectors import selectors


class NumberHealthView(APIView):
    may = {"get": "connection.read"}

    @extend_schema(operation_id="connection_health_score", responses=NumberHealthSerializer)
    def get(self, request: Request, pk: int) -> Response:
        """Its score and what it is made of."""
        return Response(NumberHealthSerializer(health_of(selectors.connection_for(request.user, pk))).data)
