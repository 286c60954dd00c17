"""A number's speed over HTTP."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connectors import selectors
from connectors.models import Connection
from connectors.serializers import PacingSerializer
from connectors.services.pacing import KEY, pacing_of, save_pacing


class PacingView(APIView):
    may = {"get": "connection.read", "patch": "connection.manage"}

    @extend_schema(operation_id="connection_pacing", responses=PacingSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return _answer(selectors.connection_for(request.user, pk))

    @extend_schema(operation_id="connection_pacing_change", request=PacingSerializer(partial=True), responses=PacingSerializer)
    def patch(self, request: Request, pk: int) -> Response:
        """What waits by the old rules looks again at once."""
        connection = selectors.connection_for(request.user, pk)
        said = PacingSerializer(data=request.data, partial=True)
        said.is_valid(raise_exception=True)
        return _answer(save_pacing(connection, by=request.user, fields=said.validated_data))


def _answer(connection: Connection) -> Response:
    said, pacing = connection.settings.get(KEY) or {}, pacing_of(connection)
    shown = {name: said.get(name, [] if name in ("weekdays", "warm_up") else None) for name in PacingSerializer().fields}
    return Response(shown | {"counts_agents": pacing.counts_agents, "rests_below": pacing.rests_below})
