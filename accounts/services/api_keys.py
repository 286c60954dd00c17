"""API keys: made, changed, revoked, and read at the door."""

import datetime
from collections.abc import Collection

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.key_text import new_key, read_key
from accounts.models import ApiKey, Role, User
from accounts.permissions import EVERY_KEY, SCOPES, require
from accounts.services.auditing import changed, record
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company

MOST_KEYS = 100
LONGEST_NAME = 80
# How exactly "last used" is known. A request inside of it writes nothing.
USE_NOTED_EVERY = datetime.timedelta(minutes=5)


class KeyRefused(Exception):
    """The key opens nothing; `code` and `words` say why."""

    def __init__(self, code: str, words: object) -> None:
        super().__init__(code)
        self.code = code
        self.words = words


@transaction.atomic
def create_api_key(*, name: str, scopes: Collection[str], expires_at: datetime.datetime | None, by: User) -> tuple[ApiKey, str]:
    """The key, and its text, which nobody can read again.

    Raises NotAllowed, or ApplicationError: `required`, `taken`, `unknown_scope`, `time_in_the_past`, `too_many`.
    """
    require(by, "api_key.manage")
    if expires_at is not None and expires_at <= now():
        raise ApplicationError(_("This time has passed. Choose a later one."), code="time_in_the_past", field="expires_at")
    if ApiKey.objects.filter(revoked_at=None).count() >= MOST_KEYS:
        raise ApplicationError(_("There are %(most)d keys already. Revoke one that is not used.") % {"most": MOST_KEYS}, code="too_many")
    text = new_key(current_company().pk)
    face = User(
        name=_free_name(name, but=None),
        # Nobody can write to it or log in with it; it is only what the table of users asks for.
        email=f"{text.prefix.lower()}@api-key.invalid",
        # Sees what managers see; what it may do with that is only what its scopes say.
        role=Role.SUPERVISOR,
        locale=current_company().locale if current_company().locale in User.Locale.values else User.Locale.ENGLISH,
        is_api_key=True,
    )
    face.set_unusable_password()
    face.save()
    key = ApiKey.objects.create(
        user=face, prefix=text.prefix, digest=text.digest, scopes=_known(scopes), expires_at=expires_at, created_by=by
    )
    record(
        "api_key.created", key, by=by, changes=[*changed(key, "scopes", None, key.scopes), *changed(key, "expires_at", None, expires_at)]
    )
    return key, text.text


@transaction.atomic
def change_api_key(key: ApiKey, *, name: str | None = None, scopes: Collection[str] | None = None, by: User) -> ApiKey:
    """Its name and what it may do, from the next request on. Raises like `create_api_key`."""
    require(by, "api_key.manage")
    key = ApiKey.objects.select_for_update(of=("self",)).select_related("user", "created_by").get(pk=key.pk)
    if key.revoked_at is not None:
        raise ApplicationError(_("This key was revoked."), code="key_revoked", status=409)
    old_name, old_scopes = key.user.name, key.scopes
    if name is not None and name.strip() != old_name:
        key.user.name = _free_name(name, but=key)
        key.user.save(update_fields=["name"])
    if scopes is not None:
        key.scopes = _known(scopes)
        key.save(update_fields=["scopes"])
    changes = [*changed(key.user, "name", old_name, key.user.name), *changed(key, "scopes", old_scopes, key.scopes)]
    if changes:
        record("api_key.changed", key, by=by, changes=changes)
    return key


@transaction.atomic
def revoke_api_key(key: ApiKey, *, by: User) -> bool:
    """It opens nothing from now on; what it wrote stays its own. Whether this call did it."""
    require(by, "api_key.manage")
    revoked = ApiKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now(), revoked_by=by)
    if revoked:
        User.objects.filter(pk=key.user_id).update(is_active=False)
        record("api_key.revoked", key, by=by)
    return bool(revoked)


def open_with(text: str) -> ApiKey:
    """The key, its user with the scopes it was given. Raises KeyRefused: invalid, wrong company, revoked or expired."""
    said = read_key(text)
    if said is None:
        raise KeyRefused("key_invalid", _("This API key is not valid."))
    if said.company_id != current_company().pk:
        raise KeyRefused("wrong_company", _("This API key belongs to another company."))
    key = ApiKey.objects.select_related("user").filter(prefix=said.prefix, digest=said.digest).first()
    if key is None:
        raise KeyRefused("key_invalid", _("This API key is not valid."))
    if key.revoked_at is not None or not key.user.is_active:
        raise KeyRefused("key_revoked", _("This API key was revoked."))
    if key.expires_at is not None and key.expires_at <= now():
        raise KeyRefused("key_expired", _("This API key has expired."))
    key.user.scopes = frozenset(key.scopes) | EVERY_KEY
    _note_use(key)
    return key


def _note_use(key: ApiKey) -> None:
    moment = now()
    if key.last_used_at is not None and moment - key.last_used_at < USE_NOTED_EVERY:
        return
    stale = Q(last_used_at=None) | Q(last_used_at__lt=moment - USE_NOTED_EVERY)
    ApiKey.objects.filter(stale, pk=key.pk).update(last_used_at=moment)


def _free_name(name: str, *, but: ApiKey | None) -> str:
    name = name.strip()[:LONGEST_NAME]
    if not name:
        raise ApplicationError(_("Give the key a name that says who uses it."), code="required", field="name")
    living = ApiKey.objects.filter(revoked_at=None, user__name__iexact=name)
    if (living.exclude(pk=but.pk) if but else living).exists():
        raise ApplicationError(_("There is a key of this name already."), code="taken", field="name")
    return name


def _known(scopes: Collection[str]) -> list[str]:
    """In the order of the table, each once."""
    unknown = sorted(set(scopes) - set(SCOPES))
    if unknown:
        raise ApplicationError(_("“%(scope)s” cannot be given to a key.") % {"scope": unknown[0]}, code="unknown_scope", field="scopes")
    if not scopes:
        raise ApplicationError(_("Say what the key may do."), code="required", field="scopes")
    return [scope for scope in SCOPES if scope in set(scopes)]
