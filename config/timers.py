"""What a timer's firing does, by its kind: a path to `handler(key: str, payload: dict)`, run in a transaction of the timer's company."""

TIMERS: dict[str, str] = {
    "accounts.send_letter": "accounts.services.letters.wake_by_timer",
    "tickets.deliver": "tickets.delivery.wake_by_timer",
    "tickets.schedule": "tickets.services.sending_schedules.send_due",
    "answer": "config.inbound.answer_again",
    "contacts.delete": "contacts.services.bulk.delete_next",
    "campaign.start": "campaigns.services.lifecycle.start_due",
    "campaign.send": "campaigns.services.lines.send_due",
    "campaign.progress": "campaigns.events.progress_due",
}
