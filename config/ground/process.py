"""What the supervisor needs to know about a program to keep it alive."""

import signal
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path


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


def family(pid: int) -> list[int]:
    """The process and all that it has started."""
    try:
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    except OSError:
        return []
    return [pid, *(grandchild for child in children for grandchild in family(int(child)))]


def state_of(pid: int) -> str:
    """One letter (proc(5)): T stands still, Z is dead and not yet buried; empty when there is no such process."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return ""
