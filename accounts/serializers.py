"""JSON shapes of people, shared by REST and push."""

import hashlib

from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from accounts.devices import machine_of
from accounts.models import Invitation, Letter, LoginSession, Role, User
from accounts.presence import OFFLINE, STATUSES, presence_now
from tenants.lib.clock import now


class UserSerializer(serializers.ModelSerializer):
    """A colleague as everybody sees them; also what other objects nest and frames carry."""

    avatar = serializers.SerializerMethodField()

    class Meta:
        model = User
        fields = ["id", "name", "role", "avatar", "is_active"]
        read_only_fields = fields

    def get_avatar(self, user: User) -> str | None:
        """A path of this API, which leads to a signed link; another picture has another path."""
        if not user.avatar:
            return None
        return f"users/{user.pk}/avatar/?v={hashlib.sha256(user.avatar.name.encode()).hexdigest()[:12]}"


class PresenceSerializer(serializers.Serializer):
    """Who is here. `presence` null: nobody knows. The context's `presence` is what `presence_now` said; without it, it is asked."""

    presence = serializers.SerializerMethodField()
    last_seen_at = serializers.DateTimeField(read_only=True, allow_null=True)

    @extend_schema_field(serializers.ChoiceField(choices=STATUSES, allow_null=True))
    def get_presence(self, user: User) -> str | None:
        known = self.context["presence"] if "presence" in self.context else presence_now()
        return None if known is None else known.get(user.pk, OFFLINE)


class PresentUserSerializer(PresenceSerializer, UserSerializer):
    """What is told when somebody comes or goes."""

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "presence", "last_seen_at"]
        read_only_fields = fields


class UserDetailSerializer(UserSerializer):
    """With what the list of people and one's own page show besides."""

    class Meta(UserSerializer.Meta):
        fields = [*UserSerializer.Meta.fields, "email", "locale", "is_away", "created_at"]
        read_only_fields = fields


class TeammateSerializer(PresenceSerializer, UserDetailSerializer):
    """One line of the list of people."""

    class Meta(UserDetailSerializer.Meta):
        fields = [*UserDetailSerializer.Meta.fields, "presence", "last_seen_at"]
        read_only_fields = fields


class AvatarSerializer(serializers.Serializer):
    file = serializers.FileField(help_text=_("A JPEG, PNG, WebP or GIF file."))


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


class AwaySerializer(serializers.Serializer):
    is_away = serializers.BooleanField(help_text=_("Away on every device, until you say otherwise."))


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
    timezone = serializers.CharField()  # of its clocks: America/Sao_Paulo


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


class MachineSerializer(serializers.Serializer):
    """Names of the browser and the system, empty when they are not known."""

    browser = serializers.CharField()
    system = serializers.CharField()
    is_phone = serializers.BooleanField()


class SessionSerializer(serializers.ModelSerializer):
    is_current = serializers.SerializerMethodField()
    machine = serializers.SerializerMethodField()

    class Meta:
        model = LoginSession
        fields = ["id", "created_at", "rotated_at", "seen_at", "expires_at", "user_agent", "machine", "address", "is_current"]
        read_only_fields = fields

    def get_is_current(self, session: LoginSession) -> bool:
        return session.pk == self.context["current_session_id"]

    @extend_schema_field(MachineSerializer)
    def get_machine(self, session: LoginSession) -> dict[str, object]:
        return dict(MachineSerializer(machine_of(session.user_agent)).data)


class RoleSerializer(serializers.Serializer):
    role = serializers.CharField()
    name = serializers.CharField()
    actions = serializers.ListField(child=serializers.CharField())


class SocketTicketSerializer(serializers.Serializer):
    ticket = serializers.CharField()
    expires_in = serializers.IntegerField(help_text=_("Seconds."))


class InviterSerializer(serializers.ModelSerializer):
    class Meta:
        model = User
        fields = ["id", "name"]


class LetterSerializer(serializers.ModelSerializer):
    """How far an e-mail got. `waiting` with an `error`: it will be tried again at `retry_at`."""

    class Meta:
        model = Letter
        fields = ["state", "error", "retry_at", "sent_at"]
        read_only_fields = fields


class InvitationSerializer(serializers.ModelSerializer):
    queues = serializers.ListField(source="queue_ids", child=serializers.IntegerField(), read_only=True)
    invited_by = InviterSerializer(read_only=True, allow_null=True)
    is_expired = serializers.SerializerMethodField()
    letter = serializers.SerializerMethodField()

    class Meta:
        model = Invitation
        fields = ["id", "email", "name", "role", "locale", "queues", "invited_by", "created_at", "expires_at", "is_expired", "letter"]
        read_only_fields = fields

    def get_is_expired(self, invitation: Invitation) -> bool:
        return invitation.expires_at <= now()

    @extend_schema_field(LetterSerializer(allow_null=True))
    def get_letter(self, invitation: Invitation) -> dict[str, object] | None:
        newest = next(iter(invitation.letters.all()), None)
        return dict(LetterSerializer(newest).data) if newest else None


class NewInvitationSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)
    name = serializers.CharField(max_length=120, required=False, allow_blank=True)
    role = serializers.ChoiceField(choices=Role.choices, default=Role.AGENT)
    locale = serializers.ChoiceField(choices=User.Locale.choices, required=False)
    queues = serializers.ListField(
        child=serializers.IntegerField(), required=False, max_length=200, help_text=_("Ids of the queues that the person will work in.")
    )


class LinkTokenSerializer(serializers.Serializer):
    token = serializers.CharField(max_length=500, help_text=_("The last part of the link in the e-mail."))


class InvitedSerializer(serializers.ModelSerializer):
    """What somebody is invited to."""

    company = serializers.SerializerMethodField()
    invited_by = serializers.CharField(source="invited_by.name", default="", read_only=True)

    class Meta:
        model = Invitation
        fields = ["email", "name", "role", "locale", "invited_by", "company", "expires_at"]
        read_only_fields = fields

    @extend_schema_field(CompanyChoiceSerializer)
    def get_company(self, invitation: Invitation) -> dict[str, object]:
        return dict(CompanyChoiceSerializer(self.context["company"]).data)


class JoinSerializer(LinkTokenSerializer):
    name = serializers.CharField(max_length=120)
    password = serializers.CharField(max_length=128, write_only=True, trim_whitespace=False)


class PasswordResetSerializer(serializers.Serializer):
    email = serializers.EmailField(max_length=254)


class PasswordResetConfirmSerializer(LinkTokenSerializer):
    password = serializers.CharField(max_length=128, write_only=True, trim_whitespace=False)


class ResettingSerializer(serializers.Serializer):
    """Whose password it is about, and where."""

    email = serializers.CharField(source="user.email")
    name = serializers.CharField(source="user.name")
    company = CompanyChoiceSerializer()
