"""New numbers over HTTP: those of an account, codes and PINs, Embedded Signup."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from connectors import selectors
from connectors.serializers import ConnectionSerializer
from connectors.services import registering as services


class AccountNumbersRequestSerializer(serializers.Serializer[Any]):
    provider = serializers.CharField(max_length=20, default="cloud_api")
    credentials = serializers.DictField(child=serializers.CharField(allow_blank=True, max_length=2000))


class AccountNumberSerializer(serializers.Serializer[Any]):
    """A number that may be linked: `phone_number_id` and `waba_id` are its credentials."""

    phone_number_id = serializers.CharField(source="identity.number_id")
    waba_id = serializers.CharField(source="identity.account_id")
    number = serializers.CharField()
    name = serializers.CharField()
    status = serializers.CharField()
    quality = serializers.CharField()


class CodeRequestSerializer(serializers.Serializer[Any]):
    method = serializers.CharField(max_length=8, default="SMS")
    language = serializers.RegexField(r"^[a-z]{2}(_[A-Z]{2})?$", max_length=8, default="en")


class CodeSerializer(serializers.Serializer[Any]):
    code = serializers.CharField(max_length=12)


class PinSerializer(serializers.Serializer[Any]):
    pin = serializers.CharField(max_length=6)


class SignUpAddressSerializer(serializers.Serializer[Any]):
    url = serializers.CharField()


class SignUpSerializer(serializers.Serializer[Any]):
    """What Meta sent the person back with."""

    code = serializers.CharField(max_length=2000)
    state = serializers.CharField(max_length=200)


class AccountNumbersView(APIView):
    may = {"post": "connection.manage"}

    @extend_schema(
        operation_id="connections_numbers", request=AccountNumbersRequestSerializer, responses=AccountNumberSerializer(many=True)
    )
    def post(self, request: Request) -> Response:
        said = _said(AccountNumbersRequestSerializer, request)
        return Response(AccountNumberSerializer(services.numbers_of_account(**said, by=request.user), many=True).data)


class RequestCodeView(APIView):
    may = {"post": "connection.manage"}

    @extend_schema(operation_id="connections_request_code", request=CodeRequestSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        connection = selectors.connection_for(request.user, pk)
        services.request_code(connection, **_said(CodeRequestSerializer, request), by=request.user)
        return Response(status=204)


class VerifyCodeView(APIView):
    may = {"post": "connection.manage"}

    @extend_schema(operation_id="connections_verify_code", request=CodeSerializer, responses={204: None})
    def post(self, request: Request, pk: int) -> Response:
        connection = selectors.connection_for(request.user, pk)
        services.verify_code(connection, **_said(CodeSerializer, request), by=request.user)
        return Response(status=204)


class RegisterView(APIView):
    may = {"post": "connection.manage"}

    @extend_schema(operation_id="connections_register", request=PinSerializer, responses=ConnectionSerializer)
    def post(self, request: Request, pk: int) -> Response:
        connection = selectors.connection_for(request.user, pk)
        return Response(ConnectionSerializer(services.register(connection, **_said(PinSerializer, request), by=request.user)).data)


class SignUpView(APIView):
    """GET: where to go; POST: what one came back with."""

    may = {"get": "connection.manage", "post": "connection.manage"}

    @extend_schema(operation_id="connections_signup_begin", responses=SignUpAddressSerializer)
    def get(self, request: Request) -> Response:
        return Response({"url": services.begin_sign_up(by=request.user, host=request.get_host())})

    @extend_schema(operation_id="connections_signup_finish", request=SignUpSerializer, responses=ConnectionSerializer(many=True))
    def post(self, request: Request) -> Response:
        connections = services.finish_sign_up(**_said(SignUpSerializer, request), by=request.user)
        return Response(ConnectionSerializer(connections, many=True).data)


def _said(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    said = kind(data=request.data)
    said.is_valid(raise_exception=True)
    return dict(said.validated_data)
