"""Customers, the ways to reach them, and what they agreed to."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower, Now, Upper
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from tenants.lib.addresses import AddressKind

ADDRESS_WORDS = {AddressKind.PHONE: _("Phone"), AddressKind.LID: _("WhatsApp LID"), AddressKind.BSUID: _("WhatsApp id")}


class Tag(models.Model):
    """A coloured word on contacts and tickets."""

    name = models.CharField(_("name"), max_length=60)
    color = models.CharField(_("color"), max_length=7, default="#0b7a5c")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("tag")
        verbose_name_plural = _("tags")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="tag_name_unique")]

    def __str__(self) -> str:
        return self.name


class ContactList(models.Model):
    """A named set of contacts, to send campaigns to."""

    name = models.CharField(_("name"), max_length=120)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("contact list")
        verbose_name_plural = _("contact lists")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("name"), name="contactlist_name_unique")]

    def __str__(self) -> str:
        return self.name


class CustomField(models.Model):
    """A field that the company adds to its contacts; values live in `Contact.custom` under `key`."""

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        NUMBER = "number", _("Number")
        DATE = "date", _("Date")
        BOOLEAN = "boolean", _("Yes or no")
        CHOICE = "choice", _("Choice")

    key = models.SlugField(_("key"), max_length=40, unique=True)
    label = models.CharField(_("label"), max_length=80)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices, default=Kind.TEXT)
    choices = models.JSONField(_("choices"), default=list, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)

    class Meta:
        verbose_name = _("custom field")
        verbose_name_plural = _("custom fields")
        ordering = ["position", "id"]

    def __str__(self) -> str:
        return self.label


class Contact(models.Model):
    """A customer. Reached through `addresses`; `phone` repeats the main phone address in E.164, for lists and search."""

    name = models.CharField(_("name"), max_length=160, blank=True, db_default="")
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_default="")
    email = models.EmailField(_("e-mail"), blank=True, db_default="")
    username = models.CharField(_("username"), max_length=80, blank=True, db_default="")
    locale = models.CharField(_("language"), max_length=8, blank=True, db_default="")
    notes = models.TextField(_("notes"), blank=True, db_default="")
    custom = models.JSONField(_("custom fields"), default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    is_blocked = models.BooleanField(_("blocked"), default=False, db_default=False)
    tags = models.ManyToManyField(Tag, verbose_name=_("tags"), related_name="contacts", blank=True)
    lists = models.ManyToManyField(ContactList, verbose_name=_("lists"), related_name="contacts", blank=True)
    # When they last wrote, to within LAST_SEEN_SECONDS: a busy customer is not a write per message.
    last_seen_at = models.DateTimeField(_("last wrote at"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-id"]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="contact_name_trgm"),
            GinIndex(OpClass(Upper("phone"), name="gin_trgm_ops"), name="contact_phone_trgm"),
            # Search asks for all of these at once; one column without an index would make it read everybody.
            GinIndex(OpClass(Upper("email"), name="gin_trgm_ops"), name="contact_email_trgm"),
            GinIndex(OpClass(Upper("username"), name="gin_trgm_ops"), name="contact_username_trgm"),
            models.Index(Lower("email"), name="contact_email"),
            models.Index(fields=["last_seen_at"], name="contact_last_seen", condition=models.Q(last_seen_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.display_name

    @property
    def display_name(self) -> str:
        return self.name or self.phone or self.username or "…"


class Address(models.Model):
    """One way to reach a contact: phone (E.164 with +), LID or business-scoped user id (BSUID)."""

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="addresses", verbose_name=_("contact"))
    kind = models.CharField(_("kind"), max_length=8, choices=[(kind.value, ADDRESS_WORDS[kind]) for kind in AddressKind])
    value = models.CharField(_("value"), max_length=160)
    is_invalid = models.BooleanField(_("invalid"), default=False, db_default=False)
    invalid_reason = models.CharField(_("why invalid"), max_length=160, blank=True, db_default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("address")
        verbose_name_plural = _("addresses")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["kind", "value"], name="address_kind_value_unique")]

    def __str__(self) -> str:
        return self.value


class OptOut(models.Model):
    """The contact does not want messages of this purpose; no row means that nothing was said against it."""

    class Purpose(models.TextChoices):
        MARKETING = "marketing", _("Marketing")
        ALL = "all", _("Everything")

    class Source(models.TextChoices):
        AGENT = "agent", _("Set by a person of the company")
        KEYWORD = "keyword", _("The customer wrote a stop word")
        WHATSAPP = "whatsapp", _("The customer told WhatsApp")
        PROVIDER = "provider", _("The gateway refused")
        IMPORT = "import", _("Said by an imported file")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="opt_outs", verbose_name=_("contact"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.MARKETING)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.AGENT)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        # Whoever said it takes it back: what the customer told WhatsApp, and what they typed, are two rows.
        constraints = [models.UniqueConstraint(fields=["contact", "purpose", "source"], name="optout_contact_purpose_source_unique")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.purpose}"


class ConsentEntry(models.Model):
    """The ledger of consent: who stopped or took up what, when, how, and by which message. Written once, never changed."""

    class Deed(models.TextChoices):
        STOP = "stop", _("Stopped")
        RESUME = "resume", _("Taken up again")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="consent", verbose_name=_("contact"))
    deed = models.CharField(_("deed"), max_length=8, choices=Deed.choices)
    purpose = models.CharField(_("purpose"), max_length=12, choices=OptOut.Purpose.choices)
    source = models.CharField(_("source"), max_length=12, choices=OptOut.Source.choices)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by"))
    message_id = models.BigIntegerField(_("message"), null=True, blank=True)  # the proof; messages live above
    words = models.CharField(_("words"), max_length=200, blank=True, db_default="")
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("entry of consent")
        verbose_name_plural = _("entries of consent")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.contact}: {self.deed} {self.purpose}"


class ConsentRules(models.Model):
    """What a company wants kept to when it writes first. One row at most; without one, the defaults of contacts.types."""

    ONLY = 1

    id = models.PositiveSmallIntegerField(primary_key=True, default=ONLY, editable=False)
    stop_words = models.JSONField(_("stop words"), default=list, blank=True)
    resume_words = models.JSONField(_("words to take it up again"), default=list, blank=True)
    stop_answer = models.TextField(_("answer to a stop word"), blank=True)
    resume_answer = models.TextField(_("answer to a word that takes it up again"), blank=True)
    most_messages = models.PositiveSmallIntegerField(_("marketing messages at most"), null=True, blank=True)
    per_days = models.PositiveSmallIntegerField(_("in days"), default=7)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    quiet_weekdays = models.JSONField(_("quiet days of the week"), default=list, blank=True)
    keeps_holidays = models.BooleanField(_("not on holidays"), default=False)

    class Meta:
        verbose_name = _("rules of consent")
        verbose_name_plural = _("rules of consent")

    def __str__(self) -> str:
        return str(_("Rules of consent"))


class ContactImport(models.Model):
    """A file of contacts on its way in: uploaded, looked at, written by a worker, perhaps undone.

    A worker holds `lease` until `leased_until`; `position` (the last row handled) moves in the transaction of what it did.
    """

    class State(models.TextChoices):
        UPLOADED = "uploaded", _("Uploaded")
        PREVIEWED = "previewed", _("Looked at")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        UNDOING = "undoing", _("Being undone")
        UNDONE = "undone", _("Undone")

    class Kind(models.TextChoices):
        CSV = "csv", "CSV"
        XLSX = "xlsx", "Excel"

    class OnExisting(models.TextChoices):
        UPDATE = "update", _("Update what is there")
        SKIP = "skip", _("Leave as it is")
        FILL = "fill", _("Fill in what is empty")

    name = models.CharField(_("file"), max_length=200)
    kind = models.CharField(_("kind"), max_length=4, choices=Kind.choices, default=Kind.CSV)
    stored_name = models.CharField(_("stored file"), max_length=200, blank=True, default="")
    result_name = models.CharField(_("result file"), max_length=200, blank=True, default="")
    encoding = models.CharField(_("encoding"), max_length=20, blank=True, default="")
    delimiter = models.CharField(_("delimiter"), max_length=1, blank=True, default="")
    has_header = models.BooleanField(_("has a header"), default=True)
    columns = models.JSONField(_("columns"), default=list, blank=True)
    mapping = models.JSONField(_("mapping"), default=list, blank=True)
    region = models.CharField(_("country of numbers without country code"), max_length=2, default="BR")
    on_existing = models.CharField(_("contacts that exist"), max_length=6, choices=OnExisting.choices, default=OnExisting.UPDATE)
    tag_ids = models.JSONField(_("tags"), default=list, blank=True)
    list_ids = models.JSONField(_("lists"), default=list, blank=True)
    state = models.CharField(_("state"), max_length=9, choices=State.choices, default=State.UPLOADED)
    is_dry_run = models.BooleanField(_("dry run"), default=False)
    expected_rows = models.PositiveIntegerField(_("expected rows"), default=0)
    position = models.PositiveIntegerField(default=0)
    row_count = models.PositiveIntegerField(_("rows"), default=0)
    created_count = models.PositiveIntegerField(_("created"), default=0)
    updated_count = models.PositiveIntegerField(_("updated"), default=0)
    skipped_count = models.PositiveIntegerField(_("skipped"), default=0)
    invalid_count = models.PositiveIntegerField(_("invalid"), default=0)
    removed_count = models.PositiveIntegerField(_("removed by the undo"), default=0)
    restored_count = models.PositiveIntegerField(_("restored by the undo"), default=0)
    kept_count = models.PositiveIntegerField(_("kept by the undo"), default=0)
    error_code = models.CharField(_("error"), max_length=40, blank=True, default="")
    error_text = models.CharField(_("error in words"), max_length=300, blank=True, default="")
    lease = models.CharField(max_length=32, blank=True, default="")
    leased_until = models.DateTimeField(null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    undone_at = models.DateTimeField(_("undone at"), null=True, blank=True)

    class Meta:
        verbose_name = _("contact import")
        verbose_name_plural = _("contact imports")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name


class ContactImportRow(models.Model):
    """What came of one row of the file. `change` holds what the row wrote and what stood there before, for the undo."""

    class Outcome(models.TextChoices):
        CREATED = "created", _("Created")
        UPDATED = "updated", _("Updated")
        SKIPPED = "skipped", _("Skipped")
        INVALID = "invalid", _("Invalid")

    contact_import = models.ForeignKey(
        ContactImport, on_delete=models.CASCADE, related_name="results", db_index=False, verbose_name=_("contact import")
    )
    number = models.PositiveIntegerField(_("row"))
    # Empty unless the row took the number: a later row with a number that was refused here gets its own chance.
    phone = models.CharField(_("phone"), max_length=20, blank=True, db_default="")
    outcome = models.CharField(_("outcome"), max_length=7, choices=Outcome.choices)
    reason = models.CharField(_("reason"), max_length=300, blank=True, db_default="")
    # Not a foreign key: contacts come and go without asking their old imports.
    contact_id = models.BigIntegerField(_("contact"), null=True, blank=True)
    change = models.JSONField(_("change"), default=dict, blank=True, db_default=models.Value({}, models.JSONField()))

    class Meta:
        verbose_name = _("row of a contact import")
        verbose_name_plural = _("rows of contact imports")
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["contact_import", "number"], name="contactimportrow_number_unique")]
        indexes = [
            models.Index(fields=["contact_import", "phone"], name="contactimportrow_phone", condition=~models.Q(phone="")),
            models.Index(
                fields=["contact_import", "contact_id"], name="contactimportrow_contact", condition=models.Q(contact_id__isnull=False)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}: {self.outcome}"
