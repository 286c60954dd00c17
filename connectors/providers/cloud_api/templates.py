"""Templates at Meta: listed, handed in, changed, deleted. https://developers.facebook.com/docs/whatsapp/business-management-api/message-templates"""

from typing import IO, Any

import requests
from django.conf import settings
from django.utils.translation import gettext as _

from connectors.providers.cloud_api.errors import refusal_from
from connectors.providers.cloud_api.managing import call
from connectors.types import Json, Link, Policy, ProviderError, TemplateDraft, TemplateInfo

MAX_PAGES = 50
PAGE_SIZE = "100"
UPLOAD_TIMEOUT_SECONDS = (5, 60)


def list_all(link: Link) -> list[TemplateInfo]:
    """Every template of the account, page by page. The cursor is ours to send: `paging.next` carries the token in its address."""
    found: list[TemplateInfo] = []
    params = {"fields": "id,name,language,status,category,components,quality_score,rejected_reason", "limit": PAGE_SIZE}
    for _page in range(MAX_PAGES):
        answer = call(link, "GET", _of_account(link), params=params)
        found += [_info(item) for item in answer.get("data") or []]
        paging = answer.get("paging") or {}
        after = (paging.get("cursors") or {}).get("after")
        if not paging.get("next") or not after:
            break
        params["after"] = after
    return found


def create(link: Link, draft: TemplateDraft) -> TemplateInfo:
    body = {"name": draft.name, "language": draft.language, "category": draft.category, "components": list(draft.components)}
    answer = call(link, "POST", _of_account(link), json=body | {"parameter_format": draft.parameter_format})
    return _drafted(draft, external_id=str(answer.get("id") or ""), answer=answer)


def edit(link: Link, external_id: str, draft: TemplateDraft) -> TemplateInfo:
    """Name and language stay; Meta reviews it again."""
    answer = call(link, "POST", external_id, json={"category": draft.category, "components": list(draft.components)})
    return _drafted(draft, external_id=external_id, answer=answer)


def delete(link: Link, *, name: str, external_id: str) -> None:
    params = {"name": name} | ({"hsm_id": external_id} if external_id else {})
    call(link, "DELETE", _of_account(link), params=params)


def upload_sample(link: Link, file: IO[bytes], *, filename: str, mime_type: str, size_bytes: int) -> str:
    """In two steps: a session, then the bytes. https://developers.facebook.com/docs/graph-api/guides/upload"""
    session = call(link, "POST", "app/uploads", params={"file_name": filename, "file_length": str(size_bytes), "file_type": mime_type})
    try:
        response = requests.post(
            f"{settings.GRAPH_URL.rstrip('/')}/{settings.GRAPH_VERSION}/{session.get('id')}",
            data=file,
            headers={"Authorization": f"OAuth {link.credentials.get('access_token')}", "file_offset": "0"},
            timeout=UPLOAD_TIMEOUT_SECONDS,
            allow_redirects=False,
        )
        answer = response.json()
    except requests.RequestException:
        raise ProviderError("gateway_unreachable", _("WhatsApp cannot be reached."), Policy.RETRY) from None
    if response.ok and isinstance(answer, dict) and answer.get("h"):
        return str(answer["h"])
    raise refusal_from(response.status_code, answer if isinstance(answer, dict) else None)


def _of_account(link: Link) -> str:
    return f"{link.credentials.get('waba_id') or ''}/message_templates"


def _drafted(draft: TemplateDraft, *, external_id: str, answer: dict[str, Any]) -> TemplateInfo:
    """Meta may have decided at once, and may have chosen another category."""
    return TemplateInfo(
        external_id=external_id,
        name=draft.name,
        language=draft.language,
        status=str(answer.get("status") or "PENDING"),
        category=str(answer.get("category") or draft.category),
        components=draft.components,
    )


def _info(item: Json) -> TemplateInfo:
    quality = item.get("quality_score")
    reason = str(item.get("rejected_reason") or "")
    return TemplateInfo(
        external_id=str(item.get("id") or ""),
        name=str(item.get("name") or ""),
        language=str(item.get("language") or ""),
        status=str(item.get("status") or ""),
        category=str(item.get("category") or ""),
        components=tuple(item.get("components") or ()),
        quality=str(quality.get("score") or "") if isinstance(quality, dict) else "",
        reason="" if reason == "NONE" else reason,
    )
