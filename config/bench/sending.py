"""What benchmarks of sending share: the gateway that answers at once or after a while, a number at it, people, a campaign to them."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from campaigns.models import Campaign
from config.bench.installation import Installation
from config.ground.ports import free_port, is_free
from config.ground.process import Process
from connectors.models import Connection, Template
from contacts.models import Address, Contact, ContactList

UNLIMITED = 1_000_000  # messages a second


@contextmanager
def gateway(installation: Installation, *, latency_ms: int = 0) -> Iterator[str]:
    """Its address, for GRAPH_URL."""
    port = free_port()
    argv = (sys.executable, "-m", "config.bench.provider", str(port), str(latency_ms))
    with installation.process(Process("provider", argv, is_ready=lambda: not is_free(port))):
        yield f"http://127.0.0.1:{port}"


def line_at_gateway(name: str, number: int, *, rate: int = UNLIMITED, parallel: int) -> Connection:
    """A number with an approved template, `offer`."""
    line = Connection.objects.create(
        name=name,
        provider="cloud_api",
        state="connected",
        credentials={"phone_number_id": str(number), "access_token": "bench"},
        settings={"messages_per_second": rate, "parallel_sends": parallel},
    )
    components = [{"type": "BODY", "text": "Hello {{1}}, this week everything is 10% off."}]
    Template.objects.create(connection=line, name="offer", language="en", status="APPROVED", components=components)
    return line


def people(count: int, *, area: int) -> list[Contact]:
    numbers = [f"+55{area}9{number:08d}" for number in range(count)]
    contacts = Contact.objects.bulk_create([Contact(name=f"Name {number[-5:]}", phone=number) for number in numbers], batch_size=5000)
    Address.objects.bulk_create([Address(contact=contact, kind="phone", value=contact.phone) for contact in contacts], batch_size=5000)
    return contacts


def campaign_to(contacts: list[Contact], line: Connection) -> Campaign:
    """A draft with the line's template."""
    contact_list = ContactList.objects.create(name=f"Bench {ContactList.objects.count()}")
    contact_list.contacts.set(contacts)
    campaign = draft_of(line)
    campaign.lists.add(contact_list)
    return campaign


def draft_of(line: Connection, *, is_for_everybody: bool = False) -> Campaign:
    content = {"template": line.templates.get(), "variables": {"1": "{{name|there}}"}}
    return Campaign.objects.create(name="Bench", connection=line, is_for_everybody=is_for_everybody, **content)
