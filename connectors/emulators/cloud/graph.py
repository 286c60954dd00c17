"""Which call is which: a node's kind, its edge and the method to the handler that answers. Strict about versions, tokens, permissions.

https://developers.facebook.com/docs/graph-api/overview
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from connectors.emulators.cloud import accounts, limits, media, numbers, sending, templates
from connectors.emulators.cloud.callbacks import override_of, set_number_callback
from connectors.emulators.cloud.calls import Call
from connectors.emulators.cloud.courier import Courier
from connectors.emulators.cloud.refusals import Refusal, invalid, unknown_object
from connectors.emulators.cloud.world import Account, App, Number, Template, Token, World

Json = dict[str, Any]
VERSION = re.compile(r"v(\d+)\.0")
OLDEST_VERSION, NEWEST_VERSION = 21, 26
MESSAGING, MANAGEMENT = "whatsapp_business_messaging", "whatsapp_business_management"


@dataclass
class Graph:
    world: World
    courier: Courier

    async def answer(self, version: str, path: str, call: Call) -> Json:
        """`path` without the version. Raises a Refusal."""
        _check_version(version)
        if path == "oauth/access_token":
            return accounts.exchange_code(self.world, call)
        call.token = self._token_of(call)
        if path == "debug_token":
            return accounts.debug_token(self.world, call)
        call.node, _slash, call.edge = path.partition("/")
        number = self.world.numbers.get(call.node)
        if number is not None:
            return await self._of_number(number, call)
        account = self.world.accounts.get(call.node)
        if account is not None:
            return await self._of_account(account, call)
        return self._of_others(call)

    # --- who asks ------------------------------------------------------------------------------------------------------------------

    def _token_of(self, call: Call) -> Token:
        scheme, _space, value = call.headers.get("authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "oauth"):
            value = call.query.get("access_token", "")
        if not value:
            raise Refusal(104)
        token = self.world.tokens.get(value)
        if token is None:
            app_id, _bar, secret = value.partition("|")
            app = self.world.apps.get(app_id)
            if app is None or app.secret != secret:
                raise Refusal(190)
            return Token(value, app_id)
        if not accounts.is_good(self.world, token):
            words = "Error validating access token: The session has been invalidated because the user changed their password or logged out."
            raise Refusal(190, message=words, subcode=460 if token.is_revoked else 463)
        return token

    def _may(self, call: Call, account: Account, scope: str) -> None:
        token = call.token
        assert token is not None
        if token.accounts is not None and account.id not in token.accounts:
            raise unknown_object(call.node)
        if scope not in token.scopes:
            raise Refusal(10 if scope == MESSAGING else 200, message="" if scope == MESSAGING else f"Requires {scope} permission")

    def _app_of(self, call: Call) -> App:
        assert call.token is not None
        return self.world.apps[call.token.app_id]

    # --- nodes ---------------------------------------------------------------------------------------------------------------------

    async def _of_number(self, number: Number, call: Call) -> Json:
        world = self.world
        if call.method == "POST" and call.edge in ("messages", "marketing_messages"):
            self._may(call, number.account, MESSAGING)
            answer = sending.take(world, self.courier, number, call.document)
            return answer | {"success": True} if call.edge == "marketing_messages" else answer
        self._may(call, number.account, MESSAGING if call.edge == "media" else MANAGEMENT)
        if number.status == "DELETED":
            raise unknown_object(call.node)
        if call.edge != "media":
            limits.spend_call(number.account, world.now())
        if call.method == "POST" and call.edge == "":
            return await set_number_callback(number, call)
        handlers: dict[tuple[str, str], Callable[[], Json]] = {
            ("GET", ""): lambda: numbers.read(number, call),
            ("POST", "media"): lambda: media.upload(world, number, call),
            ("POST", "register"): lambda: numbers.register(world, number, call),
            ("POST", "deregister"): lambda: numbers.deregister(number),
            ("POST", "request_code"): lambda: numbers.request_code(world, number, call),
            ("POST", "verify_code"): lambda: numbers.verify_code(number, call),
            ("GET", "whatsapp_business_profile"): lambda: numbers.read_profile(number),
            ("POST", "whatsapp_business_profile"): lambda: numbers.write_profile(number, call),
            ("GET", "block_users"): lambda: numbers.blocked(number),
            ("POST", "block_users"): lambda: numbers.block(world, number, call, is_blocked=True),
            ("DELETE", "block_users"): lambda: numbers.block(world, number, call, is_blocked=False),
        }
        return _handled(handlers, call)

    async def _of_account(self, account: Account, call: Call) -> Json:
        world = self.world
        self._may(call, account, MANAGEMENT)
        limits.spend_call(account, world.now())
        if call.method == "POST" and call.edge == "subscribed_apps":
            override, verify_token = await override_of(call)
            return accounts.subscribe(account, self._app_of(call), override, verify_token)
        handlers: dict[tuple[str, str], Callable[[], Json]] = {
            ("GET", ""): lambda: accounts.read(account, call),
            ("GET", "phone_numbers"): lambda: accounts.list_numbers(world, account, call),
            ("POST", "phone_numbers"): lambda: accounts.add_number(world, account, call),
            ("GET", "subscribed_apps"): lambda: accounts.list_subscriptions(world, account),
            ("DELETE", "subscribed_apps"): lambda: accounts.unsubscribe(account, self._app_of(call)),
            ("GET", "message_templates"): lambda: templates.list_all(account, call),
            ("POST", "message_templates"): lambda: templates.create(world, self.courier, account, call),
            ("DELETE", "message_templates"): lambda: templates.delete(account, call),
        }
        return _handled(handlers, call)

    def _of_others(self, call: Call) -> Json:
        world, node = self.world, call.node
        if node in world.files:
            return self._of_file(call)
        if node in world.sessions:
            return media.continue_session(world, node, call) if call.method == "POST" else media.session_state(world, node)
        if call.edge == "uploads" and call.method == "POST" and node in (self._app_of(call).id, "app"):
            return media.open_session(world, call)
        for account in world.accounts.values():
            template = account.templates.get(node)
            if template is not None:
                self._may(call, account, MANAGEMENT)
                return self._of_template(account, template, call)
        raise unknown_object(node)

    def _of_file(self, call: Call) -> Json:
        handlers: dict[tuple[str, str], Callable[[], Json]] = {
            ("GET", ""): lambda: media.describe(self.world, call.node, call),
            ("DELETE", ""): lambda: media.delete(self.world, call.node),
        }
        return _handled(handlers, call)

    def _of_template(self, account: Account, template: Template, call: Call) -> Json:
        handlers: dict[tuple[str, str], Callable[[], Json]] = {
            ("GET", ""): lambda: templates.read(template, call),
            ("POST", ""): lambda: templates.edit(self.world, self.courier, account, template, call),
            ("POST", "unpause"): lambda: templates.unpause(self.courier, account, template),
        }
        return _handled(handlers, call)


def _handled(handlers: dict[tuple[str, str], Callable[[], Json]], call: Call) -> Json:
    handler = handlers.get((call.method, call.edge))
    if handler is None:
        if any(edge == call.edge for _method, edge in handlers):
            raise Refusal(100, message=f"Unsupported {call.method.lower()} request.", kind="GraphMethodException", subcode=33)
        raise Refusal(2500, message=f"Unknown path components: /{call.edge}")
    return handler()


def _check_version(version: str) -> None:
    found = VERSION.fullmatch(version)
    if not found:
        raise Refusal(100, message="Invalid version format. Version must look like v23.0.", kind="OAuthException")
    if not OLDEST_VERSION <= int(found[1]) <= NEWEST_VERSION:
        raise invalid(f"The Graph API version {version} is not available; v{OLDEST_VERSION}.0 to v{NEWEST_VERSION}.0 are.")
