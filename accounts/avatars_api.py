"""People's pictures: everybody sees their colleagues', and changes their own."""

from django.http import Http404, HttpResponseBase
from django.shortcuts import redirect
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from accounts import selectors
from accounts.serializers import AvatarSerializer, UserSerializer
from accounts.services.avatars import link_to_avatar, refuse_too_large, remove_avatar, set_avatar

REDIRECT = {302: OpenApiResponse(description="To a signed link, good for an hour.")}


class OwnAvatarView(APIView):
    may = {"post": "me.change", "delete": "me.change"}
    parser_classes = [MultiPartParser]

    @extend_schema(operation_id="auth_me_avatar", request={"multipart/form-data": AvatarSerializer}, responses={200: UserSerializer})
    def post(self, request: Request) -> Response:
        """Its middle is kept, as a small square. Nothing of a file that is too large is read."""
        refuse_too_large(int(request.META.get("CONTENT_LENGTH") or 0))
        given = AvatarSerializer(data=request.data)
        given.is_valid(raise_exception=True)
        file = given.validated_data["file"]
        return Response(UserSerializer(set_avatar(request.user, file=file.file, size_bytes=file.size)).data)

    @extend_schema(operation_id="auth_me_avatar_remove", responses={200: UserSerializer})
    def delete(self, request: Request) -> Response:
        return Response(UserSerializer(remove_avatar(request.user)).data)


class AvatarView(APIView):
    may = {"get": "user.read"}

    @extend_schema(operation_id="users_avatar", responses=REDIRECT)
    def get(self, request: Request, pk: int) -> HttpResponseBase:
        user = selectors.user_for(request.user, pk)
        if not user.avatar:
            raise Http404
        return redirect(link_to_avatar(user))
