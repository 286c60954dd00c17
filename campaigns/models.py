"""A send to many: what, to whom, through which number, and how far each recipient got."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import User
from connectors.models import Connection, Media, Template
from connectors.types import Delivery
from contacts.models import Contact, ContactList, Tag


class Campaign(models.Model):
    """One text (or one of several variants) or one template to an audience that is frozen at the start."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("Draft")
        SCHEDULED = "scheduled", _("Scheduled")
        RUNNING = "running", pgettext_lazy("campaign", "Running")
        PAUSED = "paused", _("Paused")
        FINISHED = "finished", _("Finished")
        CANCELLED = "cancelled", _("Cancelled")

    class Distribution(models.TextChoices):
        ROUND_ROBIN = "round_robin", _("In equal parts")
        WEIGHTED = "weighted", _("By weight")
        STICKY = "sticky", _("The number that each contact knows")

    name = models.CharField(_("name"), max_length=120)
    # The first of its connections (`lines`), and the only one where there are no lines yet.
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("connection"))
    distribution = models.CharField(
        _("distribution"), max_length=12, choices=Distribution.choices, default=Distribution.ROUND_ROBIN, db_default="round_robin"
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.DRAFT)
    status_reason = models.CharField(_("reason"), max_length=300, blank=True)
    # Why it paused by itself, for whoever may resume it by itself: "template" when its template was not approved any more.
    pause_code = models.CharField(_("paused by"), max_length=24, blank=True, default="", db_default="")
    body = models.TextField(_("text"), blank=True)
    template = models.ForeignKey(
        Template, null=True, blank=True, on_delete=models.PROTECT, related_name="campaigns", verbose_name=_("template")
    )
    variables = models.JSONField(_("template variables"), default=dict, blank=True)
    header_media = models.ForeignKey(
        Media, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("file of the template's header")
    )
    is_for_everybody = models.BooleanField(_("for all contacts"), default=False, db_default=False)
    lists = models.ManyToManyField(ContactList, blank=True, related_name="campaigns", verbose_name=_("lists"))
    tags = models.ManyToManyField(Tag, blank=True, related_name="campaigns", verbose_name=_("tags"))
    has_all_tags = models.BooleanField(_("with all of the tags"), default=False, db_default=False)
    # [{"field": "custom.city", "operator": "equals", "value": "Recife"}]: what must hold of those in the lists and tags.
    conditions = models.JSONField(_("conditions"), default=list, blank=True, db_default=models.Value([], models.JSONField()))
    excluded_tags = models.ManyToManyField(Tag, blank=True, related_name="+", verbose_name=_("without tags"))
    starts_at = models.DateTimeField(_("starts at"), null=True, blank=True)
    started_at = models.DateTimeField(_("started at"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished at"), null=True, blank=True)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("campaign")
        verbose_name_plural = _("campaigns")
        ordering = ["-id"]
        indexes = [models.Index(fields=["status", "id"], name="campaign_status")]

    def __str__(self) -> str:
        return self.name


class Line(models.Model):
    """A connection that a campaign is sent through, and the pump that works on it: one at a time for each line."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="lines", verbose_name=_("campaign"), db_index=False)
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="campaign_lines", verbose_name=_("connection"))
    position = models.PositiveSmallIntegerField(_("position"), default=0, db_default=0)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1, db_default=1)
    # Its rules changed while a worker is at it: that one takes no more, and the next goes by the new ones.
    has_new_rules = models.BooleanField(default=False, db_default=False)
    # Why it does not send now (tenants.lib.pacing.Hold, or "rest"), and until when.
    waits_for = models.CharField(max_length=16, blank=True, db_default="")
    waits_until = models.DateTimeField(null=True, blank=True)
    pump_leased_until = models.DateTimeField(null=True, blank=True)
    pump_lease = models.CharField(max_length=32, blank=True, db_default="")

    class Meta:
        verbose_name = _("connection of a campaign")
        verbose_name_plural = _("connections of campaigns")
        ordering = ["position", "id"]
        constraints = [models.UniqueConstraint(fields=["campaign", "connection"], name="line_campaign_connection_unique")]

    def __str__(self) -> str:
        return str(self.connection)


class Variant(models.Model):
    """One of the messages that a campaign's recipients share out between them. A campaign without variants has its `body` for all;
    with some, `body` repeats the first one's."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="variants", verbose_name=_("campaign"))
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    body = models.TextField(_("text"), blank=True)
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("file"))

    class Meta:
        verbose_name = _("message variant")
        verbose_name_plural = _("message variants")
        ordering = ["position"]
        constraints = [models.UniqueConstraint(fields=["campaign", "position"], name="variant_campaign_position_unique")]

    def __str__(self) -> str:
        return self.body[:60]


class Recipient(models.Model):
    """A contact in a campaign. `state` is ours (what we did), `status` the message's (how far it got)."""

    class State(models.TextChoices):
        PENDING = "pending", _("Waiting")
        CLAIMED = "claimed", _("Taken by a worker")
        SENT = "sent", _("Sent")
        FAILED = "failed", _("Failed")
        UNKNOWN = "unknown", _("Uncertain")
        EXCLUDED = "excluded", _("Excluded")
        CANCELLED = "cancelled", _("Cancelled")

    class Exclusion(models.TextChoices):
        OPTED_OUT = "opted_out", _("Asked not to get campaigns")
        NO_ADDRESS = "no_address", _("Has no phone number")
        INVALID_ADDRESS = "invalid_address", _("The number is not on WhatsApp")
        BLOCKED = "blocked", _("Blocked")
        EXCLUDED_TAG = "excluded_tag", _("Has an excluded tag")
        OUTSIDE_WINDOW = "outside_window", _("Has not written within 24 hours: only a template may be sent")
        FREQUENCY_CAP = "frequency_cap", _("Has had enough marketing messages for now")
        MISSING_VALUE = "missing_value", _("Has no value for a variable without a fallback")

    # No index of its own: those below begin with it, and a claim must walk the one that is in the order of ids. No check in the database
    # either: recipients are written under their campaign's lock, and to look for it a million times takes seconds.
    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="recipients", db_index=False, db_constraint=False)
    # The uniqueness below begins with it.
    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="+", db_index=False)
    # Which of the campaign's lines: dealt at the start. Empty in drafts. The line holds the number in the database: once more for each
    # of a million recipients cost seconds at the start.
    connection = models.ForeignKey(
        Connection, null=True, blank=True, on_delete=models.PROTECT, related_name="+", db_index=False, db_constraint=False
    )
    address_kind = models.CharField(max_length=8, db_default="phone", blank=True)
    address = models.CharField(max_length=160, blank=True, db_default="")
    variables = models.JSONField(default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    is_given = models.BooleanField(default=False, db_default=False)  # with the campaign itself, as a number
    variant = models.PositiveSmallIntegerField(_("variant"), default=0, db_default=0)
    state = models.CharField(max_length=10, choices=State.choices, default=State.PENDING, db_default="pending")
    exclusion = models.CharField(max_length=16, choices=Exclusion.choices, blank=True, db_default="")
    status = models.PositiveSmallIntegerField(choices=[(step.value, step.name.lower()) for step in Delivery], default=0, db_default=0)
    message_id = models.BigIntegerField(null=True, blank=True)
    external_id = models.CharField(max_length=200, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(default=0, db_default=0)
    # How many of them a person has forgiven: those before the last "send again".
    forgiven = models.PositiveSmallIntegerField(default=0, db_default=0)
    lease = models.CharField(max_length=32, blank=True, db_default="")
    leased_until = models.DateTimeField(null=True, blank=True)
    attempted_at = models.DateTimeField(null=True, blank=True)
    retry_at = models.DateTimeField(null=True, blank=True)
    sent_at = models.DateTimeField(null=True, blank=True)
    # When they wrote next, within a few days (services/counting.py).
    replied_at = models.DateTimeField(null=True, blank=True)
    error_code = models.CharField(max_length=40, blank=True, db_default="")
    error_text = models.CharField(max_length=500, blank=True, db_default="")

    class Meta:
        verbose_name = _("recipient")
        verbose_name_plural = _("recipients")
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["contact", "campaign"], name="recipient_contact_campaign_unique")]
        indexes = [
            models.Index(fields=["campaign", "connection", "id"], name="recipient_waiting", condition=Q(state="pending")),
            models.Index(fields=["campaign", "leased_until"], name="recipient_claimed", condition=Q(state="claimed")),
            models.Index(fields=["campaign", "state", "id"], name="recipient_campaign_state"),
            models.Index(fields=["campaign", "error_code", "id"], name="recipient_error", condition=~Q(error_code="")),
            models.Index(fields=["message_id"], name="recipient_message", condition=Q(message_id__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.address


class CampaignCount(models.Model):
    """Counters as deltas: `name` grew by `delta`, for one variant and one number. Inserted, never updated; squashed later."""

    campaign = models.ForeignKey(Campaign, on_delete=models.CASCADE, related_name="counts", db_index=False)
    name = models.CharField(max_length=24)
    variant = models.PositiveSmallIntegerField(default=0, db_default=0)
    connection_id = models.BigIntegerField(null=True, blank=True)
    # Why: an exclusion, or the code of an error.
    detail = models.CharField(max_length=40, blank=True, default="", db_default="")
    # Growth over time, beside the rows without, which alone add up.
    minute = models.DateTimeField(null=True, blank=True)
    delta = models.BigIntegerField()

    class Meta:
        verbose_name = _("campaign count")
        verbose_name_plural = _("campaign counts")
        indexes = [
            models.Index(fields=["campaign", "name"], name="campaigncount_name", condition=Q(minute=None)),
            models.Index(fields=["campaign", "minute"], name="campaigncount_minute", condition=Q(minute__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.delta:+d}"
