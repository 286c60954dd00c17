"""The JSON of contacts, the same in REST and in frames."""

from django.utils.translation import gettext_lazy as _
from rest_framework import serializers

from contacts.models import Address, Contact, ContactList, CustomField, OptOut, Tag


class TagSerializer(serializers.ModelSerializer[Tag]):
    color = serializers.RegexField(r"^#[0-9a-fA-F]{6}$", default="#0b7a5c", error_messages={"invalid": _("Write a color like #0b7a5c.")})

    class Meta:
        model = Tag
        fields = ["id", "name", "color"]


class ContactListSerializer(serializers.ModelSerializer[ContactList]):
    contact_count = serializers.IntegerField(read_only=True, required=False)

    class Meta:
        model = ContactList
        fields = ["id", "name", "contact_count", "created_at"]


class CustomFieldSerializer(serializers.ModelSerializer[CustomField]):
    class Meta:
        model = CustomField
        fields = ["id", "key", "label", "kind", "choices", "position"]


class AddressSerializer(serializers.ModelSerializer[Address]):
    class Meta:
        model = Address
        fields = ["id", "kind", "value", "is_invalid", "invalid_reason"]


class ContactSerializer(serializers.ModelSerializer[Contact]):
    display_name = serializers.CharField(read_only=True)
    tags = TagSerializer(many=True, read_only=True)
    lists = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    addresses = AddressSerializer(many=True, read_only=True)
    opt_outs = serializers.SlugRelatedField(slug_field="purpose", many=True, read_only=True)

    class Meta:
        model = Contact
        fields = [
            "id",
            "name",
            "display_name",
            "phone",
            "email",
            "username",
            "locale",
            "notes",
            "custom",
            "is_blocked",
            "tags",
            "lists",
            "addresses",
            "opt_outs",
            "created_at",
            "updated_at",
        ]


class ContactWriteSerializer(serializers.Serializer[Contact]):
    """What a person may say of a contact. `phone` may be typed in any usual way; it is stored in E.164."""

    name = serializers.CharField(max_length=160, required=False, allow_blank=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    email = serializers.EmailField(required=False, allow_blank=True)
    locale = serializers.CharField(max_length=8, required=False, allow_blank=True)
    notes = serializers.CharField(required=False, allow_blank=True, max_length=10_000)
    custom = serializers.DictField(required=False)
    is_blocked = serializers.BooleanField(required=False)
    tags = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False)
    lists = serializers.PrimaryKeyRelatedField(queryset=ContactList.objects.all(), many=True, required=False)


class OptOutSerializer(serializers.Serializer[OptOut]):
    purpose = serializers.ChoiceField(choices=OptOut.Purpose.choices, default=OptOut.Purpose.MARKETING)


class ListContactsSerializer(serializers.Serializer[ContactList]):
    """Contacts to put into a list, or to take out of it."""

    contacts = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all(), many=True)
