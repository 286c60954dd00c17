"""What a finished deed sets in motion. `now`: in the same transaction, set-based and small; `later`: an Outbox row."""

REACTIONS = {
    "contact.merged": [("now", "tickets.services.merging.contact_merged"), ("now", "campaigns.services.merging.contact_merged")],
    "template.moved": [("now", "campaigns.services.reacting.heed_template")],
    "connection.paced": [("now", "campaigns.services.lines.wake_lines_of")],
    "connection.resumed": [("now", "campaigns.services.lines.wake_lines_of")],
    "connection.restricted": [("now", "campaigns.services.reacting.stop_restricted")],
    "media.settled": [("now", "tickets.services.attachments.media_settled")],
    "media.prepared": [("now", "tickets.services.attachments.media_prepared")],
    "messages.moved": [("now", "campaigns.services.counting.count_moves")],
    "user.invited": [("now", "tickets.services.people.refuse_unknown_queues")],
    "user.joined": [("now", "tickets.services.people.join_queues")],
    "user.deactivated": [("now", "tickets.services.people.put_back_tickets_of")],
}
