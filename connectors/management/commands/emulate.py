"""A gateway's own server, emulated, for trying a provider without an account: `manage.py emulate cloud`."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from connectors.emulators.cloud import seeds
from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.serving import serve
from connectors.emulators.cloud.weather import NAMED

LOOPBACK = ("127.0.0.1", "localhost", "::1")
PORT = 9300


class Command(BaseCommand):
    help = "Runs an emulated gateway. `cloud`: Meta's Graph API for WhatsApp, with a page to write as a customer."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("gateway", choices=["cloud"])
        parser.add_argument("--port", type=int, default=PORT)
        parser.add_argument("--host", default="127.0.0.1", help="where it listens; it trusts everybody who reaches it")
        parser.add_argument("--weather", choices=sorted(NAMED), default="fine", help="how webhooks come")

    def handle(self, *args: Any, **options: Any) -> None:
        host, port = options["host"], options["port"]
        if not 0 < port < 65536:
            raise CommandError("--port: 1 to 65535")
        if host not in LOOPBACK:
            self.stderr.write(self.style.WARNING("Whoever reaches this address may do everything here: it is for trying things out."))
        emulator = Emulator(seeds.shop_world())
        emulator.courier.weather = NAMED[options["weather"]]
        emulator.url = f"http://{host}:{port}"
        self.stdout.write(self.welcome(emulator))
        serve(emulator, host=host, port=port)

    def welcome(self, emulator: Emulator) -> str:
        lines = [
            f"The emulated WhatsApp Cloud API listens at {emulator.url} (its page is there too).",
            f"Start Recado with GRAPH_URL={emulator.url} and make a connection of the WhatsApp Cloud API with",
            f"  access token      {seeds.ACCESS_TOKEN}",
            f"  app secret        {seeds.APP_SECRET}",
        ]
        for number in emulator.world.numbers.values():
            lines.append(f"  phone number id   {number.id}   WABA id {number.account.id}   {number.display} {number.verified_name}")
        lines.append("Then enter the connection's webhook address and verify token on the page, as in Meta's dashboard.")
        return "\n".join(lines)
