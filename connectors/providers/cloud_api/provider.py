"""WhatsApp Cloud API, Meta's own gateway."""

from collections.abc import Iterator, Mapping
from typing import IO, Any, BinaryIO

from django.utils.translation import gettext_lazy as _

from connectors.providers.cloud_api import (
    accounts,
    dividing,
    errors,
    managing,
    media,
    numbers,
    parsing,
    sending,
    signing,
    template_rules,
    templates,
)
from connectors.types import (
    MEDIA_KINDS,
    Capabilities,
    ConnectionState,
    Event,
    Identity,
    InteractiveKind,
    Json,
    Link,
    MediaRef,
    MessageKind,
    NumberInfo,
    Outgoing,
    Sent,
    TemplateDraft,
    TemplateInfo,
    Verdict,
)
from tenants.lib.errors import Problem


class CloudApi:
    """Credentials: `phone_number_id` (the number), `waba_id` (its account), `access_token` (of a system user), `app_secret`
    (signs webhooks) and `verify_token` (ours, typed into Meta's webhook form)."""

    name = "cloud_api"
    label = _("WhatsApp Cloud API")
    capabilities = Capabilities(
        kinds=MEDIA_KINDS
        | {
            MessageKind.TEXT,
            MessageKind.TEMPLATE,
            MessageKind.LOCATION,
            MessageKind.CONTACTS,
            MessageKind.REACTION,
            MessageKind.INTERACTIVE,
        },
        has_templates=True,
        manages_templates=True,
        registers_numbers=True,
        is_asked=True,
        has_service_window=True,
        takes_our_id=False,
        echoes_our_id=True,
        parallel_sends=32,
        messages_per_second=80.0,
        max_text_length=4096,
        needs_upload=True,
        interactive=frozenset(InteractiveKind),
        marks_read=True,
        shows_typing=True,
    )
    credential_fields = ("phone_number_id", "waba_id", "access_token", "app_secret", "verify_token")
    secret_fields = ("access_token", "app_secret", "verify_token")

    def verify(
        self, *, method: str, query: Mapping[str, str], headers: Mapping[str, str], body: bytes, secrets: Mapping[str, str]
    ) -> Verdict:
        """`secrets`: `app_secret` for a POST, `verify_token` for the handshake. Without the secret nothing is accepted."""
        if method == "GET":
            return signing.check_handshake(query=query, verify_token=str(secrets.get("verify_token") or ""))
        return signing.check_signature(headers=headers, body=body, app_secret=str(secrets.get("app_secret") or ""))

    def parse(self, body: bytes, link: Link | None = None) -> list[Event]:
        return parsing.parse(body, link)

    def portions(self, body: bytes) -> dict[str, bytes]:
        return dividing.portions(body)

    def identity(self, credentials: Mapping[str, Any]) -> Identity:
        return Identity(str(credentials.get("phone_number_id") or ""), str(credentials.get("waba_id") or ""))

    def error_page(self, code: str) -> str:
        return errors.page_of(code)

    def rate(self, facts: Json) -> float:
        return accounts.rate(facts)

    async def send(self, link: Link, outgoing: Outgoing) -> Sent:
        return await sending.send(link, outgoing)

    async def mark_read(self, link: Link, external_id: str, *, is_typing: bool = False) -> None:
        await sending.mark_read(link, external_id, is_typing=is_typing)

    def connect(self, link: Link) -> ConnectionState:
        return managing.connect(link)

    def disconnect(self, link: Link) -> ConnectionState:
        return managing.disconnect(link)

    def status(self, link: Link) -> ConnectionState:
        return managing.status(link)

    def templates(self, link: Link) -> list[TemplateInfo]:
        return templates.list_all(link)

    def template_problems(self, draft: TemplateDraft) -> list[Problem]:
        return template_rules.problems_of(draft)

    def create_template(self, link: Link, draft: TemplateDraft) -> TemplateInfo:
        return templates.create(link, draft)

    def edit_template(self, link: Link, external_id: str, draft: TemplateDraft) -> TemplateInfo:
        return templates.edit(link, external_id, draft)

    def delete_template(self, link: Link, *, name: str, external_id: str) -> None:
        templates.delete(link, name=name, external_id=external_id)

    def upload_sample(self, link: Link, file: IO[bytes], *, filename: str, mime_type: str, size_bytes: int) -> str:
        return templates.upload_sample(link, file, filename=filename, mime_type=mime_type, size_bytes=size_bytes)

    def numbers(self, credentials: Mapping[str, Any]) -> list[NumberInfo]:
        return numbers.list_all(credentials)

    def request_code(self, link: Link, *, method: str, language: str) -> None:
        numbers.request_code(link, method=method, language=language)

    def verify_code(self, link: Link, code: str) -> None:
        numbers.verify_code(link, code)

    def register(self, link: Link, pin: str) -> None:
        numbers.register(link, pin)

    def sign_up_url(self, *, redirect_uri: str, state: str) -> str:
        return numbers.sign_up_url(redirect_uri=redirect_uri, state=state)

    def sign_up(self, *, code: str, redirect_uri: str) -> Mapping[str, Any]:
        return numbers.sign_up(code=code, redirect_uri=redirect_uri)

    def media(self, link: Link, ref: MediaRef) -> Iterator[bytes]:
        return media.download(link, ref)

    def upload(self, link: Link, file: BinaryIO, *, filename: str, mime_type: str, size_bytes: int) -> str:
        return media.upload(link, file, filename=filename, mime_type=mime_type, size_bytes=size_bytes)
