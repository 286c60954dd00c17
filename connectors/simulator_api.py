"""The simulator's phone over HTTP: the SPA page on which one plays the customers."""

import dataclasses

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema
from rest_framework import status
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connectors import selectors, simulating
from connectors.models import Connection
from connectors.providers.simulator.network import Line
from connectors.serializers import (
    CustomerSerializer,
    FailureOrderSerializer,
    NewCustomerSerializer,
    PhoneEntrySerializer,
    SayingSerializer,
)
from connectors.simulating import Saying
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company


class SimulatorView(APIView):
    may = {"get": "simulator.play", "post": "simulator.play"}

    def line(self, request: Request, connection_id: int) -> Line:
        connection = selectors.connection_for(request.user, connection_id)
        if connection.provider != Connection.ProviderName.SIMULATOR:
            raise ApplicationError(_("This connection is a real number: nobody can play its customers."), code="not_simulated", status=409)
        return Line(current_company().pk, connection.pk)


class CustomersView(SimulatorView):
    @extend_schema(operation_id="connections_simulator_customers", responses=CustomerSerializer(many=True))
    def get(self, request: Request, pk: int) -> Response:
        found = simulating.customers(self.line(request, pk))
        return Response(CustomerSerializer([dataclasses.asdict(customer) for customer in found], many=True).data)

    @extend_schema(operation_id="connections_simulator_add_customer", request=NewCustomerSerializer, responses={201: CustomerSerializer})
    def post(self, request: Request, pk: int) -> Response:
        line = self.line(request, pk)
        said = NewCustomerSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        customer = simulating.add_customer(line, **said.validated_data)
        return Response(CustomerSerializer(dataclasses.asdict(customer)).data, status=status.HTTP_201_CREATED)


class PhoneView(SimulatorView):
    @extend_schema(operation_id="connections_simulator_messages", responses=PhoneEntrySerializer(many=True))
    def get(self, request: Request, pk: int, customer: str) -> Response:
        return Response(PhoneEntrySerializer(simulating.conversation(self.line(request, pk), customer), many=True).data)

    @extend_schema(operation_id="connections_simulator_say", request=SayingSerializer, responses={201: PhoneEntrySerializer})
    def post(self, request: Request, pk: int, customer: str) -> Response:
        line = self.line(request, pk)
        said = SayingSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        media_id = said.validated_data.pop("media")
        file = simulating.file_of(selectors.uploads_of(request.user).filter(pk=media_id).first()) if media_id else None
        payload = simulating.payload_of(place=said.validated_data.pop("place"), cards=said.validated_data.pop("cards"))
        entry = simulating.say(line, customer, Saying(**said.validated_data, media=file, payload=payload))
        return Response(PhoneEntrySerializer(entry).data, status=status.HTTP_201_CREATED)


class TypingView(SimulatorView):
    @extend_schema(operation_id="connections_simulator_type", request=None, responses={204: None})
    def post(self, request: Request, pk: int, customer: str) -> Response:
        """The customer is writing: whoever has the conversation open sees it for a few seconds."""
        simulating.type_on(self.line(request, pk), customer)
        return Response(status=status.HTTP_204_NO_CONTENT)


class FailuresView(SimulatorView):
    @extend_schema(operation_id="connections_simulator_order_failure", request=FailureOrderSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        line = self.line(request, pk)
        said = FailureOrderSerializer(data=request.data)
        said.is_valid(raise_exception=True)
        simulating.order_failure(line, said.validated_data["code"], times=said.validated_data["times"])
        return Response(status=status.HTTP_204_NO_CONTENT)
