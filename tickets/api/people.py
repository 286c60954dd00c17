"""A person's queues, and what they have open."""

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts.models import User
from accounts.selectors import user_for
from tickets import selectors
from tickets.api.reading import valid
from tickets.serializers import PersonsWorkSerializer, QueuesOfPersonSerializer
from tickets.services.people import set_queues_of


class PersonsQueuesView(APIView):
    may = {"get": "user.read", "put": "user.manage"}

    @extend_schema(operation_id="users_queues", responses=PersonsWorkSerializer)
    def get(self, request: Request, pk: int) -> Response:
        return Response(_work_of(user_for(request.user, pk)))

    @extend_schema(operation_id="users_queues_set", request=QueuesOfPersonSerializer, responses=PersonsWorkSerializer)
    def put(self, request: Request, pk: int) -> Response:
        user = user_for(request.user, pk)
        set_queues_of(user, queue_ids=valid(QueuesOfPersonSerializer, request)["queues"], by=request.user)
        return Response(_work_of(user))


def _work_of(user: User) -> dict[str, object]:
    return {"queues": sorted(selectors.queue_ids_of(user)), "open_tickets": selectors.open_tickets_of(user).count()}
