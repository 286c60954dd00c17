"""Furnishes the installation under test, once, and prints as JSON who and what is there. Run as a program: `python -m config.tests.office`.

acme: Alice manages, Bob is an agent in Sales, Carol one in Support; Sales has a WhatsApp number of the Cloud API, and so has nobody
in particular (for what was recorded elsewhere); globex: Mallory manages.
"""

import json
import sys

import django

django.setup()

from accounts.models import Role, User  # noqa: E402
from accounts.tests.factories import PASSWORD, UserFactory  # noqa: E402
from connectors.models import Connection, Template  # noqa: E402
from connectors.services.connections import connect, create_connection  # noqa: E402
from connectors.services.links import webhook_url_of  # noqa: E402
from connectors.tests.calls import NUMBER_ID  # noqa: E402
from connectors.tests.meta import TOKEN  # noqa: E402
from tenants.lib.tenancy import enter  # noqa: E402
from tenants.models import Company  # noqa: E402
from tickets.models import Queue  # noqa: E402
from tickets.services.queues import create_queue, route_connection  # noqa: E402

APP_SECRET = "the app's secret"
PACE = {"messages_per_second": 200, "parallel_sends": 8}


def furnish() -> dict[str, object]:
    acme, globex = (Company.objects.get(schema_name=slug) for slug in ("acme", "globex"))
    with enter(acme):
        founder = User.objects.get(email="founder@acme.test")
        people = [hire("alice", Role.ADMIN), hire("bob", Role.AGENT), hire("carol", Role.AGENT)]
        sales = create_queue(fields={"name": "Sales of the office"}, members=[people[1]], by=founder)
        create_queue(fields={"name": "Support of the office"}, members=[people[2]], by=founder)
        lines = {
            "sales": cloud_line("Sales", NUMBER_ID, queue=sales, by=founder),
            "recorded": cloud_line("Recorded", "20660000000000", queue=None, by=founder),
            "simulator": connect(create_connection(name="Simulator of the office", provider="simulator", by=founder), by=founder),
        }
        components = [{"type": "BODY", "text": "Hello {{1}}, here is {{2}}."}]
        template = Template.objects.create(connection=lines["sales"], name="news", language="en", status="APPROVED", components=components)
        webhooks = {name: webhook_url_of(line) for name, line in lines.items()}
    with enter(globex):
        people.append(hire("mallory", Role.ADMIN))
    return {
        "companies": {"acme": acme.pk, "globex": globex.pk},
        "people": {person.name.lower(): {"id": person.pk, "email": person.email, "password": PASSWORD} for person in people},
        "lines": {
            name: {"id": line.pk, "webhook": webhooks[name], "phone_number_id": line.credentials.get("phone_number_id", "")}
            for name, line in lines.items()
        },
        "sales_queue": sales.pk,
        "template": template.pk,
    }


def hire(name: str, role: str) -> User:
    return UserFactory.create(name=name.title(), email=f"{name}@office.test", role=role)


def cloud_line(name: str, phone_number_id: str, *, queue: Queue | None, by: User) -> Connection:
    credentials = {"phone_number_id": phone_number_id, "access_token": TOKEN, "app_secret": APP_SECRET, "verify_token": "vt"}
    line = create_connection(name=f"{name} of the office", provider="cloud_api", credentials=credentials, settings=PACE, by=by)
    route_connection(line, queue=queue, by=by)
    return connect(line, by=by)


if __name__ == "__main__":
    sys.stdout.write(json.dumps(furnish()))
