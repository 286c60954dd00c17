"""What a finished deed sets in motion. `now`: in the same transaction, set-based and small; `later`: an Outbox row."""

REACTIONS = {
    "media.settled": [("now", "tickets.services.attachments.media_settled")],
    "media.prepared": [("now", "tickets.services.attachments.media_prepared")],
    "messages.moved": [("now", "campaigns.services.counting.count_moves")],
}
