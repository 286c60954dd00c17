"""Conversations: who waits where, who answers, and every message said."""

from django.contrib.postgres.indexes import BrinIndex, GinIndex, OpClass
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now, Upper
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connectors.models import Connection, Media, Template
from connectors.types import Delivery, MessageKind
from contacts.models import Contact, Tag

KIND_WORDS = {
    MessageKind.TEXT: _("Text"),
    MessageKind.IMAGE: _("Photo"),
    MessageKind.VIDEO: _("Video"),
    MessageKind.AUDIO: _("Audio"),
    MessageKind.DOCUMENT: _("Document"),
    MessageKind.STICKER: _("Sticker"),
    MessageKind.LOCATION: _("Location"),
    MessageKind.CONTACTS: _("Contact"),
    MessageKind.REACTION: _("Reaction"),
    MessageKind.INTERACTIVE: _("Choice"),
    MessageKind.BUTTON: _("Button"),
    MessageKind.ORDER: _("Order"),
    MessageKind.TEMPLATE: _("Template"),
    MessageKind.SYSTEM: _("System message"),
    MessageKind.EDIT: _("Edited message"),
    MessageKind.REVOKE: _("Deleted message"),
    MessageKind.CALL: _("Call"),
    MessageKind.NOTE: _("Internal note"),
    MessageKind.UNKNOWN: _("Unknown message"),
}
DELIVERY_WORDS = {
    Delivery.QUEUED: _("Waiting"),
    Delivery.SENDING: _("Sending"),
    Delivery.UNKNOWN: _("Uncertain"),
    Delivery.ACCEPTED: _("Accepted"),
    Delivery.SENT: _("Sent"),
    Delivery.FAILED: _("Failed"),
    Delivery.DELIVERED: _("Delivered"),
    Delivery.READ: _("Read"),
    Delivery.PLAYED: _("Played"),
}


class Queue(models.Model):
    """A department that tickets wait in."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    color = models.CharField(_("color"), max_length=7, default="#0b7a5c")
    greeting = models.TextField(_("greeting"), blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    members = models.ManyToManyField(User, through="QueueMember", related_name="queues", verbose_name=_("members"))

    class Meta:
        verbose_name = _("queue")
        verbose_name_plural = _("queues")
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class QueueMember(models.Model):
    queue = models.ForeignKey(Queue, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("queue"))
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("user"))

    class Meta:
        verbose_name = _("queue member")
        verbose_name_plural = _("queue members")
        constraints = [models.UniqueConstraint(fields=["queue", "user"], name="queuemember_unique")]

    def __str__(self) -> str:
        return f"{self.user} · {self.queue}"


class ConnectionRouting(models.Model):
    """Where new tickets of a connection go."""

    connection = models.OneToOneField(Connection, on_delete=models.CASCADE, related_name="routing", verbose_name=_("connection"))
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("queue"))

    class Meta:
        verbose_name = _("connection routing")
        verbose_name_plural = _("connection routings")

    def __str__(self) -> str:
        return f"{self.connection} → {self.queue or '—'}"


class Ticket(models.Model):
    """One conversation from open to closed. The database allows one that is not closed per contact and connection."""

    class Status(models.TextChoices):
        PENDING = "pending", _("Pending")
        OPEN = "open", _("Open")
        CLOSED = "closed", _("Closed")

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("contact"))
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="tickets", verbose_name=_("connection"))
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", verbose_name=_("queue"))
    assignee = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="tickets", verbose_name=_("agent"))
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.PENDING)
    protocol = models.CharField(_("protocol"), max_length=24, unique=True)
    tags = models.ManyToManyField(Tag, related_name="tickets", blank=True, verbose_name=_("tags"))
    unread_count = models.PositiveIntegerField(_("unread"), default=0, db_default=0)
    last_message = models.ForeignKey(
        "Message", null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False, verbose_name=_("last message")
    )
    last_message_at = models.DateTimeField(_("last message at"), default=timezone.now)
    last_inbound_at = models.DateTimeField(_("customer last wrote at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    closed_at = models.DateTimeField(_("closed at"), null=True, blank=True)
    closed_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("closed by"))
    routed_at = models.DateTimeField(_("routed at"), null=True, blank=True)

    class Meta:
        verbose_name = _("ticket")
        verbose_name_plural = _("tickets")
        ordering = ["-last_message_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["contact", "connection"], condition=~Q(status="closed"), name="ticket_one_open_per_contact_connection"
            )
        ]
        indexes = [
            models.Index(fields=["status", "-last_message_at", "-id"], name="ticket_status_last"),
            models.Index(fields=["queue", "status", "-last_message_at", "-id"], name="ticket_queue_status_last"),
            models.Index(fields=["assignee", "status", "-last_message_at", "-id"], name="ticket_assignee_status_last"),
            models.Index(fields=["created_at"], name="ticket_created"),
            GinIndex(OpClass(Upper("protocol"), name="gin_trgm_ops"), name="ticket_protocol_trgm"),
            models.Index(fields=["closed_at"], name="ticket_closed", condition=Q(closed_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.protocol


class Message(models.Model):
    """What was said, in either direction. Campaign messages have no ticket; notes never leave the company.

    Its columns have only the indexes that questions need: campaigns write thousands of rows a second.
    `key` is ours and goes to the gateway as its opaque callback data; `external_id` is the gateway's (wamid).
    """

    class Direction(models.TextChoices):
        IN = "in", _("From the customer")
        OUT = "out", _("To the customer")

    class Origin(models.TextChoices):
        CONTACT = "contact", _("Customer")
        AGENT = "agent", _("Agent")
        CAMPAIGN = "campaign", _("Campaign")
        DEVICE = "device", _("The company's phone")
        FLOW = "flow", _("Flow")
        BOT = "bot", _("Bot")
        SYSTEM = "system", _("System")
        SCHEDULE = "schedule", _("Scheduled message")

    contact = models.ForeignKey(Contact, on_delete=models.PROTECT, related_name="messages", db_index=False, verbose_name=_("contact"))
    connection = models.ForeignKey(
        Connection, on_delete=models.PROTECT, related_name="messages", db_index=False, verbose_name=_("connection")
    )
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.PROTECT, related_name="messages", db_index=False, verbose_name=_("ticket")
    )
    direction = models.CharField(_("direction"), max_length=3, choices=Direction.choices)
    origin = models.CharField(_("origin"), max_length=8, choices=Origin.choices)
    origin_id = models.BigIntegerField(_("id of the origin"), null=True, blank=True)
    author = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False, verbose_name=_("author")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=[(kind.value, KIND_WORDS[kind]) for kind in MessageKind])
    body = models.TextField(_("text"), blank=True, db_default="")
    payload = models.JSONField(_("content"), default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    media = models.ForeignKey(
        Media, null=True, blank=True, on_delete=models.SET_NULL, related_name="messages", db_index=False, verbose_name=_("file")
    )
    external_id = models.CharField(_("gateway's id"), max_length=200, blank=True, db_default="")
    key = models.CharField(_("our id"), max_length=64, blank=True, db_default="")
    client_key = models.CharField(_("the browser's id"), max_length=64, blank=True, db_default="")
    reply_to = models.CharField(_("quotes"), max_length=200, blank=True, db_default="")
    status = models.PositiveSmallIntegerField(
        _("status"), choices=[(step.value, DELIVERY_WORDS[step]) for step in Delivery], db_default=0, default=0
    )
    error_code = models.CharField(_("error"), max_length=40, blank=True, db_default="")
    error_text = models.CharField(_("error in words"), max_length=500, blank=True, db_default="")
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0, db_default=0)
    attempted_at = models.DateTimeField(_("attempted at"), null=True, blank=True)
    retry_at = models.DateTimeField(_("try again at"), null=True, blank=True)
    leased_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    occurred_at = models.DateTimeField(_("at"), default=timezone.now, db_default=Now())
    sent_at = models.DateTimeField(_("sent at"), null=True, blank=True)
    delivered_at = models.DateTimeField(_("delivered at"), null=True, blank=True)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    # Its connection while it waits or is being sent. An index over `status` itself would make each receipt write all indexes anew.
    waits_for = models.GeneratedField(
        expression=models.Case(models.When(direction="out", status__lt=10, then=models.F("connection_id"))),
        output_field=models.BigIntegerField(_("waits for the connection"), null=True),
        db_persist=True,
    )

    class Meta:
        verbose_name = _("message")
        verbose_name_plural = _("messages")
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id"], condition=~Q(external_id=""), name="message_external_id_unique"),
            models.UniqueConstraint(fields=["key"], condition=~Q(key=""), name="message_key_unique"),
            models.UniqueConstraint(fields=["ticket", "client_key"], condition=~Q(client_key=""), name="message_client_key_unique"),
        ]
        indexes = [
            models.Index(fields=["ticket", "-id"], name="message_ticket_id", condition=Q(ticket__isnull=False)),
            models.Index(fields=["contact", "-id"], name="message_contact_id"),
            models.Index(fields=["media"], name="message_media", condition=Q(media__isnull=False)),
            models.Index(fields=["waits_for", "id"], name="message_waits", condition=Q(waits_for__isnull=False)),
            # For counts of days: costs an insert next to nothing, where a tree would cost as much as the others.
            BrinIndex(fields=["created_at"], name="message_created", autosummarize=True),
            GinIndex(OpClass(Upper("body"), name="gin_trgm_ops"), name="message_body_trgm", condition=Q(ticket__isnull=False)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class ParkedReceipt(models.Model):
    """A receipt that came before its message was recorded; applied by the statement that records it."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="+")
    external_id = models.CharField(max_length=200, blank=True, db_default="")
    key = models.CharField(max_length=64, blank=True, db_default="")
    status = models.PositiveSmallIntegerField()
    at = models.DateTimeField()
    error_code = models.CharField(max_length=40, blank=True, db_default="")
    error_text = models.CharField(max_length=500, blank=True, db_default="")
    created_at = models.DateTimeField(db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("parked receipt")
        verbose_name_plural = _("parked receipts")
        constraints = [
            models.UniqueConstraint(fields=["connection", "external_id", "key", "status"], name="parkedreceipt_unique"),
        ]
        indexes = [
            models.Index(fields=["key"], name="parkedreceipt_key"),
            models.Index(fields=["created_at"], name="parkedreceipt_created"),
        ]

    def __str__(self) -> str:
        return self.external_id or self.key


class QuickReply(models.Model):
    """A text kept ready, with variables that are filled for each conversation, and perhaps a file. Whose it is says who is offered it."""

    class Scope(models.TextChoices):
        COMPANY = "company", _("Whole company")
        QUEUE = "queue", _("One queue")
        PERSONAL = "personal", _("Only me")

    shortcut = models.CharField(_("shortcut"), max_length=32)
    title = models.CharField(_("title"), max_length=120)
    body = models.TextField(_("text"), blank=True, default="", db_default="")
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.SET_NULL, related_name="quick_replies", verbose_name=_("file"))
    scope = models.CharField(_("for whom"), max_length=8, choices=Scope.choices, default=Scope.COMPANY)
    queue = models.ForeignKey(Queue, null=True, blank=True, on_delete=models.CASCADE, related_name="quick_replies", verbose_name=_("queue"))
    owner = models.ForeignKey(User, null=True, blank=True, on_delete=models.CASCADE, related_name="quick_replies", verbose_name=_("whose"))
    usage_count = models.PositiveIntegerField(_("times used"), default=0, db_default=0)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("quick reply")
        verbose_name_plural = _("quick replies")
        ordering = ["shortcut", "id"]
        constraints = [
            models.UniqueConstraint(Lower("shortcut"), condition=Q(scope="company"), name="quickreply_shortcut_in_company"),
            models.UniqueConstraint("queue", Lower("shortcut"), condition=Q(scope="queue"), name="quickreply_shortcut_in_queue"),
            models.UniqueConstraint("owner", Lower("shortcut"), condition=Q(scope="personal"), name="quickreply_shortcut_of_person"),
            models.CheckConstraint(
                condition=Q(scope="company", queue=None, owner=None)
                | Q(scope="queue", queue__isnull=False, owner=None)
                | Q(scope="personal", queue=None, owner__isnull=False),
                name="quickreply_scope_has_its_owner",
            ),
        ]

    def __str__(self) -> str:
        return f"/{self.shortcut}"


class Schedule(models.Model):
    """A message that goes out at a time, once or again and again. A Timer wakes it at `due_at`; the row says what is due."""

    class Status(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        FINISHED = "finished", _("Sent")
        CANCELLED = "cancelled", _("Cancelled")
        FAILED = "failed", _("Failed")

    class Repeats(models.TextChoices):
        NEVER = "never", _("Never")
        DAY = "day", _("Every day")
        WEEK = "week", _("Every week")
        MONTH = "month", _("Every month")

    contact = models.ForeignKey(Contact, on_delete=models.CASCADE, related_name="schedules", verbose_name=_("contact"))
    connection = models.ForeignKey(Connection, on_delete=models.PROTECT, related_name="schedules", verbose_name=_("connection"))
    ticket = models.ForeignKey(
        Ticket, null=True, blank=True, on_delete=models.SET_NULL, related_name="schedules", verbose_name=_("written in")
    )
    body = models.TextField(_("text"), blank=True, default="", db_default="")
    media = models.ForeignKey(Media, null=True, blank=True, on_delete=models.PROTECT, related_name="schedules", verbose_name=_("file"))
    template = models.ForeignKey(
        Template, null=True, blank=True, on_delete=models.PROTECT, related_name="schedules", verbose_name=_("template")
    )
    variables = models.JSONField(_("template variables"), default=dict, blank=True, db_default=models.Value({}, models.JSONField()))
    # The company's own clock and calendar count from the first time on; `due_at` is the next of them.
    first_at = models.DateTimeField(_("first at"))
    due_at = models.DateTimeField(_("next at"), null=True, blank=True)
    repeats = models.CharField(_("repeats"), max_length=5, choices=Repeats.choices, default=Repeats.NEVER, db_default="never")
    every = models.PositiveSmallIntegerField(_("every so many"), default=1, db_default=1)
    weekdays = models.JSONField(_("on weekdays"), default=list, blank=True, db_default=models.Value([], models.JSONField()))
    ends_on = models.DateField(_("last day"), null=True, blank=True)
    most = models.PositiveSmallIntegerField(_("at most so many times"), null=True, blank=True)
    count = models.PositiveIntegerField(_("times sent"), default=0, db_default=0)
    cancels_on_reply = models.BooleanField(_("cancelled when the customer writes"), default=False, db_default=False)
    is_marketing = models.BooleanField(_("advertising"), default=False, db_default=False)
    status = models.CharField(_("status"), max_length=9, choices=Status.choices, default=Status.WAITING, db_default="waiting")
    # Why it was not sent, the last time, or at all.
    error_code = models.CharField(_("error"), max_length=40, blank=True, default="", db_default="")
    error_text = models.CharField(_("error in words"), max_length=500, blank=True, default="", db_default="")
    last_sent_at = models.DateTimeField(_("last sent at"), null=True, blank=True)
    # By a person. A customer's message since then is an answer to it (`cancels_on_reply`).
    written_at = models.DateTimeField(_("written at"), default=timezone.now, db_default=Now(), editable=False)
    created_by = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("created by"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, db_default=Now(), editable=False)
    updated_at = models.DateTimeField(_("updated at"), default=timezone.now, db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("scheduled message")
        verbose_name_plural = _("scheduled messages")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["status", "due_at"], name="schedule_status_due"),
            # Asked for every message that comes in.
            models.Index(fields=["contact"], name="schedule_cancels_on_reply", condition=Q(status="waiting", cancels_on_reply=True)),
        ]

    def __str__(self) -> str:
        return self.body[:60] or (self.template.name if self.template else str(self.media or self.pk))


class ScheduleRun(models.Model):
    """One time that a schedule was due: the message that went, or why none did."""

    schedule = models.ForeignKey(Schedule, on_delete=models.CASCADE, related_name="runs", verbose_name=_("scheduled message"))
    due_at = models.DateTimeField(_("due at"))
    at = models.DateTimeField(_("at"), default=timezone.now, db_default=Now())
    message = models.ForeignKey(
        Message, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False, verbose_name=_("message")
    )
    error_code = models.CharField(_("error"), max_length=40, blank=True, default="", db_default="")
    error_text = models.CharField(_("error in words"), max_length=500, blank=True, default="", db_default="")

    class Meta:
        verbose_name = _("run of a scheduled message")
        verbose_name_plural = _("runs of scheduled messages")
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["schedule", "due_at"], name="schedulerun_once")]
        indexes = [models.Index(fields=["due_at"], name="schedulerun_due")]

    def __str__(self) -> str:
        return f"{self.schedule_id} {self.due_at:%Y-%m-%d %H:%M}"
