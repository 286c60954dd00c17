"""People who work in a company, and their logins. Every table here lives in the company's schema."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models
from django.db.models import Q
from django.db.models.functions import Lower, Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class Role(models.TextChoices):
    ADMIN = "admin", _("Admin")
    SUPERVISOR = "supervisor", _("Supervisor")
    AGENT = "agent", _("Agent")


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=email.strip().lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, **{"role": Role.ADMIN, "is_superuser": True} | fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person of the company. `is_superuser` marks the platform's own staff, in the company `platform` only.

    `is_api_key` marks the face of an API key: whom messages and deeds of the key belong to. Nobody logs in as it, lists of people
    leave it out, and it never holds a conversation.
    """

    class Locale(models.TextChoices):
        ENGLISH = "en", _("English")
        PORTUGUESE = "pt-br", _("Brazilian Portuguese")

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.AGENT)
    locale = models.CharField(_("language"), max_length=8, choices=Locale.choices, default=Locale.ENGLISH)
    avatar = models.FileField(_("avatar"), upload_to="avatars/", blank=True)
    is_active = models.BooleanField(_("active"), default=True)
    is_api_key = models.BooleanField(_("is an API key"), default=False, db_default=False, editable=False)
    is_away = models.BooleanField(_("away"), default=False, db_default=False, editable=False)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)

    # What a key was given, filled in by the door that read it: a key's user that came from anywhere else may do nothing.
    scopes: frozenset[str] = frozenset()

    objects = UserManager()
    USERNAME_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["name", "id"]
        constraints = [models.UniqueConstraint(Lower("email"), name="user_email_unique")]

    def __str__(self) -> str:
        return self.name or self.email

    @property
    def is_staff(self) -> bool:
        """Everybody may open their company's admin; what they see there is decided by selectors."""
        return self.is_active and not self.is_api_key

    @property
    def is_manager(self) -> bool:
        return self.role in (Role.ADMIN, Role.SUPERVISOR)

    @property
    def is_admin(self) -> bool:
        return self.role == Role.ADMIN


class LoginSession(models.Model):
    """One login on one device: a family of refresh tokens of which only the newest works (rotation).

    No token is stored: the newest one is signed again from `current_jti`, `rotated_at` and `expires_at`, always to the same text.
    """

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="login_sessions")
    current_jti = models.CharField(max_length=32)
    previous_jti = models.CharField(max_length=32, blank=True)
    rotated_at = models.DateTimeField(default=timezone.now)
    created_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True, blank=True)
    ended_reason = models.CharField(max_length=20, blank=True)
    user_agent = models.CharField(max_length=200, blank=True)
    address = models.GenericIPAddressField(null=True, blank=True)
    seen_at = models.DateTimeField(default=timezone.now, db_default=Now())

    class Meta:
        verbose_name = _("login session")
        verbose_name_plural = _("login sessions")
        ordering = ["-created_at"]
        indexes = [models.Index(fields=["user", "ended_at"], name="loginsession_user_ended")]

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d %H:%M}"


class ApiKey(models.Model):
    """What a program calls the API with. The key itself is shown once; here is only its digest. Its name is its user's."""

    user = models.OneToOneField(User, on_delete=models.PROTECT, related_name="api_key", verbose_name=_("user"))
    prefix = models.CharField(_("beginning"), max_length=40, unique=True)
    digest = models.CharField(max_length=64)
    scopes = models.JSONField(_("may do"), default=list)
    expires_at = models.DateTimeField(_("expires at"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("last used at"), null=True, blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("created by"))
    revoked_at = models.DateTimeField(_("revoked at"), null=True, blank=True)
    revoked_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("revoked by"))

    class Meta:
        verbose_name = _("API key")
        verbose_name_plural = _("API keys")
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.user.name


class AuditEntry(models.Model):
    """One deed: who did what to what, from where, and what it was before. Names are kept as they were then; secrets never are.

    `changes` is a list of `{"field", "label", "before", "after", "is_word", "is_secret"}`, `label` (and a value that `is_word`) being
    words of ours in English, translated when they are read.
    """

    class ActorKind(models.TextChoices):
        USER = "user", _("Person")
        API_KEY = "api_key", _("API key")
        STAFF = "staff", _("Platform")
        SYSTEM = "system", _("System")
        STRANGER = "stranger", _("Not logged in")

    created_at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    actor_kind = models.CharField(_("kind of actor"), max_length=8, choices=ActorKind.choices)
    actor = models.ForeignKey(
        User, null=True, blank=True, on_delete=models.SET_NULL, related_name="+", db_index=False, verbose_name=_("actor")
    )
    actor_name = models.CharField(_("actor's name"), max_length=120, blank=True)
    action = models.CharField(_("deed"), max_length=60)
    object_kind = models.CharField(_("kind of object"), max_length=40, blank=True)
    object_id = models.BigIntegerField(_("object's id"), null=True, blank=True)
    object_name = models.CharField(_("object"), max_length=200, blank=True)
    changes = models.JSONField(_("changes"), default=list)
    facts = models.JSONField(_("more"), default=dict)
    address = models.GenericIPAddressField(_("IP address"), null=True, blank=True)

    class Meta:
        verbose_name = _("audit entry")
        verbose_name_plural = _("audit log")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["created_at"], name="auditentry_created"),
            models.Index(fields=["actor", "-id"], name="auditentry_actor"),
            models.Index(fields=["action", "-id"], name="auditentry_action"),
            models.Index(fields=["object_kind", "object_id", "-id"], name="auditentry_object"),
        ]

    def __str__(self) -> str:
        return f"{self.actor_name} {self.action} {self.object_name}"


class Invitation(models.Model):
    """Somebody may join the company, as what and until when. The link that was mailed is signed from `nonce`: a new nonce, a new link."""

    email = models.EmailField(_("e-mail"))
    name = models.CharField(_("name"), max_length=120, blank=True)
    role = models.CharField(_("role"), max_length=12, choices=Role.choices, default=Role.AGENT)
    locale = models.CharField(_("language"), max_length=8, choices=User.Locale.choices, default=User.Locale.ENGLISH)
    # Ids of queues: whoever knows queues looks at them when the invitation is made, and again when the person joins.
    queue_ids = models.JSONField(_("queues"), default=list, blank=True)
    nonce = models.CharField(max_length=32)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+", verbose_name=_("invited by"))
    user = models.OneToOneField(User, null=True, on_delete=models.SET_NULL, related_name="invitation", verbose_name=_("user"))
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires at"))
    accepted_at = models.DateTimeField(_("accepted at"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("withdrawn at"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        ordering = ["-created_at"]
        constraints = [
            models.UniqueConstraint(Lower("email"), name="invitation_one_open", condition=Q(accepted_at=None, withdrawn_at=None))
        ]

    def __str__(self) -> str:
        return self.email


class Notice(models.Model):
    """Something that a person should know, kept until they have read it. Worded for its reader: accounts/notice_words.py."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="notices", db_index=False, verbose_name=_("user"))
    kind = models.CharField(_("kind"), max_length=40)
    # Plain values that the sentence names; what people called things, and what a gateway said, in its own words.
    facts = models.JSONField(_("facts"), default=dict, blank=True)
    path = models.CharField(_("page"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("at"), default=timezone.now, editable=False)
    read_at = models.DateTimeField(_("read at"), null=True, blank=True)

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-id"]
        indexes = [
            models.Index(fields=["user", "-id"], name="notice_user"),
            models.Index(fields=["user"], name="notice_unread", condition=models.Q(read_at__isnull=True)),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Letter(models.Model):
    """One e-mail that must go out, and how far it got. What it says is written when it is sent, from the person or the invitation."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("invitation")
        PASSWORD_RESET = "password_reset", _("new password")
        NOTICE = "notice", _("notice")

    class State(models.TextChoices):
        WAITING = "waiting", pgettext_lazy("letter", "waiting")
        SENT = "sent", pgettext_lazy("letter", "sent")
        FAILED = "failed", pgettext_lazy("letter", "failed")
        DROPPED = "dropped", pgettext_lazy("letter", "not needed any more")

    kind = models.CharField(_("kind"), max_length=20, choices=Kind.choices)
    invitation = models.ForeignKey(Invitation, null=True, on_delete=models.CASCADE, related_name="letters", verbose_name=_("invitation"))
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="letters", verbose_name=_("user"))
    notice = models.ForeignKey(Notice, null=True, on_delete=models.CASCADE, related_name="letters", verbose_name=_("notice"))
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    retry_at = models.DateTimeField(_("try again at"), null=True)
    leased_until = models.DateTimeField(null=True)
    error = models.TextField(_("error"), blank=True)
    created_at = models.DateTimeField(_("created at"), default=timezone.now, editable=False)
    sent_at = models.DateTimeField(_("sent at"), null=True)

    class Meta:
        verbose_name = _("letter")
        verbose_name_plural = _("letters")
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"
