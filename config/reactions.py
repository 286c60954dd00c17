"""What a finished deed sets in motion: event name -> lines of (when, dotted path).

`now` runs in the same transaction (set-based SQL only), `later` becomes an Outbox row and is retried until it works.
The facts of the announcement arrive as keyword arguments.
"""

REACTIONS: dict[str, list[tuple[str, str]]] = {}
