"""People of a company: taken on, changed, let go."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import LoginSession, Role, User
from accounts.permissions import require
from accounts.services.auditing import differences, record, snapshot
from accounts.services.sessions import DEACTIVATED, PASSWORD_CHANGED, end_sessions_of
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.logins import forget_login, remember_login
from tenants.services.plans import require_room

Value = TypeVar("Value")


@dataclass(frozen=True)
class UserChanges:
    """None leaves a field as it is."""

    name: str | None = None
    email: str | None = None
    role: str | None = None
    locale: str | None = None
    is_active: bool | None = None
    password: str | None = None


@transaction.atomic
def create_user(*, email: str, name: str, password: str, role: str, locale: str | None = None, by: User) -> User:
    """Raises NotAllowed, PlanLimit, or ApplicationError for a taken e-mail or a weak password."""
    require(by, "user.manage")
    _lock_team()
    _refuse_beyond_plan()
    _refuse_taken(email)
    user = User(email=email.strip().lower(), name=name, role=role, locale=locale or by.locale)
    _set_password(user, password, field="password")
    user.save()
    remember_login(email=user.email, company=current_company())
    record("user.created", user, by=by, changes=differences(user, {"email": "", "role": ""}))
    events.user_changed(user)
    return user


@transaction.atomic
def update_user(user: User, *, changes: UserChanges, by: User) -> User:
    """Raises NotAllowed, PlanLimit, or ApplicationError: `last_admin`, a taken e-mail, a weak password."""
    require(by, "user.manage")
    _lock_team()
    user = User.objects.select_for_update().get(pk=user.pk)
    was_active, old_email, before = user.is_active, user.email, snapshot(user)
    user.name = _either(changes.name, user.name)
    user.role = _either(changes.role, user.role)
    user.locale = _either(changes.locale, user.locale)
    user.is_active = _either(changes.is_active, user.is_active)
    user.email = _either(changes.email, user.email).strip().lower()
    if user.email != old_email:
        _refuse_taken(user.email)
    if changes.password is not None:
        _set_password(user, changes.password, field="password")
    if user.is_active and not was_active:
        _refuse_beyond_plan()
    user.save()
    _refuse_without_admin()
    forget_login(email=old_email, company=current_company())
    if user.is_active:
        remember_login(email=user.email, company=current_company())
    else:
        end_sessions_of(user, reason=DEACTIVATED)
    if changes.password is not None:
        end_sessions_of(user, reason=PASSWORD_CHANGED)
    _record_changes(user, before, has_new_password=changes.password is not None, by=by)
    events.user_changed(user)
    return user


def deactivate_user(user: User, *, by: User) -> User:
    """Their tokens and sockets stop at once; what they wrote stays. Raises ApplicationError `last_admin`."""
    return update_user(user, changes=UserChanges(is_active=False), by=by)


@transaction.atomic
def change_own_profile(user: User, *, name: str | None, locale: str | None) -> User:
    before = snapshot(user)
    user.name = _either(name, user.name)
    user.locale = _either(locale, user.locale)
    user.save(update_fields=["name", "locale"])
    _record_changes(user, before, has_new_password=False, by=user)
    events.user_changed(user)
    return user


@transaction.atomic
def change_own_password(user: User, *, current_password: str, new_password: str, session: LoginSession) -> None:
    """Ends every other session of the person. Raises ApplicationError `wrong_password`, or for a weak one."""
    if not user.check_password(current_password):
        raise ApplicationError(_("This is not your password."), code="wrong_password", field="current_password")
    _set_password(user, new_password, field="new_password")
    user.save(update_fields=["password"])
    record("user.password_changed", user, by=user)
    end_sessions_of(user, reason=PASSWORD_CHANGED, but=session)


def _either(new: Value | None, old: Value) -> Value:
    return old if new is None else new


def _record_changes(user: User, before: dict[str, Any], *, has_new_password: bool, by: User) -> None:
    if user.is_active != before["is_active"]:
        record("user.activated" if user.is_active else "user.deactivated", user, by=by)
    changes = differences(user, {name: old for name, old in before.items() if name != "is_active"})
    if changes:
        record("user.changed", user, by=by, changes=changes)
    if has_new_password:
        record("user.password_set", user, by=by)


def _lock_team() -> None:
    """Two changes at once may neither pass the plan's limit together nor take away the last two admins."""
    list(User.objects.select_for_update().filter(role=Role.ADMIN).order_by("id").values_list("id", flat=True))


def _refuse_beyond_plan() -> None:
    require_room(current_company(), "users", User.objects.filter(is_active=True, is_api_key=False).count())


def _refuse_taken(email: str) -> None:
    if User.objects.filter(email=email.strip().lower()).exists():
        raise ApplicationError(_("Somebody in this company has this e-mail already."), code="email_taken", field="email")


def _refuse_without_admin() -> None:
    if not User.objects.filter(role=Role.ADMIN, is_active=True).exists():
        raise ApplicationError(_("A company needs an admin: make somebody else one first."), code="last_admin", status=409)


def _set_password(user: User, password: str, *, field: str) -> None:
    try:
        validate_password(password, user)
    except ValidationError as error:
        raise ApplicationError(" ".join(error.messages), code="weak_password", field=field) from error
    user.set_password(password)
