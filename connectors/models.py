"""WhatsApp numbers linked through a provider, and their templates. Raw webhooks and calls live in `tenants` (public)."""

from datetime import datetime

from django.db import models
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from connectors.types import LinkState, MessageKind
from tenants.lib.fields import EncryptedJSONField


class Connection(models.Model):
    """One WhatsApp number. `credentials` are encrypted at rest and never leave; `settings` are the provider's and the pacer's knobs."""

    class ProviderName(models.TextChoices):
        SIMULATOR = "simulator", _("Simulator")
        CLOUD_API = "cloud_api", _("WhatsApp Cloud API")

    class State(models.TextChoices):
        NEW = LinkState.NEW.value, _("Not linked yet")
        CONNECTING = LinkState.CONNECTING.value, _("Linking")
        CONNECTED = LinkState.CONNECTED.value, _("Connected")
        CLOSED = LinkState.CLOSED.value, _("Disconnected")
        PAUSED = LinkState.PAUSED.value, _("Paused")

    name = models.CharField(_("name"), max_length=80)
    provider = models.CharField(_("provider"), max_length=20, choices=ProviderName.choices)
    number = models.CharField(_("number"), max_length=20, blank=True)
    credentials = EncryptedJSONField(_("credentials"), default=dict, blank=True)
    settings = models.JSONField(_("settings"), default=dict, blank=True)
    facts = models.JSONField(_("what the gateway says"), default=dict, blank=True)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.NEW)
    state_reason = models.CharField(_("reason"), max_length=300, blank=True)
    state_changed_at = models.DateTimeField(_("since"), default=timezone.now)
    is_enabled = models.BooleanField(_("enabled"), default=True)
    paused_until = models.DateTimeField(_("sending paused until"), null=True, blank=True)
    no_campaigns_until = models.DateTimeField(_("no campaigns until"), null=True, blank=True)
    # By its health it rests from writing first; its agents go on. What was sent before the rest's end is forgiven (`counted_since`).
    health_rest_until = models.DateTimeField(_("rests from campaigns until"), null=True, blank=True)
    health_rest_reason = models.CharField(_("why it rests"), max_length=300, blank=True, default="", db_default="")
    health_since = models.DateTimeField(_("health counted since"), null=True, blank=True)
    last_inbound_at = models.DateTimeField(_("last heard"), null=True, blank=True)
    last_ok_at = models.DateTimeField(_("last answered"), null=True, blank=True)
    silent_since = models.DateTimeField(_("does not answer since"), null=True, blank=True)
    # The kind of the last notice about it that stands: admins are told once of a trouble, and once that it is over.
    alerted = models.CharField(_("alerted of"), max_length=40, blank=True, default="", db_default="")
    last_sent_at = models.DateTimeField(_("last sent"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("connection")
        verbose_name_plural = _("connections")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def can_send(self) -> bool:
        return self.is_enabled and self.state == self.State.CONNECTED

    @property
    def may_not_write_first(self) -> bool:
        """The gateway forbids messages to people who have not written, which is what campaigns are."""
        return self.no_campaigns_until is not None and self.no_campaigns_until > timezone.now()

    @property
    def rests_from_writing_first(self) -> bool:
        """Its own health forbids them for a while."""
        return self.health_rest_until is not None and self.health_rest_until > timezone.now()

    @property
    def counted_since(self) -> datetime | None:
        """Since when its messages count for its health; None: as far back as they are looked at."""
        ended = self.health_rest_until if not self.rests_from_writing_first else None
        return max((moment for moment in (self.health_since, ended) if moment is not None), default=None)


class Template(models.Model):
    """A message template as the gateway has it. Only `APPROVED` ones are sent."""

    connection = models.ForeignKey(Connection, on_delete=models.CASCADE, related_name="templates")
    external_id = models.CharField(max_length=64, blank=True)
    name = models.CharField(_("name"), max_length=512)
    language = models.CharField(_("language"), max_length=16)
    status = models.CharField(_("status"), max_length=24, default="PENDING")
    category = models.CharField(_("category"), max_length=24, blank=True)
    quality = models.CharField(_("quality"), max_length=16, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    components = models.JSONField(_("components"), default=list, blank=True)
    synced_at = models.DateTimeField(_("synced at"), default=timezone.now)

    class Meta:
        verbose_name = _("template")
        verbose_name_plural = _("templates")
        ordering = ["name", "language"]
        constraints = [models.UniqueConstraint(fields=["connection", "name", "language"], name="template_name_language_unique")]

    def __str__(self) -> str:
        return f"{self.name} ({self.language})"

    @property
    def body(self) -> str:
        """The text of the BODY component, with its variables."""
        return next((component.get("text", "") for component in self.components if component.get("type") == "BODY"), "")


class Media(models.Model):
    """A file of a message: received (fetched from the gateway) or uploaded by a person. The bytes are in the storage, under the company's
    own folder, and nobody reaches them but by a signed link that runs out.

    `state` is about our having the file. `gateway_ids` is about the gateways having it: by connection id, what it is called there
    (`id`, `at`), or why they did not take it (`code`, `words`, `attempts`).
    """

    class Kind(models.TextChoices):
        IMAGE = MessageKind.IMAGE.value, _("image")
        VIDEO = MessageKind.VIDEO.value, _("video")
        AUDIO = MessageKind.AUDIO.value, _("audio")
        DOCUMENT = MessageKind.DOCUMENT.value, _("document")
        STICKER = MessageKind.STICKER.value, _("sticker")

    class State(models.TextChoices):
        WAITING = "waiting", _("Waiting")
        DOWNLOADING = "downloading", _("Downloading")
        READY = "ready", _("Ready")
        FAILED = "failed", _("Failed")

    connection = models.ForeignKey(
        Connection, null=True, blank=True, on_delete=models.SET_NULL, related_name="media", verbose_name=_("connection")
    )
    author = models.ForeignKey(User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("author"))
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    mime_type = models.CharField(_("type"), max_length=120, blank=True)
    size_bytes = models.BigIntegerField(_("size in bytes"), null=True, blank=True)
    sha256 = models.CharField(_("SHA-256"), max_length=64, blank=True)
    filename = models.CharField(_("file name"), max_length=255, blank=True)
    file = models.CharField(_("place in the storage"), max_length=300, blank=True)
    thumbnail = models.CharField(_("place of the small picture"), max_length=300, blank=True)
    width = models.PositiveIntegerField(_("width"), null=True, blank=True)
    height = models.PositiveIntegerField(_("height"), null=True, blank=True)
    is_voice = models.BooleanField(_("voice note"), default=False)
    is_animated = models.BooleanField(_("animated"), default=False)
    is_inline = models.BooleanField(_("may be shown in the page"), default=False)
    state = models.CharField(_("state"), max_length=12, choices=State.choices, default=State.WAITING)
    error_code = models.CharField(_("error"), max_length=40, blank=True)
    error_text = models.CharField(_("error in words"), max_length=300, blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("try again at"), null=True, blank=True)
    leased_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    external_id = models.CharField(_("gateway's id"), max_length=200, blank=True)
    source_url = models.TextField(_("gateway's address"), blank=True)
    expected_sha256 = models.CharField(_("SHA-256 that the gateway named"), max_length=100, blank=True)
    gateway_ids = models.JSONField(_("ids at the gateways"), default=dict, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now(), editable=False)

    class Meta:
        verbose_name = _("media")
        verbose_name_plural = _("media")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["sha256"], name="media_sha256", condition=~models.Q(sha256="")),
            models.Index(fields=["retry_at"], name="media_to_fetch", condition=models.Q(state="waiting") | models.Q(state="downloading")),
        ]

    def __str__(self) -> str:
        return self.filename or f"{self.kind} {self.pk}"
