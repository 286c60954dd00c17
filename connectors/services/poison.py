"""Webhook calls that were given up may be tried again by a person, once what they stumbled over is mended."""

from django.db import transaction

from accounts.models import User
from accounts.services.auditing import record
from tenants.lib.later import later
from tenants.models import Webhook


@transaction.atomic
def replay_webhook(webhook: Webhook, *, by: User) -> Webhook:
    """The call goes back into its lane, with all its attempts before it. Twice is once."""
    replayed = Webhook.objects.filter(pk=webhook.pk, company_id=webhook.company_id, state=Webhook.State.POISON).update(
        state=Webhook.State.NEW, attempts=0, retry_at=None
    )
    if replayed:
        record("connection.webhook_replayed", webhook, by=by)
    webhook.refresh_from_db()
    later("connectors.drain_inbox", webhook.connection_id)
    return webhook
