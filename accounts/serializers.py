"""JSON shapes of people, shared by REST and push."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from accounts.models import LoginSession, Role, User


class UserSerializer(serializers.ModelSerializer):
    """A colleague as everybody sees them; also what other objects nest and frames carry."""

    avatar = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "role", "avatar", "is_active"]
        read_only_fields = fields

    def get_avatar(self, user: User) -> str | None:
        return user.avatar.url if user.avatar else None


class UserDetailSerializer(UserSerializer):
    """With what the list of people and one's own page show besides."""

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "email", "locale", "created_at"]
        read_only_fields = fields


class NewUserSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(max_length=254)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.AGENT)
    password = serializers.CharField(max_length=128, write_only=True, trim_whitespace=False)
    locale = serializers.ChoiceField(choices=User.Locale.choices, required=False)


class UserChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    email = serializers.EmailField(max_length=254, required=False)
    role = serializers.ChoiceField(choices=Role.choices, required=False)
    password = serializers.CharField(max_length=128, write_only=True, trim_whitespace=False, required=False)
    locale = serializers.ChoiceField(choices=User.Locale.choices, required=False)
    is_active = serializers.BooleanField(required=False)


class OwnChangeSerializer(serializers.Serializer):
    name = serializers.CharField(max_length=120, required=False)
    locale = serializers.ChoiceField(choices=User.Locale.choices, required=False)


class PasswordChangeSerializer(serializers.Serializer):
    current_password = serializers.CharField(max_length=128, trim_whitespace=False)
    new_password = serializers.CharField(max_length=128, trim_whitespace=False)


class LoginSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    password = serializers.CharField(max_length=128, trim_whitespace=False)
    company = serializers.CharField(max_length=63, required=False, allow_blank=True, help_text=_("The company's short name."))


class CompanyChoiceSerializer(serializers.Serializer):
    slug = serializers.CharField()
    name = serializers.CharField()


class FaultSerializer(serializers.Serializer):
    code = serializers.CharField()
    detail = serializers.CharField()
    attr = serializers.CharField(allow_null=True)


class ChooseCompanySerializer(serializers.Serializer):
    """The error of a login whose password opens several companies: say which, and log in again."""

    type = serializers.CharField()
    errors = FaultSerializer(many=True)
    choices = CompanyChoiceSerializer(many=True)


class LoginCompanySerializer(CompanyChoiceSerializer):
    id = serializers.IntegerField()


class LoginAnswerSerializer(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
    user = UserDetailSerializer()
    company = LoginCompanySerializer()


class RefreshSerializer(serializers.Serializer):
    refresh = serializers.CharField(required=False, allow_blank=True, help_text=_("Left out by browsers: they hold it in a cookie."))


class RefreshAnswerSerializer(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()


class MeSerializer(serializers.Serializer):
    user = UserDetailSerializer()
    company = LoginCompanySerializer()
    permissions = serializers.ListField(child=serializers.CharField(), help_text=_("What this person's role allows."))


class SessionSerializer(serializers.ModelSerializer):
    is_current = serializers.SerializerMethodField()

    class Meta:
        model = LoginSession
        fields = ["id", "created_at", "rotated_at", "expires_at", "user_agent", "address", "is_current"]
        read_only_fields = fields

    def get_is_current(self, session: LoginSession) -> bool:
        return session.pk == self.context["current_session_id"]


class RoleSerializer(serializers.Serializer):
    role = serializers.CharField()
    name = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())


class SocketTicketSerializer(serializers.Serializer):
    ticket = serializers.CharField()
    expires_in = serializers.IntegerField(help_text=_("Seconds."))
