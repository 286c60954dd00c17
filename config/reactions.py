"""What a finished deed sets in motion. `now`: in the same transaction, set-based and small; `later`: an Outbox row."""

REACTIONS = {
    "messages.moved": [("now", "campaigns.services.counting.count_moves")],
}
