"""Who may do what, in one table. Which objects a person sees is the selectors' business; here is what they may do at all.

A view says which action each of its doors is: `may = {"list": "user.read", "create": "user.manage"}` (a viewset's actions, or
HTTP methods in small letters for a plain view). A door without a line stays shut.
"""

from typing import Any

from rest_framework.exceptions import MethodNotAllowed, PermissionDenied
from rest_framework.permissions import BasePermission
from rest_framework.request import Request

from accounts.models import Role, User
from tenants.lib.errors import NotAllowed

ADMIN = frozenset({Role.ADMIN.value})
MANAGERS = ADMIN | {Role.SUPERVISOR.value}
EVERYBODY = MANAGERS | {Role.AGENT.value}

ACTIONS: dict[str, frozenset[str]] = {
    # people
    "me.read": EVERYBODY,
    "me.change": EVERYBODY,
    "session.read": EVERYBODY,
    "socket.open": EVERYBODY,
    "user.read": EVERYBODY,
    "user.manage": ADMIN,
    "role.read": EVERYBODY,
    "company.read": EVERYBODY,
    "company.manage": ADMIN,
    "api_key.manage": ADMIN,
    "audit.read": ADMIN,
    # customers
    "contact.read": EVERYBODY,
    "contact.write": EVERYBODY,
    "contact.write_many": MANAGERS,
    "contact.merge": MANAGERS,
    "contact.delete": MANAGERS,
    "contact.import": MANAGERS,
    "contact.export": MANAGERS,
    "consent_rules.read": EVERYBODY,
    "consent_rules.manage": ADMIN,
    "tag.read": EVERYBODY,
    "tag.manage": MANAGERS,
    "custom_field.read": EVERYBODY,
    "custom_field.manage": MANAGERS,
    "contact_list.read": EVERYBODY,
    "contact_list.manage": MANAGERS,
    # numbers and gateways
    "connection.read": EVERYBODY,
    "connection.manage": ADMIN,
    "template.read": EVERYBODY,
    "template.manage": ADMIN,
    "flight.read": MANAGERS,
    "webhook.replay": ADMIN,
    "simulator.play": EVERYBODY,
    # conversations
    "queue.read": EVERYBODY,
    "queue.manage": ADMIN,
    "ticket.read": EVERYBODY,
    "ticket.start": EVERYBODY,
    "ticket.work": EVERYBODY,
    "ticket.transfer": EVERYBODY,
    "message.read": EVERYBODY,
    "message.send": EVERYBODY,
    "quick_reply.read": EVERYBODY,
    "quick_reply.write": EVERYBODY,  # one's own; those that others use too are `quick_reply.manage`
    "quick_reply.manage": MANAGERS,
    "schedule.read": EVERYBODY,
    "schedule.write": EVERYBODY,
    "upload.create": EVERYBODY,
    # sends to many
    "campaign.read": EVERYBODY,
    "campaign.write": MANAGERS,
    "campaign.start": MANAGERS,
    "campaign.delete": MANAGERS,
    # looking after it
    "report.read": MANAGERS,
    "job.read": MANAGERS,
    "job.retry": ADMIN,  # what is nobody's own: timers, e-mails. Messages, imports and calls need what they themselves need
}

# What no API key is ever given: what belongs to a person at a browser, and what would let a key make itself stronger.
PERSONAL = frozenset({"me.change", "session.read", "socket.open", "api_key.manage"})
# What every key may, without being given it: ask who it is.
EVERY_KEY = frozenset({"me.read"})
# What a key may be given. The names are those of the table: there is no second list.
SCOPES = tuple(action for action in ACTIONS if action not in PERSONAL | EVERY_KEY)


def may(user: User, action: str) -> bool:
    """Whether the person's role, or the key's scopes, allow the action. The table knows every action that is asked for."""
    assert action in ACTIONS, f"{action} is not in accounts.permissions.ACTIONS."
    if not user.is_active:
        return False
    return action in user.scopes if user.is_api_key else user.role in ACTIONS[action]


def allowed_to(user: User) -> list[str]:
    """Everything that this person or key may do."""
    return [action for action in ACTIONS if may(user, action)]


def actions_of(role: str) -> list[str]:
    """Everything that the role allows."""
    return [action for action, roles in ACTIONS.items() if role in roles]


def require(user: User, action: str) -> None:
    """For services whose doors are many. Raises NotAllowed."""
    if not may(user, action):
        raise NotAllowed()


class RolePermission(BasePermission):
    """The default of every API view: its `may` names an action, the table names the roles."""

    def has_permission(self, request: Request, view: Any) -> bool:
        if not isinstance(request.user, User):
            return False
        door = getattr(view, "action", None) or (request.method or "").lower()
        if door in ("options", "metadata"):
            return True
        action = getattr(view, "may", {}).get("get" if door == "head" else door)
        if action is None and not hasattr(view, (request.method or "").lower()):
            raise MethodNotAllowed(request.method or "")
        if action is None:
            return False
        if not may(request.user, action):
            raise PermissionDenied(str(NotAllowed()), code="not_allowed")
        return True
