"""Where letters go on a developer's machine: each a file in RECADO_HOME/mail that mail programs open, and a line in the log."""

import re
from collections.abc import Sequence
from pathlib import Path

import structlog
from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from tenants.lib.clock import now

LINK = re.compile(r"https?://\S+")

log = structlog.get_logger(__name__)


class FolderBackend(BaseEmailBackend):
    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        for message in email_messages:
            self._write(message)
        return len(email_messages)

    def _write(self, message: EmailMessage) -> None:
        folder = Path(settings.EMAIL_FILE_PATH)
        folder.mkdir(parents=True, exist_ok=True)
        reader = re.sub(r"[^\w.@-]", "_", message.to[0])
        file = folder / f"{now():%Y%m%d-%H%M%S-%f}-{reader}.eml"
        file.write_bytes(message.message().as_bytes())
        links = LINK.findall(str(message.body))
        log.info("mail_written", file=str(file), to=message.to[0], subject=message.subject, link=links[0] if links else "")
