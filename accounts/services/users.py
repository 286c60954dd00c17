"""People of a company: taken on, changed, let go."""

from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from accounts import events
from accounts.models import LoginSession, User
from accounts.permissions import require
from accounts.services.auditing import differences, record, snapshot
from accounts.services.sessions import DEACTIVATED, PASSWORD_CHANGED, end_sessions_of
from accounts.services.team import lock_team, refuse_beyond_plan, refuse_taken, refuse_without_admin, set_password
from tenants.lib.announcing import announce
from tenants.lib.errors import ApplicationError
from tenants.lib.tenancy import current_company
from tenants.services.logins import forget_login, remember_login

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
    lock_team()
    refuse_beyond_plan()
    refuse_taken(email)
    user = User(email=email.strip().lower(), name=name, role=role, locale=locale or by.locale)
    set_password(user, password, field="password")
    user.save()
    remember_login(email=user.email, company=current_company())
    record("user.created", user, by=by, changes=differences(user, {"email": "", "role": ""}))
    events.user_changed(user)
    return user


@transaction.atomic
def update_user(user: User, *, changes: UserChanges, by: User) -> User:
    """Raises NotAllowed, PlanLimit, or ApplicationError: `last_admin`, a taken e-mail, a weak password."""
    require(by, "user.manage")
    lock_team()
    user = User.objects.select_for_update().get(pk=user.pk)
    was_active, old_email, before = user.is_active, user.email, snapshot(user)
    user.name = _either(changes.name, user.name)
    user.role = _either(changes.role, user.role)
    user.locale = _either(changes.locale, user.locale)
    user.is_active = _either(changes.is_active, user.is_active)
    user.email = _either(changes.email, user.email).strip().lower()
    if user.email != old_email:
        refuse_taken(user.email)
    if changes.password is not None:
        set_password(user, changes.password, field="password")
    if user.is_active and not was_active:
        refuse_beyond_plan()
    user.save()
    refuse_without_admin()
    forget_login(email=old_email, company=current_company())
    if user.is_active:
        remember_login(email=user.email, company=current_company())
    else:
        end_sessions_of(user, reason=DEACTIVATED)
    if was_active and not user.is_active:
        announce("user.deactivated", user_id=user.pk, by_id=by.pk)
    if changes.password is not None:
        end_sessions_of(user, reason=PASSWORD_CHANGED)
    _record_changes(user, before, has_new_password=changes.password is not None, by=by)
    events.user_changed(user)
    return user


def deactivate_user(user: User, *, by: User) -> User:
    """Their tokens and sockets stop at once, what they wrote stays, what they had open waits again. Raises `last_admin`."""
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
    set_password(user, new_password, field="new_password")
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
