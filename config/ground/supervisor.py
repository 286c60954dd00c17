"""A small supervisor in the foreground: starts programs in order, keeps them alive, stops them in reverse.

One thread and one loop: child output, deaths, restarts and signals all pass through `turn`. Every child is on a leash
(config/ground/leash.py), so that even `kill -9` of the supervisor leaves none of them behind.
"""

import os
import selectors
import signal
import socket
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

from config.ground.console import Console, Journal
from config.ground.leash import leash
from config.ground.process import Process

FIRST_PAUSE_SECONDS = 0.5
LONGEST_PAUSE_SECONDS = 30
STEADY_AFTER_SECONDS = 60
READINESS_PAUSE_SECONDS = 0.1
DEATHS_FORGIVEN_AT_START = 4


class StopRequested(Exception):
    """Ctrl-C, or SIGTERM: whatever is going on ends here."""


class StartFailed(Exception):
    """Recado cannot start; the message is for the person at the terminal."""


class Child:
    """One started program: its process while it runs, and when it may be started again."""

    def __init__(self, process: Process, journal: Journal, *, is_heard: bool = True) -> None:
        self.process = process
        self.journal = journal
        self.is_heard = is_heard
        self.popen: subprocess.Popen[bytes] | None = None
        self.started_at = 0.0
        self.deaths = 0
        self.restart_at: float | None = None
        self.unfinished_line = b""

    @property
    def is_alive(self) -> bool:
        return self.popen is not None and self.popen.poll() is None


class Supervisor:
    def __init__(self, logs: Path, *, cwd: Path, env: Mapping[str, str], console: Console) -> None:
        self.logs = logs
        self.cwd = cwd
        self.env = dict(env)
        self.console = console
        self.children: list[Child] = []
        self.is_started = False
        self.is_stopping = False
        self.stops_requested = 0
        self.reload_requested = False
        self.selector = selectors.DefaultSelector()
        self._listen_to_signals()

    def start(self, process: Process, *, timeout_seconds: float = 120) -> None:
        """Start it and wait until it is ready; raises StartFailed when it dies again and again, or takes too long."""
        self.launch(process)
        self.wait_until_ready(process.name, timeout_seconds=timeout_seconds)

    def launch(self, process: Process) -> None:
        """Start it without waiting."""
        child = Child(process, Journal(self.logs / f"{process.name}.log"))
        self.children.append(child)
        self._spawn(child)

    def wait_until_ready(self, name: str, *, timeout_seconds: float = 120) -> None:
        child = next(child for child in self.children if child.process.name == name)
        is_ready = child.process.is_ready
        if is_ready is None:
            return
        deadline = time.monotonic() + timeout_seconds
        while not (child.is_alive and is_ready()):
            if time.monotonic() > deadline:
                raise StartFailed(self._epitaph(child, f"{name} was not ready after {timeout_seconds:.0f} seconds"))
            self._turn_for(READINESS_PAUSE_SECONDS)

    def run_once(self, name: str, argv: tuple[str, ...], env: Mapping[str, str], cwd: Path) -> None:
        """Run a program to its end while the others are looked after; raises StartFailed, with its last words, when it fails."""
        child = Child(Process(name=name, argv=argv, env=env), Journal(self.logs / f"{name}.log"), is_heard=False)
        self._spawn(child, cwd=cwd)
        try:
            while child.is_alive:
                self.turn(0.1)
        finally:
            self._end([child])
            self._drain(child)
        assert child.popen
        if child.popen.returncode != 0:
            raise StartFailed(self._epitaph(child, f"{name} failed (exit code {child.popen.returncode})"))

    def watch(self) -> None:
        """Keep everything alive until somebody asks to stop."""
        self.is_started = True
        try:
            while True:
                self.turn(1)
        except StopRequested:
            return

    def stop(self) -> None:
        """Stop everything, the last started first and the databases last; a second Ctrl-C shortens the wait."""
        self.is_stopping = True
        children = list(reversed(self.children))
        self._end([child for child in children if not child.process.foundation])
        for child in children:
            if child.process.foundation:
                self._end([child])

    def turn(self, seconds: float) -> None:
        """One round of the loop: at most `seconds` long, sooner when something happens. Raises StopRequested."""
        self._pump(min(seconds, self._seconds_until_next_restart()))
        if self.stops_requested and not self.is_stopping:
            raise StopRequested
        if self.reload_requested:
            self.reload_requested = False
            self._reload()
        for child in self.children:
            self._look_after(child)

    def _turn_for(self, seconds: float) -> None:
        """Turn until the time is over, however much is going on."""
        deadline = time.monotonic() + seconds
        while (left := deadline - time.monotonic()) > 0:
            self.turn(left)

    # --- life and death ---

    def _look_after(self, child: Child) -> None:
        now = time.monotonic()
        if child.popen and not child.is_alive and child.restart_at is None:
            self._bury(child)
            if now - child.started_at > STEADY_AFTER_SECONDS:
                child.deaths = 0
            child.deaths += 1
            if not self.is_started and child.deaths > DEATHS_FORGIVEN_AT_START:
                raise StartFailed(self._epitaph(child, f"{child.process.name} does not start: it ended {child.deaths} times"))
            pause = min(FIRST_PAUSE_SECONDS * 2 ** (child.deaths - 1), LONGEST_PAUSE_SECONDS)
            child.restart_at = now + pause
            code = child.popen.returncode
            self.console.say(f"{child.process.name} ended ({_in_words(code)}); it is started again in {pause:g} s")
        if child.restart_at is not None and now >= child.restart_at:
            self._spawn(child)

    def _spawn(self, child: Child, *, cwd: Path | None = None) -> None:
        process = child.process
        if process.prepare:
            process.prepare()
        child.restart_at = None
        child.started_at = time.monotonic()
        try:
            child.popen = subprocess.Popen(
                process.argv,
                cwd=cwd or self.cwd,
                env={**self.env, **process.env},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT,
                preexec_fn=leash(process.leash_signal),
            )
        except OSError as error:
            raise StartFailed(f"{process.name} cannot be started: {error}") from error
        assert child.popen.stdout
        os.set_blocking(child.popen.stdout.fileno(), False)
        self.selector.register(child.popen.stdout, selectors.EVENT_READ, child)

    def _reload(self) -> None:
        """New code: those who run it start afresh, at once and without being blamed for it."""
        stale = [child for child in self.children if child.process.reloads]
        self._end(stale)
        for child in stale:
            child.deaths = 0
            self._spawn(child)
        self.console.say("reloaded " + ", ".join(child.process.name for child in stale))

    def _end(self, children: list[Child]) -> None:
        """Ask all of them at once, then wait for each; who does not listen is killed with everything it started."""
        alive = [child for child in children if child.popen and child.popen.returncode is None]
        for child in alive:
            assert child.popen
            child.popen.send_signal(child.process.stop_signal)
        asked_at = time.monotonic()
        stops_before = self.stops_requested
        for child in alive:
            while child.is_alive and time.monotonic() - asked_at < child.process.patience_seconds:
                self._pump(0.05)
                if self.stops_requested > max(stops_before, 1) and not child.process.foundation:
                    break
        for child in alive:
            self._bury(child)

    def _bury(self, child: Child) -> None:
        """After this nothing of the child's process group runs, and its last words are in its journal."""
        assert child.popen
        _signal_group(child.popen.pid, signal.SIGKILL)
        child.popen.wait()
        self._drain(child)

    # --- what they say ---

    def _pump(self, seconds: float) -> None:
        for key, _ in self.selector.select(max(0, seconds)):
            if key.data is None:
                key.fileobj.recv(4096)  # type: ignore[union-attr]
            else:
                self._read(key.data)

    def _read(self, child: Child) -> bool:
        """Take what the child has written so far; False at its end."""
        assert child.popen and child.popen.stdout
        try:
            data = os.read(child.popen.stdout.fileno(), 65536)
        except BlockingIOError:
            return False
        if not data:
            self._close(child)
            return False
        child.journal.write(data)
        *lines, child.unfinished_line = (child.unfinished_line + data).split(b"\n")
        if child.is_heard:
            self.console.show(child.process.name, (line.decode(errors="replace") for line in lines))
        return True

    def _drain(self, child: Child) -> None:
        if child.popen and child.popen.stdout and not child.popen.stdout.closed:
            while self._read(child):
                pass
            self._close(child)

    def _close(self, child: Child) -> None:
        assert child.popen and child.popen.stdout
        if not child.popen.stdout.closed:
            self.selector.unregister(child.popen.stdout)
            child.popen.stdout.close()

    def _epitaph(self, child: Child, what: str) -> str:
        self._drain(child)
        last = "\n".join(f"    {line}" for line in child.journal.last_lines(20))
        return f"{what}.\n{last}\nMore in {child.journal.path}"

    # --- signals ---

    def _listen_to_signals(self) -> None:
        """Signals only wake the loop; what they mean is decided there."""
        reader, writer = socket.socketpair()
        reader.setblocking(False)
        writer.setblocking(False)
        self._wakeup = writer
        signal.set_wakeup_fd(writer.fileno(), warn_on_full_buffer=False)
        self.selector.register(reader, selectors.EVENT_READ, None)
        for stop_signal in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(stop_signal, self._request_stop)
        signal.signal(signal.SIGUSR1, self._request_reload)
        signal.signal(signal.SIGCHLD, _do_nothing)

    def _request_stop(self, *_: object) -> None:
        self.stops_requested += 1

    def _request_reload(self, *_: object) -> None:
        self.reload_requested = True

    def _seconds_until_next_restart(self) -> float:
        pending = [child.restart_at for child in self.children if child.restart_at is not None]
        return max(0.0, min(pending) - time.monotonic()) if pending else LONGEST_PAUSE_SECONDS


def _signal_group(leader: int, sig: signal.Signals) -> None:
    try:
        os.killpg(leader, sig)
    except ProcessLookupError:
        return


def _in_words(code: int) -> str:
    return f"killed by {signal.Signals(-code).name}" if code < 0 else f"exit code {code}"


def _do_nothing(*_: object) -> None:
    """SIGCHLD needs a handler to wake the loop."""
