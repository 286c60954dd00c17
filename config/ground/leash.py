"""A child that cannot outlive its parent, not even when the parent is killed with SIGKILL."""

import ctypes
import os
import signal
from collections.abc import Callable

PR_SET_PDEATHSIG = 1

_libc = ctypes.CDLL(None, use_errno=True)


def die_with_parent(sig: signal.Signals, parent: int | None = None) -> None:
    """From now on the kernel sends this process `sig` when the thread that forked it ends.

    `parent` is the expected parent's pid: when it is gone already, the process ends here. Linux only (prctl(2)); a change of
    user id clears it, so a program started through setpriv asks setpriv for it instead.
    """
    if _libc.prctl(PR_SET_PDEATHSIG, int(sig), 0, 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "prctl(PR_SET_PDEATHSIG) failed")
    if parent is not None and os.getppid() != parent:
        os._exit(1)


def leash(sig: signal.Signals) -> Callable[[], None]:
    """A `preexec_fn`: the child leads a process group of its own (Ctrl-C does not reach it) and dies with this process."""
    parent = os.getpid()

    def before_exec() -> None:
        os.setpgid(0, 0)
        die_with_parent(sig, parent)

    return before_exec
