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
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("contact")
        verbose_name_plural = _("contacts")
        ordering = ["-id"]
        indexes = [
            GinIndex(OpClass(Upper("name"), name="gin_trgm_ops"), name="contact_name_trgm"),
            GinIndex(OpClass(Upper("phone"), name="gin_trgm_ops"), name="contact_phone_trgm"),
            models.Index(Lower("email"), name="contact_email"),
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

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="opt_outs", verbose_name=_("contact"))
    purpose = models.CharField(_("purpose"), max_length=12, choices=Purpose.choices, default=Purpose.MARKETING)
    source = models.CharField(_("source"), max_length=12, choices=Source.choices, default=Source.AGENT)
    by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("by"))
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("opt-out")
        verbose_name_plural = _("opt-outs")
        constraints = [models.UniqueConstraint(fields=["contact", "purpose"], name="optout_contact_purpose_unique")]

    def __str__(self) -> str:
        return f"{self.contact}: {self.purpose}"
