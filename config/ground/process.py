"""What the supervisor needs to know about a program to keep it alive."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Process:
    """One long-lived program.

    `stop_signal` asks it to finish; `leash_signal` is what the kernel sends it when the supervisor is gone. `prepare` runs before
    every start (recovery, configuration); `is_ready` says whether it can be used and must answer within a second or two.
    A `foundation` is stopped only after everything else. A process that `reloads` is restarted when the code changes (`make dev`).
    """

    name: str
    argv: tuple[str, ...]
    env: Mapping[str, str] = field(default_factory=dict)
    stop_signal: signal.Signals = signal.SIGTERM
    leash_signal: signal.Signals = signal.SIGKILL
    patience_seconds: float = 10
    prepare: Callable[[], None] | None = None
    is_ready: Callable[[], bool] | None = None
    foundation: bool = False
    reloads: bool = False
