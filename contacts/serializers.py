"""The JSON of contacts, the same in REST and in frames."""

from typing import Any

import phonenumbers
from django.utils.translation import gettext_lazy as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from contacts.models import Address, ConsentEntry, Contact, ContactImport, ContactImportRow, ContactList, CustomField, OptOut, Tag
from contacts.types import Rules


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
    """`choices` are what a field of the kind `choice` lets people choose from; other kinds have none."""

    choices = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=100)

    class Meta:
        model = CustomField
        fields = ["id", "key", "label", "kind", "choices", "position"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        kind = attrs.get("kind", getattr(self.instance, "kind", CustomField.Kind.TEXT))
        choices = attrs.get("choices", getattr(self.instance, "choices", []))
        if kind == CustomField.Kind.CHOICE and not choices:
            raise serializers.ValidationError({"choices": _("Write at least one choice.")}, code="required")
        return attrs | {"choices": list(dict.fromkeys(choices)) if kind == CustomField.Kind.CHOICE else []}


class AddressSerializer(serializers.ModelSerializer[Address]):
    class Meta:
        model = Address
        fields = ["id", "kind", "value", "is_invalid", "invalid_reason"]


class ContactSerializer(serializers.ModelSerializer[Contact]):
    display_name = serializers.CharField(read_only=True)
    tags = TagSerializer(many=True, read_only=True)
    lists = serializers.PrimaryKeyRelatedField(many=True, read_only=True)
    addresses = AddressSerializer(many=True, read_only=True)
    opt_outs = serializers.SerializerMethodField()

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
            "last_seen_at",
            "created_at",
            "updated_at",
        ]

    @extend_schema_field(serializers.ListField(child=serializers.ChoiceField(choices=OptOut.Purpose.choices)))
    def get_opt_outs(self, contact: Contact) -> list[str]:
        """Of what the contact wants no more, whoever said it."""
        return sorted({said.purpose for said in contact.opt_outs.all()})


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


MOST_AT_ONCE = 1_000


class WhichContactsSerializer(serializers.Serializer[Contact]):
    """Either some, by their ids, or all that the filters in the query leave."""

    contacts = serializers.ListField(child=serializers.IntegerField(min_value=1), max_length=MOST_AT_ONCE, required=False, default=list)
    all_matching = serializers.BooleanField(required=False, default=False)


class BulkTagsSerializer(WhichContactsSerializer):
    add = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False, default=list)
    remove = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False, default=list)


class BulkListsSerializer(WhichContactsSerializer):
    add = serializers.PrimaryKeyRelatedField(queryset=ContactList.objects.all(), many=True, required=False, default=list)
    remove = serializers.PrimaryKeyRelatedField(queryset=ContactList.objects.all(), many=True, required=False, default=list)


class ContactCountSerializer(serializers.Serializer[Contact]):
    count = serializers.IntegerField()


class DeletedSerializer(ContactCountSerializer):
    """`count`: deleted, or about to be when `is_done` is false; `kept` have conversations or campaigns."""

    kept = serializers.IntegerField()
    is_done = serializers.BooleanField()


class MergeSerializer(serializers.Serializer[Contact]):
    """The contact that is taken up, and is gone afterwards."""

    contact = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all())


class WeekdaysField(serializers.ListField):
    """Kept sorted, each once."""

    def __init__(self, **options: Any) -> None:
        super().__init__(child=serializers.IntegerField(min_value=0, max_value=6), **options)

    def to_internal_value(self, data: Any) -> list[int]:
        return sorted(set(super().to_internal_value(data)))

    def to_representation(self, data: Any) -> list[int]:
        return sorted(data)


class OptOutSerializer(serializers.Serializer[OptOut]):
    """`reason`: what the ledger keeps beside it."""

    purpose = serializers.ChoiceField(choices=OptOut.Purpose.choices, default=OptOut.Purpose.MARKETING)
    reason = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")


class ConsentEntrySerializer(serializers.ModelSerializer[ConsentEntry]):
    """`message_id`: the message that proves it. `words`: what was said."""

    by_name = serializers.CharField(source="by.name", read_only=True, default="")

    class Meta:
        model = ConsentEntry
        fields = ["id", "deed", "purpose", "source", "by", "by_name", "message_id", "words", "created_at"]


class ConsentRulesSerializer(serializers.Serializer[Rules]):
    """What the company keeps to when it writes first. `most_messages` (null: no limit) marketing messages in `per_days` days; quiet hours
    on the recipient's clock (null: none), weekdays from Monday, 0."""

    stop_words = serializers.ListField(child=serializers.CharField(max_length=60), max_length=50)
    resume_words = serializers.ListField(child=serializers.CharField(max_length=60), max_length=50)
    stop_answer = serializers.CharField(max_length=1000, allow_blank=True)
    resume_answer = serializers.CharField(max_length=1000, allow_blank=True)
    most_messages = serializers.IntegerField(min_value=1, max_value=1000, allow_null=True)
    per_days = serializers.IntegerField(min_value=1, max_value=90)
    quiet_from = serializers.TimeField(format="%H:%M", allow_null=True)
    quiet_until = serializers.TimeField(format="%H:%M", allow_null=True)
    quiet_weekdays = WeekdaysField()
    keeps_holidays = serializers.BooleanField()


class ListContactsSerializer(serializers.Serializer[ContactList]):
    """Contacts to put into a list, or to take out of it."""

    contacts = serializers.PrimaryKeyRelatedField(queryset=Contact.objects.all(), many=True)


class ImportCountsSerializer(serializers.Serializer[ContactImport]):
    """created, updated, skipped and invalid add up to rows; removed, restored and kept are the undo's."""

    rows = serializers.IntegerField(source="row_count")
    created = serializers.IntegerField(source="created_count")
    updated = serializers.IntegerField(source="updated_count")
    skipped = serializers.IntegerField(source="skipped_count")
    invalid = serializers.IntegerField(source="invalid_count")
    removed = serializers.IntegerField(source="removed_count")
    restored = serializers.IntegerField(source="restored_count")
    kept = serializers.IntegerField(source="kept_count")


class ContactImportSerializer(serializers.ModelSerializer[ContactImport]):
    """`mapping` says what each of the file's `columns` is: phone, name, first_name, last_name, email, notes, tags, lists, opt_in,
    opt_out, custom.<key> or ""."""

    columns = serializers.ListField(child=serializers.CharField(), read_only=True)
    mapping = serializers.ListField(child=serializers.CharField(allow_blank=True), read_only=True)
    tags = serializers.ListField(child=serializers.IntegerField(), source="tag_ids", read_only=True)
    lists = serializers.ListField(child=serializers.IntegerField(), source="list_ids", read_only=True)
    counts = ImportCountsSerializer(source="*", read_only=True)
    has_result = serializers.SerializerMethodField()
    created_by_name = serializers.CharField(source="created_by.name", read_only=True, default="")

    class Meta:
        model = ContactImport
        fields = [
            "id",
            "name",
            "kind",
            "encoding",
            "delimiter",
            "has_header",
            "columns",
            "mapping",
            "region",
            "on_existing",
            "tags",
            "lists",
            "state",
            "is_dry_run",
            "expected_rows",
            "counts",
            "has_result",
            "error_code",
            "error_text",
            "created_by",
            "created_by_name",
            "created_at",
            "started_at",
            "finished_at",
            "undone_at",
        ]

    def get_has_result(self, job: ContactImport) -> bool:
        return bool(job.result_name)


class ContactFileSerializer(serializers.Serializer[ContactImport]):
    # An empty one is refused with the others that hold no table.
    file = serializers.FileField(max_length=200, allow_empty_file=True)


class PreviewChoicesSerializer(serializers.Serializer[ContactImport]):
    """How to read the file and what to do with it. What is left out stays as it was."""

    mapping = serializers.ListField(child=serializers.CharField(max_length=60, allow_blank=True), required=False)
    has_header = serializers.BooleanField(required=False)
    encoding = serializers.ChoiceField(
        ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "latin-1", "mac-roman", "cp850"], required=False
    )
    delimiter = serializers.ChoiceField([",", ";", "\t", "|"], required=False)
    region = serializers.CharField(max_length=2, required=False)
    on_existing = serializers.ChoiceField(ContactImport.OnExisting.choices, required=False)
    tags = serializers.PrimaryKeyRelatedField(queryset=Tag.objects.all(), many=True, required=False)
    lists = serializers.PrimaryKeyRelatedField(queryset=ContactList.objects.all(), many=True, required=False)

    def validate_region(self, region: str) -> str:
        if region.upper() not in phonenumbers.SUPPORTED_REGIONS:
            raise serializers.ValidationError(_("Write the country as two letters, like BR."), code="unknown_region")
        return region.upper()


class PreviewRowSerializer(serializers.Serializer[Any]):
    """A row as it would be imported: `phone` in its one spelling, or `error`."""

    number = serializers.IntegerField(source="candidate.number")
    cells = serializers.ListField(child=serializers.CharField(allow_blank=True))
    phone = serializers.CharField(source="candidate.phone")
    name = serializers.SerializerMethodField()
    error = serializers.CharField(source="candidate.reason")

    def get_name(self, row: Any) -> str:
        return str(row.candidate.fields.get("name", ""))


class ImportPreviewSerializer(serializers.Serializer[Any]):
    """`trouble`: why it cannot start yet, "" when it can."""

    contact_import = ContactImportSerializer()
    rows = PreviewRowSerializer(many=True)
    trouble = serializers.CharField(allow_blank=True)


class ImportReasonSerializer(serializers.Serializer[Any]):
    """How many rows were skipped or refused for this reason, the first three of them as examples. What differs from row to row is “…”."""

    outcome = serializers.ChoiceField(ContactImportRow.Outcome.choices)
    reason = serializers.CharField()
    count = serializers.IntegerField()
    rows = serializers.ListField(child=serializers.IntegerField())


class ImportLimitsSerializer(serializers.Serializer[Any]):
    """The largest file in bytes, and the most rows."""

    max_size = serializers.IntegerField()
    max_rows = serializers.IntegerField()


class StartImportSerializer(serializers.Serializer[ContactImport]):
    """A dry run writes nothing, and counts the same."""

    dry_run = serializers.BooleanField(default=False)
