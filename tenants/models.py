"""What lives in the public schema. Rows that every company's traffic touches each second carry a plain
`company_id`: a foreign key would lock the company's row on every webhook. Hand-written statements insert
into these tables, so their columns have defaults in the database."""

from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from django_tenants.models import DomainMixin, TenantMixin

from tenants.lib.countries import country_of_timezone
from tenants.lib.fields import EncryptedJSONField

PLATFORM = "platform"
RESERVED_SLUGS = frozenset({"public", "template", "www", "api", "admin", "static", "media", "webhooks", "ws", "information-schema"})


def validate_slug(slug: str) -> None:
    """A slug is a schema, a host name and a key prefix at once: small letters, digits and dashes, and not a reserved word."""
    RegexValidator(
        r"\A[a-z][a-z0-9-]{1,40}\Z", _("Use small letters, digits and dashes (2 to 41), and start with a letter."), "invalid_slug"
    )(slug)
    if slug.endswith("-"):
        raise ValidationError(_("A company's short name may not end with a dash."), "invalid_slug")
    if slug in RESERVED_SLUGS:
        raise ValidationError(_("This short name is reserved."), "reserved_slug")


class Plan(models.Model):
    """What a company may use. An empty limit means: as many as they like."""

    name = models.CharField(_("name"), max_length=80, unique=True)
    max_users = models.PositiveIntegerField(_("users"), null=True, blank=True)
    max_connections = models.PositiveIntegerField(_("connections"), null=True, blank=True)
    max_queues = models.PositiveIntegerField(_("queues"), null=True, blank=True)
    max_contacts = models.PositiveIntegerField(_("contacts"), null=True, blank=True)
    features = models.JSONField(_("features"), default=list, blank=True)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name


class Company(TenantMixin):
    """A tenant. `schema_name` is its slug; no plan means no limits. Create it with `services.companies.create_company`."""

    class State(models.TextChoices):
        ACTIVE = "active", pgettext_lazy("company", "active")
        SUSPENDED = "suspended", pgettext_lazy("company", "suspended")
        DELETED = "deleted", pgettext_lazy("company", "deleted")

    auto_create_schema = False
    auto_drop_schema = False

    schema_name = models.CharField(_("short name"), max_length=63, unique=True, validators=[validate_slug])
    name = models.CharField(_("name"), max_length=120)
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT, null=True, blank=True, related_name="companies", verbose_name=_("plan"))
    timezone = models.CharField(_("time zone"), max_length=64, default="UTC")
    locale = models.CharField(_("language"), max_length=10, default="en")
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.ACTIVE)
    suspended_at = models.DateTimeField(_("suspended at"), null=True, blank=True)
    deleted_at = models.DateTimeField(_("deleted at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), auto_now_add=True)

    class Meta:
        verbose_name = _("company")
        verbose_name_plural = _("companies")
        ordering = ["name", "id"]

    def __str__(self) -> str:
        return self.name

    @property
    def slug(self) -> str:
        return self.schema_name

    @property
    def is_active(self) -> bool:
        return self.state == self.State.ACTIVE

    @property
    def is_platform(self) -> bool:
        return self.schema_name == PLATFORM

    @property
    def country(self) -> str:
        """Two letters: whose phone numbers are meant when they are written without a country."""
        return country_of_timezone(self.timezone)


class Domain(DomainMixin):
    """A host name at which a company is met."""

    class Meta:
        verbose_name = _("host name")
        verbose_name_plural = _("host names")


class Login(models.Model):
    """In which companies an e-mail address may log in, so that the shared host can find them without opening every schema."""

    email_digest = models.CharField(max_length=64)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="logins")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["email_digest", "company"], name="tenants_login_once")]


class Webhook(models.Model):
    """One call of a gateway, exactly as it came. Stored before anything is thought about it."""

    class State(models.IntegerChoices):
        NEW = 0, _("new")
        DONE = 1, _("done")
        POISON = 2, _("parked")

    company_id = models.BigIntegerField(_("company"))
    connection_id = models.BigIntegerField(_("connection"))
    provider = models.CharField(_("provider"), max_length=30)
    body = models.BinaryField()
    received_at = models.DateTimeField(_("received at"), db_default=Now())
    state = models.SmallIntegerField(_("state"), choices=State, db_default=State.NEW)
    attempts = models.SmallIntegerField(_("attempts"), db_default=0)
    retry_at = models.DateTimeField(_("try again at"), null=True)
    error = models.TextField(_("error"), db_default="")
    done_at = models.DateTimeField(_("done at"), null=True)
    events = models.IntegerField(_("events"), db_default=0)
    unknown_events = models.IntegerField(_("unknown events"), db_default=0)

    class Meta:
        verbose_name = _("webhook call")
        verbose_name_plural = _("webhook calls")
        indexes = [
            # Connection ids repeat between companies: a lane is the pair.
            models.Index(fields=["company_id", "connection_id", "id"], name="tenants_webhook_new", condition=Q(state=0)),
            models.Index(fields=["company_id", "id"], name="tenants_webhook_poison", condition=Q(state=2)),
        ]


class WebhookRoute(models.Model):
    """Where a gateway's calls belong, how they are verified, and who works the lane now (its lease)."""

    token = models.CharField(max_length=64, unique=True)
    company = models.ForeignKey(Company, on_delete=models.CASCADE, related_name="webhook_routes", verbose_name=_("company"))
    connection_id = models.BigIntegerField(_("connection"))
    provider = models.CharField(_("provider"), max_length=30)
    # What the vendor calls the number (Cloud API: phone_number_id), for one app that serves many companies.
    external_id = models.CharField(_("gateway's id"), max_length=120, blank=True, default="", db_default="")
    # The account of that number (Cloud API: the WABA): what is said of it concerns each of its numbers.
    account_id = models.CharField(_("gateway's account"), max_length=120, blank=True, default="", db_default="")
    secrets = EncryptedJSONField(default=dict)
    is_enabled = models.BooleanField(_("enabled"), default=True, db_default=True)
    # When the gateway is asked how the number is; moved on by whoever takes the question.
    check_at = models.DateTimeField(_("next check at"), null=True, blank=True)
    leased_until = models.DateTimeField(_("taken until"), null=True, blank=True)
    lease_key = models.CharField(_("taken by"), max_length=40, blank=True, default="", db_default="")
    rotated_at = models.DateTimeField(_("address renewed at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("webhook route")
        verbose_name_plural = _("webhook routes")
        constraints = [
            models.UniqueConstraint(fields=["company", "connection_id"], name="tenants_route_once"),
            models.UniqueConstraint(fields=["provider", "external_id"], name="tenants_route_external_once", condition=~Q(external_id="")),
        ]
        indexes = [models.Index(fields=["provider", "account_id"], name="tenants_route_account", condition=~Q(account_id=""))]


class Rejection(models.Model):
    """How many calls were turned away at the webhook door, by reason and day. An unknown token is kept as an empty one."""

    token = models.CharField(max_length=64, db_default="")
    reason = models.CharField(_("reason"), max_length=40)
    day = models.DateField(_("day"))
    count = models.BigIntegerField(_("count"), db_default=0)

    class Meta:
        verbose_name = _("refused webhook call")
        verbose_name_plural = _("refused webhook calls")
        constraints = [models.UniqueConstraint(fields=["token", "reason", "day"], name="tenants_rejection_once")]


class Timer(models.Model):
    """Something that must happen at a time. `retry_at` is the lease while it fires, and the pause after it failed."""

    company_id = models.BigIntegerField(_("company"))
    kind = models.CharField(_("kind"), max_length=60)
    key = models.CharField(_("key"), max_length=120)
    due_at = models.DateTimeField(_("due at"))
    payload = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    attempts = models.SmallIntegerField(_("attempts"), db_default=0)
    retry_at = models.DateTimeField(_("try again at"), null=True)
    parked_at = models.DateTimeField(_("parked at"), null=True)
    error = models.TextField(_("error"), db_default="")

    class Meta:
        verbose_name = _("timer")
        verbose_name_plural = _("timers")
        constraints = [models.UniqueConstraint(fields=["company_id", "kind", "key"], name="tenants_timer_once")]
        indexes = [models.Index(fields=["company_id", "due_at"], name="tenants_timer_due", condition=Q(parked_at=None))]


class Outbox(models.Model):
    """Something that must be told: one reaction to one finished deed, kept until it worked."""

    company_id = models.BigIntegerField(_("company"))
    name = models.CharField(_("name"), max_length=80)
    reaction = models.CharField(_("reaction"), max_length=160)
    args = models.JSONField(_("content"), default=dict, encoder=DjangoJSONEncoder)
    depth = models.SmallIntegerField(_("depth"), db_default=1)
    created_at = models.DateTimeField(_("created at"), db_default=Now())
    attempts = models.SmallIntegerField(_("attempts"), db_default=0)
    retry_at = models.DateTimeField(_("try again at"), null=True)
    done_at = models.DateTimeField(_("done at"), null=True)
    parked_at = models.DateTimeField(_("parked at"), null=True)
    error = models.TextField(_("error"), db_default="")

    class Meta:
        verbose_name = _("announcement")
        verbose_name_plural = _("announcements")
        indexes = [models.Index(fields=["company_id", "id"], name="tenants_outbox_open", condition=Q(done_at=None, parked_at=None))]


class Flight(models.Model):
    """One line of the flight recorder: a call from or to a gateway, with the time of every step. Holds no secret."""

    class Direction(models.TextChoices):
        IN = "in", _("incoming")
        OUT = "out", _("outgoing")

    company_id = models.BigIntegerField(_("company"))
    connection_id = models.BigIntegerField(_("connection"))
    direction = models.CharField(_("direction"), max_length=3, choices=Direction)
    kind = models.CharField(_("kind"), max_length=40, db_default="")
    external_id = models.CharField(_("gateway's id"), max_length=255, db_default="")
    our_id = models.CharField(_("our id"), max_length=80, db_default="")
    webhook_id = models.BigIntegerField(_("webhook call"), null=True)
    request = models.TextField(_("request"), db_default="")
    response = models.TextField(_("response"), db_default="")
    http_status = models.SmallIntegerField(_("HTTP status"), null=True)
    error = models.TextField(_("error"), db_default="")
    received_at = models.DateTimeField(_("received at"), null=True)
    parsed_at = models.DateTimeField(_("parsed at"), null=True)
    applied_at = models.DateTimeField(_("applied at"), null=True)
    pushed_at = models.DateTimeField(_("shown at"), null=True)
    sent_at = models.DateTimeField(_("sent at"), null=True)
    answered_at = models.DateTimeField(_("answered at"), null=True)
    created_at = models.DateTimeField(_("created at"), db_default=Now())

    class Meta:
        verbose_name = _("recorded call")
        verbose_name_plural = _("flight recorder")
        indexes = [
            models.Index(fields=["company_id", "external_id"], name="tenants_flight_external", condition=~Q(external_id="")),
            models.Index(fields=["company_id", "our_id"], name="tenants_flight_our", condition=~Q(our_id="")),
            models.Index(F("company_id"), F("id").desc(), name="tenants_flight_newest"),
        ]


class Answer(models.Model):
    """What a POST with an Idempotency-Key was answered, so that its repeat gets the same and sends nothing."""

    company_id = models.BigIntegerField()
    key_digest = models.CharField(max_length=64)
    body_digest = models.CharField(max_length=64)
    status = models.SmallIntegerField()
    body = models.JSONField(null=True, encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints = [models.UniqueConstraint(fields=["company_id", "key_digest"], name="tenants_answer_once")]


class SchemaImage(models.Model):
    """The SQL that makes a company's schema, rendered from the template after its migrations (named by the fingerprint)."""

    fingerprint = models.CharField(max_length=64, unique=True)
    sql = models.TextField()
    created_at = models.DateTimeField(db_default=Now())
