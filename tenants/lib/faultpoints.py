"""Where the crash matrix (`make chaos`) lets a process die.

With a folder in the environment's FAULT_POINTS, whoever reaches a point of which the folder holds a file takes the file away and does
what it says: `kill` (this process, at once), `kill-all` (the worker with all of its processes) or `freeze` (this process, until
somebody sends it SIGCONT), at the time that the file says. Without the folder a point costs one comparison.
"""

import os
import signal
from collections import Counter
from enum import StrEnum
from pathlib import Path


class Point(StrEnum):
    CLAIMED = "campaign.claimed"  # a wave is stamped, nothing of it has left
    SENDING = "campaign.sending"  # the next byte is the gateway's
    SENT = "campaign.sent"  # the gateway has answered, nothing of it is recorded
    RECORDED = "campaign.recorded"
    SLICE_OVER = "campaign.slice_over"  # the number is given back, nobody is asked to go on
    FROZEN = "campaign.frozen"  # the audience is written, the start not committed
    MESSAGE_STAMPED = "message.stamped"
    MESSAGE_ANSWERED = "message.answered"
    MESSAGE_RECORDED = "message.recorded"
    WEBHOOK_STORED = "webhook.stored"  # on disk, and the gateway does not know it
    WEBHOOK_APPLIED = "webhook.applied"  # done, and still marked as new
    RECEIPTS_APPLIED = "receipts.applied"  # messages moved, not committed


KILL, KILL_ALL, FREEZE = "kill", "kill-all", "freeze"
_FOLDER = Path(folder) if (folder := os.environ.get("FAULT_POINTS")) else None
_times: Counter[Point] = Counter()


def reach(point: Point) -> None:
    """This is the point."""
    if _FOLDER is not None:
        _strike(_FOLDER / point)


def arm(folder: Path, point: Point, how: str, *, time: int = 1) -> None:
    """Whoever reaches the point next (or for the `time`-th time from now on, counted in each process) is struck."""
    draft = folder / f".{point}"
    draft.write_text(f"{how} {time}")
    draft.rename(folder / point)


def disarm(folder: Path) -> None:
    for file in folder.iterdir():
        file.unlink(missing_ok=True)


def _strike(file: Path) -> None:
    try:
        how, time = file.read_text().split()
    except FileNotFoundError:
        _times.pop(Point(file.name), None)
        return
    point = Point(file.name)
    _times[point] += 1
    if _times[point] < int(time):
        return
    try:
        file.unlink()
    except FileNotFoundError:
        return  # somebody else was quicker
    if how == FREEZE:
        os.kill(os.getpid(), signal.SIGSTOP)
    elif how == KILL_ALL:
        os.killpg(os.getpgid(0), signal.SIGKILL)
    else:
        os.kill(os.getpid(), signal.SIGKILL)
