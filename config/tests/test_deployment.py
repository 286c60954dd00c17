"""docker-compose.yml without Docker: every service's own command, started here, and a customer's message through all of them."""

import json
import os
import re
import secrets
import signal
import ssl
import subprocess
import sys
import time
from collections.abc import Iterator

import psycopg
import pytest
import requests
import yaml
from websockets.sync.client import connect

from config.ground import embedded
from config.ground.ports import free_port
from config.ground.process import Process
from config.ground.testing import ROOT, TestGround, spawn, wait_until
from config.pulse import QUEUES
from config.tests.compose import BIN, Service, services
from config.tests.visitors import Api, Browser, Line, fresh_number, fresh_wamid
from connectors.providers.cloud_api.signing import HEADER, signature_of

START_SECONDS = 120
ENV_FILE = {
    "SECRET_KEY": secrets.token_urlsafe(50),
    "FIELD_KEYS": os.environ["FIELD_KEYS"],
    "POSTGRES_PASSWORD": "p",
    "VALKEY_PASSWORD": "test",
    "BASE_DOMAIN": "localhost",
    "ACME_EMAIL": "somebody@example.test",
    "FLOWER_BASIC_AUTH": "watcher:of queues",
    "METRICS_TOKEN": "the scraper's token",
    "WORKER_CONCURRENCY": "1",
    "WEB_WORKERS": "1",
}
APP_SECRET = "the app's secret"
PASSWORD = "a password nobody guesses"


class Deployment:
    """The services of the compose file on loopback ports, each with the environment that its container would have."""

    def __init__(self, ground: TestGround) -> None:
        self.ground = ground
        self.home = ground.place / "deployment"
        self.database = f"{ground.database}_deployment"
        self.ports = {name: free_port() for name in ("proxy", "web", "realtime", "flower", "valkey")}
        self.services = services(ENV_FILE)
        self.running: list[subprocess.Popen[bytes]] = []
        self.url = f"https://localhost:{self.ports['proxy']}"
        self.authority = self.home / "caddy" / "caddy/pki/authorities/local/root.crt"

    def env_of(self, service: Service) -> dict[str, str]:
        here = {
            "DATABASE_URL": self.ground.url_of(self.database),
            "REDIS_URL": embedded.valkey_url(self.ports["valkey"], ENV_FILE["VALKEY_PASSWORD"]),
            "RECADO_HOME": str(self.home),
            "STATIC_ROOT": str(self.ground.collect_static()),
            "WEB_BIND": f"127.0.0.1:{self.ports['web']}",
            "UVICORN_HOST": "127.0.0.1",
            "UVICORN_PORT": str(self.ports["realtime"]),
            "FLOWER_ADDRESS": "127.0.0.1",
            "FLOWER_PORT": str(self.ports["flower"]),
            "PROMETHEUS_MULTIPROC_DIR": str(self.home / "metrics"),
        }
        assert not {"DATABASE_URL", "REDIS_URL", "RECADO_HOME"} - set(service.env), "they come from the compose file"
        return service.env | {
            name: value for name, value in here.items() if name in service.env or name in ("STATIC_ROOT", "FLOWER_ADDRESS")
        }

    def up(self) -> None:
        self.home.mkdir(parents=True)
        self.ground.clone_master(self.database)
        self._start_valkey()
        migrated = self.manage("migrate_companies")
        assert migrated.returncode == 0, migrated.stderr
        everyday = [service for service in self.services.values() if service.is_ours and service.name != "migrate"]
        for service in everyday:
            self._spawn(service.name, service.argv, self.env_of(service))
        self._start_proxy()
        for service in everyday:
            wait_until(
                lambda service=service: self.is_healthy(service), seconds=START_SECONDS, what=f"{service.name}: {self.log(service.name)}"
            )

    def down(self) -> None:
        """Asked to stop, all at once, and then made to."""
        for running in self.running:
            running.send_signal(signal.SIGTERM)
        deadline = time.monotonic() + 5
        for running in reversed(self.running):
            try:
                running.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(running.pid, signal.SIGKILL)
                running.wait()
        self.ground.drop(self.database)

    def is_healthy(self, service: Service) -> bool:
        return subprocess.run(service.health, cwd=ROOT, env=self.env_of(service), capture_output=True, check=False).returncode == 0

    def manage(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """`docker compose run --rm web python manage.py ...`"""
        argv = [sys.executable, "manage.py", *arguments]
        return subprocess.run(argv, cwd=ROOT, env=self.env_of(self.services["migrate"]), capture_output=True, text=True, check=False)

    def log(self, name: str) -> str:
        path = self.home / "logs" / f"{name}.log"
        return path.read_text(errors="replace")[-3000:] if path.exists() else ""

    def _start_valkey(self) -> None:
        command = self.services["valkey"].document["command"]
        place = self.home / "valkey"
        place.mkdir()
        here = ("--bind", "127.0.0.1", "--port", str(self.ports["valkey"]), "--dir", str(place))
        self._spawn("valkey", (str(embedded.get_binary_path()), *command[1:], *here), dict(os.environ))
        url = embedded.valkey_url(self.ports["valkey"], ENV_FILE["VALKEY_PASSWORD"])
        wait_until(lambda: embedded.is_valkey_ready(url), seconds=START_SECONDS, what="Valkey")

    def _start_proxy(self) -> None:
        """The real routes, behind a certificate of the proxy's own making."""
        file = self.home / "Caddyfile"
        file.write_text(
            "{\n admin off\n skip_install_trust\n auto_https disable_redirects\n default_sni localhost\n}\n"
            f"https://localhost:{self.ports['proxy']}, https://*.localhost:{self.ports['proxy']} {{\n bind 127.0.0.1\n tls internal\n"
            f" import {ROOT}/config/deploy/routes.caddy\n}}\n"
        )
        addresses = {f"{name.upper()}_ADDRESS": f"127.0.0.1:{self.ports[name]}" for name in ("web", "realtime", "flower")}
        env = {**os.environ, "XDG_DATA_HOME": str(self.home / "caddy"), "XDG_CONFIG_HOME": str(self.home / "caddy"), **addresses}
        self._spawn("proxy", (str(BIN / "caddy"), "run", "--config", str(file), "--adapter", "caddyfile"), env)
        wait_until(self.authority.exists, seconds=START_SECONDS, what="the proxy's certificate")

    def _spawn(self, name: str, argv: tuple[str, ...], env: dict[str, str]) -> None:
        self.running.append(spawn(Process(name=name, argv=argv), log=self.home / "logs" / f"{name}.log", env=env))


@pytest.fixture(scope="module")
def deployment(ground, django_db_setup) -> Iterator[Deployment]:
    deployment = Deployment(ground)
    try:
        deployment.up()
        yield deployment
    finally:
        deployment.down()


def test_a_message_passes_through_every_service(deployment):
    deployment.manage("create_company", "initech", "--admin-email", "bill@initech.test", "--admin-password", PASSWORD)
    bill = Api(deployment.url, "initech.localhost")
    bill.trust_env = False  # its idea of authorities
    bill.verify = str(deployment.authority)
    bill.log_in("bill@initech.test", PASSWORD)
    credentials = {"phone_number_id": "1066", "waba_id": "1", "access_token": "t", "app_secret": APP_SECRET, "verify_token": "v"}
    connection = bill.make("connections/", name="Sales", provider="cloud_api", credentials=credentials)
    address = bill.read(f"connections/{connection['id']}/webhook/")["url"]
    line = Line(connection["id"], address, "1066")
    ticket = bill.make("auth/socket-ticket/")["ticket"]
    trust = ssl.create_default_context(cafile=str(deployment.authority))
    door = f"wss://initech.localhost:{deployment.ports['proxy']}/ws/?ticket={ticket}"
    with connect(door, ssl=trust, server_hostname="localhost", address=("127.0.0.1", deployment.ports["proxy"]), proxy=None) as socket:
        browser = Browser(socket)
        body = line.spoken(fresh_wamid(), "Is anybody there?", sender=fresh_number())
        stored = requests.post(
            address.replace("https://localhost", deployment.url),
            data=body,
            headers={HEADER: signature_of(body, APP_SECRET)},
            verify=bill.verify,
        )
        heard = browser.hears("appMessage", seconds=60)

    assert (address.split("/webhooks/")[0], stored.status_code) == ("https://localhost", 200)
    assert (heard["action"], heard["message"]["body"]) == ("create", "Is anybody there?")


def test_each_door_is_answered_by_its_own_service(deployment):
    def answer(path: str, **options) -> tuple[int, str]:
        got = requests.get(f"{deployment.url}{path}", verify=str(deployment.authority), timeout=10, **options)
        return got.status_code, got.headers.get("Server", "").split("/")[0]

    assert {
        "web": answer("/api/v1/health/"),
        "page": answer("/app/"),
        "unknown gateway": answer(f"/webhooks/{'x' * 40}/"),
        "queues": answer("/ops/queues/"),
        "queues with the password": answer("/ops/queues/", auth=("watcher", "of queues")),
        "metrics": answer("/metrics", headers={"Authorization": "Bearer the scraper's token"}),
        "the proxy's question": answer("/ops/host/?domain=localhost"),
    } == {
        "web": (200, "gunicorn"),
        "page": (200, "gunicorn"),
        "unknown gateway": (404, "uvicorn"),
        "queues": (401, "TornadoServer"),
        "queues with the password": (200, "TornadoServer"),
        "metrics": (404, "Caddy"),
        "the proxy's question": (404, "Caddy"),
    }


def test_the_outside_is_https_only(deployment):
    web = f"http://127.0.0.1:{deployment.ports['web']}"
    plain = requests.get(f"{web}/app/", headers={"Host": "localhost"}, allow_redirects=False, timeout=10)
    stranger = requests.get(f"{web}/app/", headers={"Host": "evil.example", "X-Forwarded-Proto": "https"}, timeout=10)
    page = requests.get(f"{deployment.url}/app/", verify=str(deployment.authority), timeout=10)

    assert (plain.status_code, plain.headers["Location"]) == (301, "https://localhost/app/")
    assert stranger.status_code == 400
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"


def test_the_doctor_finds_what_the_tests_postgres_lacks_and_nothing_else(deployment):
    told = json.loads(deployment.manage("doctor", "--json").stdout)["findings"]

    assert [finding["words"] for finding in told if finding["verdict"] == "FAIL"] == [
        "fsync is off: a power cut loses or destroys data. Switch it on."
    ]
    assert {"workers", "queues", "clock"} - {finding["subject"] for finding in told if finding["verdict"] == "ok"} == set()


def test_demo_data_are_refused(deployment):
    refused = deployment.manage("create_demo")

    assert (refused.returncode, "Demo data is refused" in refused.stderr) == (1, True)


def test_metrics_of_all_workers_are_read_on_the_private_network(deployment):
    told = requests.get(f"http://127.0.0.1:{deployment.ports['web']}/metrics", timeout=10)

    assert told.status_code == 200
    assert 'recado_up{part="database"} 1.0' in told.text
    assert 'recado_http_requests_total{method="GET",route="/api/v1/health/",status="200"}' in told.text


def test_services_are_watched_restarted_and_private():
    all_services = services(ENV_FILE)
    forever = {name: service for name, service in all_services.items() if name != "migrate"}

    assert [name for name, service in forever.items() if not service.health or service.document["restart"] != "unless-stopped"] == []
    assert [name for name, service in all_services.items() if "ports" in service.document] == ["proxy"]
    assert sorted(
        argument for s in forever.values() for before, argument in zip(s.argv, s.argv[1:], strict=False) if before == "-Q"
    ) == sorted(QUEUES)
    assert sum("beat" in service.argv for service in forever.values()) == 1
    assert {service.document["read_only"] for service in all_services.values() if service.is_ours} == {True}


def test_no_service_fills_the_disk_takes_all_memory_or_gains_rights():
    documents = {name: service.document for name, service in services(ENV_FILE).items()}

    assert {name for name, it in documents.items() if set(it["logging"]["options"]) != {"max-size", "max-file"}} == set()
    assert {name for name, it in documents.items() if not it.get("mem_limit") or not it.get("pids_limit")} == set()
    assert {name for name, it in documents.items() if it["security_opt"] != ["no-new-privileges:true"]} == set()
    assert {name for name, it in documents.items() if it.get("cap_drop") != ["ALL"]} == {"postgres", "valkey"}
    assert {name for name, it in documents.items() if any("/var/run/docker.sock" in volume for volume in it.get("volumes", []))} == set()


def test_what_must_outlive_a_container_is_in_a_volume():
    document = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    mounted = {volume.split(":")[0] for service in services(ENV_FILE).values() for volume in service.document.get("volumes", [])}

    assert {volume for volume in mounted if not volume.startswith(".")} == set(document["volumes"])
    assert {volume for volume in mounted if volume.startswith(".") and not (ROOT / volume).exists()} == set()


def test_every_setting_of_the_compose_file_is_in_the_example():
    named = set(re.findall(r"\$\{(\w+)", (ROOT / "docker-compose.yml").read_text()))
    example = set(re.findall(r"^#?([A-Z_]+)=", (ROOT / ".env.example").read_text(), re.MULTILINE))

    assert named - example == set()


@pytest.mark.parametrize("name", ["POSTGRES_PASSWORD", "VALKEY_PASSWORD", "BASE_DOMAIN", "FLOWER_BASIC_AUTH", "ACME_EMAIL"])
def test_a_secret_that_is_missing_stops_the_start(name):
    with pytest.raises(KeyError, match=name):
        services({key: value for key, value in ENV_FILE.items() if key != name})


SETTINGS_OF_POSTGRES = {"shared_buffers", "max_connections", "max_locks_per_transaction", "max_wal_size", "jit", "random_page_cost"}


def test_postgres_knows_the_settings_it_is_given(ground):
    given = {argument.removeprefix("-c").split("=")[0] for argument in services(ENV_FILE)["postgres"].argv[1:]}
    with psycopg.connect(ground.server_url) as server:
        known = {name for (name,) in server.execute("SELECT name FROM pg_settings WHERE name = ANY(%s)", [sorted(given)]).fetchall()}

    assert (given - known, given) == (set(), SETTINGS_OF_POSTGRES)


def test_the_proxys_own_file_is_sound(tmp_path):
    argv = [str(BIN / "caddy"), "validate", "--adapter", "caddyfile", "--config", str(ROOT / "config/deploy/Caddyfile")]
    env = {"ACME_EMAIL": "somebody@example.test", "HOME": str(tmp_path)}
    said = subprocess.run(argv, env=env, capture_output=True, text=True, check=False)

    assert said.returncode == 0, said.stderr


def test_the_image_leaves_secrets_and_data_out():
    ignored = (ROOT / ".dockerignore").read_text().splitlines()

    assert {".env", ".data", ".git", "**/node_modules", "frontend/dist"} - set(ignored) == set()
    assert "USER recado" in (ROOT / "Dockerfile").read_text()
