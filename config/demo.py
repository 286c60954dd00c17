"""What a first start shows: two companies at work, with people, queues, customers and conversations. All of it invented."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction

from accounts.models import Role, User
from accounts.services.users import create_user
from campaigns.services.drafts import create_campaign
from config.demo_replies import create_demo_replies
from connectors.models import Connection
from connectors.services.connections import connect, create_connection
from connectors.types import InboundMessage, MessageKind, Person
from contacts.models import Contact, ContactList, CustomField, OptOut, Tag
from contacts.services.contacts import create_contact
from contacts.services.senders import remember_sender
from tenants.lib.addresses import Address, AddressKind
from tenants.lib.clock import now
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import create_company, create_platform_company
from tickets.models import ConnectionRouting, Message, Queue, QueueMember, Ticket
from tickets.services.messages import send_message
from tickets.services.receiving import receive_message
from tickets.services.tickets import accept, close

PASSWORD = "recado-demo"
ROOT = "root@recado.test"


@dataclass(frozen=True)
class Line:
    """One thing said: by the customer (`agent` empty) or by an agent, so many minutes ago."""

    minutes_ago: int
    text: str
    agent: str = ""


@dataclass(frozen=True)
class Conversation:
    customer: int
    lines: tuple[Line, ...]
    assignee: str = ""
    is_closed: bool = False
    queue: str = "Sales"
    tags: tuple[str, ...] = ()


CUSTOMERS = (
    "Marina Duarte",
    "Rafael Nogueira",
    "Sofia Andrade",
    "Theo Martins",
    "Helena Prado",
    "Caio Bittencourt",
    "Lívia Moura",
    "Otávio Serra",
    "Bianca Freitas",
    "Davi Queiroz",
    "Alice Tavares",
    "Enzo Carvalho",
    "Yasmin Rocha",
    "Igor Valente",
    "Clara Pimenta",
    "Nina Boaventura",
    "Hugo Salgado",
    "Lara Vasconcelos",
    "Gael Monteiro",
    "Iris Fontes",
    "Vitor Amaral",
    "Manuela Reis",
    "Tomás Leite",
    "Júlia Campos",
)

CONVERSATIONS = (
    Conversation(
        customer=0,
        lines=(
            Line(52, "Hi! Is the blue armchair still available?"),
            Line(49, "Hello Marina! Yes, we have three left in the São Paulo store.", agent="ana"),
            Line(47, "Great. How long does delivery to Campinas take?"),
            Line(45, "Two to three working days, and delivery is free above R$ 800.", agent="ana"),
            Line(6, "Perfect. Can you hold one for me until tomorrow at 4 pm?"),
        ),
        assignee="ana",
        tags=("Customer",),
    ),
    Conversation(
        customer=1,
        lines=(Line(14, "Good morning"), Line(13, "My order 48213 arrived with a scratch on the table top. What can we do?")),
        queue="Support",
        tags=("Complaint",),
    ),
    Conversation(
        customer=2,
        lines=(
            Line(140, "Do you have the invoice of my last purchase?"),
            Line(131, "Of course, I am sending it to your e-mail right now.", agent="bob"),
            Line(128, "Got it, thank you so much!"),
        ),
        assignee="bob",
        queue="Support",
    ),
    Conversation(customer=3, lines=(Line(21, "Hello, I would like to see the catalogue of office chairs"),), tags=("Lead",)),
    Conversation(
        customer=4,
        lines=(
            Line(60 * 26, "Can I pay in 10 instalments?"),
            Line(60 * 26 - 9, "Yes, without interest on any card.", agent="ana"),
            Line(60 * 26 - 12, "Bought it. Thanks, Ana!"),
        ),
        assignee="ana",
        is_closed=True,
    ),
    Conversation(customer=5, lines=(Line(3, "Hi, are you open on Saturday?"),)),
)


def create_demo() -> bool:
    """Whether anything was made: a demo that is there is left alone."""
    if Company.objects.filter(schema_name="acme").exists():
        return False
    platform = create_platform_company()
    with enter(platform), transaction.atomic():
        if not User.objects.filter(email=ROOT).exists():
            User.objects.create_superuser(ROOT, PASSWORD, name="Root")
    for slug, name, area in (("acme", "Acme Furniture", "11"), ("globex", "Globex Travel", "21")):
        company = create_company(
            name=name,
            slug=slug,
            admin_email=f"admin@{slug}.test",
            admin_name="Alice Admin",
            admin_password=PASSWORD,
            timezone="America/Sao_Paulo",
        )
        with enter(company):
            furnish(slug, area)
    return True


def furnish(slug: str, area: str) -> None:
    """Everything inside one company."""
    admin = User.objects.get(email=f"admin@{slug}.test")
    people = {
        "supervisor": create_user(
            email=f"supervisor@{slug}.test", name="Sam Supervisor", password=PASSWORD, role=Role.SUPERVISOR, by=admin
        ),
        "ana": create_user(email=f"ana@{slug}.test", name="Ana Lima", password=PASSWORD, role=Role.AGENT, by=admin),
        "bob": create_user(email=f"bob@{slug}.test", name="Bob Santos", password=PASSWORD, role=Role.AGENT, by=admin),
    }
    queues = {
        name: Queue.objects.create(name=name, color=color, position=position)
        for position, (name, color) in enumerate((("Sales", "#0d8562"), ("Support", "#3b6fb5"), ("Billing", "#a3641c")))
    }
    for person, queue in (
        ("ana", "Sales"),
        ("ana", "Support"),
        ("bob", "Sales"),
        ("bob", "Support"),
        ("bob", "Billing"),
        ("supervisor", "Sales"),
    ):
        QueueMember.objects.create(queue=queues[queue], user=people[person])
    tags = {
        name: Tag.objects.create(name=name, color=color)
        for name, color in (("Customer", "#0d8562"), ("Lead", "#3b6fb5"), ("VIP", "#8a5cb8"), ("Complaint", "#b5483b"))
    }
    newsletter = ContactList.objects.create(name="Newsletter")
    CustomField.objects.create(key="city", label="City")
    connection = connect(create_connection(name="Main number", provider="simulator", number=f"+55{area}940000000", by=admin), by=admin)
    ConnectionRouting.objects.create(connection=connection, queue=queues["Sales"])
    contacts = [
        create_contact(
            by=admin,
            fields={
                "name": name,
                "phone": f"+55{area}9555501{position:02d}",
                "custom": {"city": "Campinas" if position % 3 else "São Paulo"},
            },
            tags=[tags["Customer"] if position % 2 else tags["Lead"]],
            lists=[newsletter] if position < 20 else [],
        )
        for position, name in enumerate(CUSTOMERS)
    ]
    OptOut.objects.create(contact=contacts[19], purpose=OptOut.Purpose.MARKETING, by=admin)
    for conversation in CONVERSATIONS:
        _hold(conversation, contacts[conversation.customer], connection, people, queues, tags)
    create_demo_replies(admin=admin, agent=people["ana"], queue=queues["Support"])
    create_campaign(
        fields={
            "name": "Spring news",
            "connection": connection,
            "body": "Hello {{first_name|there}}! Our spring collection has arrived. Reply with CATALOGUE and we send it to you.",
            "lists": [newsletter],
        },
        by=admin,
    )


def _hold(
    conversation: Conversation,
    contact: Contact,
    connection: Connection,
    people: dict[str, User],
    queues: dict[str, Queue],
    tags: dict[str, Tag],
) -> None:
    ticket: Ticket | None = None
    for number, line in enumerate(conversation.lines):
        at = now() - timedelta(minutes=line.minutes_ago)
        if not line.agent:
            ticket = _hear(contact, connection, line, at, number)
            continue
        assert ticket is not None, "A demo conversation begins with the customer."
        _answer(ticket, line, at, people[line.agent])
    assert ticket is not None
    ticket.refresh_from_db()
    ticket.queue = queues[conversation.queue]
    ticket.routed_at = ticket.created_at = now() - timedelta(minutes=conversation.lines[0].minutes_ago)
    ticket.save(update_fields=["queue", "routed_at", "created_at"])
    ticket.tags.set([tags[name] for name in conversation.tags])
    if conversation.assignee and ticket.status == Ticket.Status.PENDING:
        accept(ticket, by=people[conversation.assignee])
    if conversation.is_closed:
        close(ticket, by=people[conversation.assignee])
    Ticket.objects.filter(pk=ticket.pk).update(last_message_at=now() - timedelta(minutes=conversation.lines[-1].minutes_ago))


def _hear(contact: Contact, connection: Connection, line: Line, at: datetime, number: int) -> Ticket:
    person = Person(addresses=(Address(AddressKind.PHONE, contact.phone),), name=contact.name)
    sender = remember_sender(addresses=person.addresses, name=person.name)
    message = InboundMessage(external_id=f"demo.{contact.pk}.{number}", person=person, kind=MessageKind.TEXT, sent_at=at, body=line.text)
    received = receive_message(connection, sender, message)
    assert received.message.ticket is not None
    return received.message.ticket


def _answer(ticket: Ticket, line: Line, at: datetime, agent: User) -> None:
    ticket.refresh_from_db()
    message = send_message(ticket, body=line.text, by=agent)
    Message.objects.filter(pk=message.pk).update(occurred_at=at)
