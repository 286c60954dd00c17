"""`make run` and `make dev`: from a checkout to a Recado that answers, in one terminal."""

import argparse
import fcntl
import hashlib
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import environ

from config.ground import embedded, frontend, processes
from config.ground.console import Console
from config.ground.keys import ensure_flower_login, ensure_keys
from config.ground.leash import die_with_parent
from config.ground.ports import free_port, is_free
from config.ground.process import Process
from config.ground.services import Services, choose_services
from config.ground.supervisor import StartFailed, StopRequested, Supervisor
from config.ground.translations import compile_translations

ROOT = Path(__file__).resolve().parents[2]
MANAGE = (sys.executable, "manage.py")


@dataclass(frozen=True)
class Ground:
    """Where this Recado stands."""

    home: Path
    host: str
    port: int
    is_production: bool
    is_development: bool
    concurrency: int

    @property
    def frontend(self) -> Path:
        return ROOT / "frontend"

    @property
    def has_frontend(self) -> bool:
        return (self.frontend / "package.json").exists()


def main(start: Callable[[Supervisor, Ground, Services], None]) -> int:
    """Runs until somebody stops it; `start` brings everything up. The exit code: 0 after a clean stop, 1 with a sentence about why not."""
    arguments = _arguments()
    if arguments.leashed:
        die_with_parent(signal.SIGTERM)
    environ.Env.read_env(ROOT / ".env")
    console = Console()
    try:
        ground = _ground(is_development=arguments.dev)
        _require_sense(ground)
        lock = lock_home(ground.home)
        if not is_free(ground.port, ground.host):
            raise StartFailed(f"Port {ground.port} on {ground.host} is taken. Choose another one: PORT={ground.port + 1} make run")
        if not ground.is_production:
            ensure_keys(ground.home)
        services = choose_services(ground.home, os.environ)
        supervisor = Supervisor(ground.home / "logs", cwd=ROOT, env=_environment(ground, services), console=console)
    except StartFailed as problem:
        console.say(str(problem))
        return 1
    with lock:
        return _run(supervisor, ground, services, start)


def lock_home(home: Path) -> IO[str]:
    """Nobody else runs on this home until the file is closed, which the kernel does for us if need be."""
    home.mkdir(parents=True, exist_ok=True)
    lock = open(home / "run.lock", "a+")  # noqa: SIM115
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        lock.seek(0)
        raise StartFailed(
            f"Another Recado (process {lock.read().strip() or 'unknown'}) is running on {home}. "
            "Stop it, or choose another place: RECADO_HOME=..."
        ) from None
    lock.truncate(0)
    lock.write(str(os.getpid()))
    lock.flush()
    return lock


def application_processes(ground: Ground, *, vite_port: int | None = None) -> list[Process]:
    """What runs above the databases, in the order of starting."""
    everyday = [*processes.workers(ground.concurrency), processes.beat()]
    if vite_port is None:
        return [processes.web(ground.host, ground.port), *everyday]
    vite = [processes.vite(frontend.node_binary(), ground.frontend, vite_port)] if ground.has_frontend else []
    return [processes.development_web(ground.host, ground.port), *everyday, *vite, processes.reloader()]


def _run(supervisor: Supervisor, ground: Ground, services: Services, start: Callable[[Supervisor, Ground, Services], None]) -> int:
    try:
        start(supervisor, ground, services)
        supervisor.watch()
    except StopRequested:
        pass
    except (StartFailed, RuntimeError) as problem:
        supervisor.stop()
        supervisor.console.say(str(problem))
        return 1
    supervisor.console.say("\nStopping ...")
    supervisor.stop()
    supervisor.console.say("Stopped. The data are in " + str(ground.home))
    return 0


def start_services(supervisor: Supervisor, services: Services) -> None:
    """PostgreSQL with an (at first empty) database of ours, and Valkey; nothing when both are somebody else's."""
    for process in services.processes:
        supervisor.start(process)
    if services.maintenance_url:
        embedded.create_database(services.maintenance_url)


def start_recado(supervisor: Supervisor, ground: Ground, services: Services) -> None:
    """The whole way, from a build of the SPA to the line that says where to look."""
    compile_translations()
    _build_frontend(supervisor, ground)
    start_services(supervisor, services)
    supervisor.run_once("migrate_companies", (*MANAGE, "migrate_companies"), {}, ROOT)
    _collect_static(supervisor, ground)
    is_demo = _create_demo_once(supervisor, ground, services)
    vite_port = free_port() if ground.is_development else None
    if vite_port:
        supervisor.env |= {"VITE_DEV": "1", "VITE_PORT": str(vite_port), "DEBUG": "1"}
    application = application_processes(ground, vite_port=vite_port)
    login = _watch_queues(supervisor, ground, application)
    for process in application:
        supervisor.launch(process)
    for process in application:
        supervisor.wait_until_ready(process.name)
    supervisor.console.say(_banner(ground, is_demo=is_demo, flower_login=login))


def _watch_queues(supervisor: Supervisor, ground: Ground, application: list[Process]) -> str:
    """Flower joins, unless FLOWER=0; in production only where it was given a login. Returns `user:password`, or nothing."""
    login = os.environ.get("FLOWER_BASIC_AUTH") or ("" if ground.is_production else ensure_flower_login(ground.home))
    if os.environ.get("FLOWER") == "0" or not login:
        return ""
    port = free_port()
    supervisor.env |= {"FLOWER_PORT": str(port), "FLOWER_BASIC_AUTH": login}
    application.append(processes.flower(port))
    return login


def _build_frontend(supervisor: Supervisor, ground: Ground) -> None:
    if not ground.has_frontend:
        supervisor.console.say("frontend/package.json is not there: going on without the SPA.")
        return
    if ground.is_development:
        frontend.install_packages(supervisor.run_once, ground.frontend)
        return
    frontend.build(supervisor.run_once, ground.frontend)


def _collect_static(supervisor: Supervisor, ground: Ground) -> None:
    sources = [*sorted(ROOT.glob("static")), *sorted(ROOT.glob("*/static"))]
    inputs = [ROOT / "requirements.txt", ground.frontend / "dist" / ".recado-stamp", *sources]
    stamp = frontend.Stamp(ground.home / "static" / ".recado-stamp", inputs)
    if stamp.is_fresh or ground.is_development:
        return
    supervisor.run_once("collectstatic", (*MANAGE, "collectstatic", "--noinput", "-v", "0"), {}, ROOT)
    stamp.press()


def _create_demo_once(supervisor: Supervisor, ground: Ground, services: Services) -> bool:
    """Demo companies in a database that this home meets for the first time. True when they were made, now or before."""
    if ground.is_production:
        return False
    place = "embedded" if services.maintenance_url else hashlib.sha256(services.database_url.encode()).hexdigest()[:16]
    marker = ground.home / "run" / f"demo-{place}"
    if not marker.exists():
        supervisor.console.say("Creating the demo companies ...")
        supervisor.run_once("create_demo", (*MANAGE, "create_demo"), {}, ROOT)
        marker.touch()
    return True


def _banner(ground: Ground, *, is_demo: bool, flower_login: str = "") -> str:
    address = processes.local_url(ground.host, ground.port)
    domain = os.environ.get("BASE_DOMAIN", "localhost")
    lines = [
        "",
        f"Recado is running at http://{domain}:{ground.port}  ({address})",
        f"  Ctrl-C stops it. Logs and data: {ground.home}",
    ]
    if flower_login:
        shown = flower_login.replace(":", " / ", 1) if not os.environ.get("FLOWER_BASIC_AUTH") else "FLOWER_BASIC_AUTH"
        lines += [f"  The workers' queues: http://{domain}:{ground.port}/ops/queues/  ({shown})"]
    if is_demo:
        lines += [
            "",
            "  Demo logins (password of all: recado-demo)",
            f"    http://acme.{domain}:{ground.port}      admin@acme.test    supervisor@acme.test    ana@acme.test    bob@acme.test",
            f"    http://globex.{domain}:{ground.port}    admin@globex.test  supervisor@globex.test  ana@globex.test  bob@globex.test",
            f"    http://platform.{domain}:{ground.port}/admin/    root@recado.test",
        ]
    return "\n".join([*lines, ""])


def _environment(ground: Ground, services: Services) -> dict[str, str]:
    return {
        **os.environ,
        "RECADO_HOME": str(ground.home),
        "HOST": ground.host,
        "PORT": str(ground.port),
        "DATABASE_URL": services.database_url,
        "REDIS_URL": services.redis_url,
        "PYTHONUNBUFFERED": "1",
        "DJANGO_SETTINGS_MODULE": os.environ.get("DJANGO_SETTINGS_MODULE", "config.settings.base"),
    }


def _ground(*, is_development: bool) -> Ground:
    home = Path(os.environ.get("RECADO_HOME") or ROOT / ".data").absolute()
    return Ground(
        home=home,
        host=os.environ.get("HOST") or "127.0.0.1",
        port=_whole_number("PORT", 8000),
        is_production=os.environ.get("RECADO_ENV") == "production",
        is_development=is_development,
        concurrency=_whole_number("WORKER_CONCURRENCY", 2),
    )


def _require_sense(ground: Ground) -> None:
    """What would else end somewhere below in a traceback."""
    if not 0 < ground.port < 65_536:
        raise StartFailed(f"PORT must be between 1 and 65535, not {ground.port}.")
    missing = [name for name in ("SECRET_KEY", "FIELD_KEYS") if not os.environ.get(name)]
    if ground.is_production and missing and not (ground.home / "keys.env").exists():
        raise StartFailed(f"RECADO_ENV=production needs {', '.join(missing)}: set them in the environment or in .env.")


def _whole_number(name: str, default: int) -> int:
    text = os.environ.get(name) or str(default)
    if not text.isdigit():
        raise StartFailed(f"{name} must be a whole number, not {text!r}.")
    return int(text)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--dev", action="store_true", help="reload on changes, Vite's development server")
    parser.add_argument("--leashed", action="store_true", help="stop when the parent (make) is gone")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main(start_recado))
