"""A company of any size, written by the database itself: contacts, conversations and what was said in them, over one year."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, LiteralString

from django.db import connection

from accounts.models import User
from accounts.services.users import create_user
from connectors.models import Connection
from tenants.lib.tenancy import enter
from tenants.models import Company
from tenants.services.companies import create_company
from tickets.models import Queue, QueueMember

MESSAGES_EACH = 10
QUEUES = 4

# Trees are grown after the rows are there: ten times faster.
_INDEXES = """
SELECT indexname, indexdef FROM pg_indexes
 WHERE schemaname = current_schema() AND tablename IN ('contacts_contact', 'tickets_ticket', 'tickets_message')
   AND indexname NOT IN (SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace)
   AND indexname NOT IN (SELECT indexname FROM pg_indexes WHERE schemaname = current_schema() AND indexdef LIKE 'CREATE UNIQUE%%')
"""
_CONTACTS = """
INSERT INTO contacts_contact (id, name, phone)
SELECT n, 'Ana ' || substr(md5('contact ' || n), 1, 10), '+55119' || lpad((n::bigint * 7919 %% 99999989)::text, 8, '0')
  FROM generate_series(1, %(contacts)s) n
"""
_ADDRESSES = "INSERT INTO contacts_address (contact_id, kind, value) SELECT id, 'phone', phone FROM contacts_contact"
# The newest are not closed: some wait, the others are somebody's.
_TICKETS = """
INSERT INTO tickets_ticket (id, contact_id, connection_id, queue_id, assignee_id, status, protocol, unread_count, last_message_at,
                            last_inbound_at, created_at, accepted_at, closed_at)
SELECT n, 1 + n %% %(contacts)s, %(line)s, (%(queues)s::bigint[])[1 + n %% %(queue_count)s],
       CASE WHEN state = 'pending' THEN NULL ELSE (%(agents)s::bigint[])[1 + n %% %(queue_count)s] END,
       state, 'B' || lpad(n::text, 9, '0'), CASE WHEN state = 'closed' THEN 0 ELSE 1 END, at, at, at - interval '1 hour',
       CASE WHEN state = 'pending' THEN NULL ELSE at - interval '50 minutes' END, CASE WHEN state = 'closed' THEN at END
  FROM (SELECT n, now() - (%(tickets)s - n) * (interval '365 days' / %(tickets)s) AS at,
               CASE WHEN n > %(tickets)s - %(pending)s THEN 'pending'
                    WHEN n > %(tickets)s - %(pending)s - %(open)s THEN 'open' ELSE 'closed' END AS state
          FROM generate_series(1, %(tickets)s) n) AS drawn
"""
_MESSAGES = """
INSERT INTO tickets_message (id, contact_id, connection_id, ticket_id, direction, origin, author_id, kind, body, external_id, status,
                             occurred_at, created_at)
SELECT (t.id - 1) * %(each)s + k, t.contact_id, t.connection_id, t.id,
       CASE WHEN k %% 2 = 1 THEN 'in' ELSE 'out' END, CASE WHEN k %% 2 = 1 THEN 'contact' ELSE 'agent' END,
       CASE WHEN k %% 2 = 0 THEN t.assignee_id END, 'text', 'order ' || substr(md5('order ' || t.id || ' ' || k), 1, 10),
       'wamid.bench.' || t.id || '.' || k, CASE WHEN k %% 2 = 0 THEN 50 ELSE 0 END, at, at
  FROM tickets_ticket t, generate_series(1, %(each)s) k, LATERAL (SELECT t.created_at + k * interval '5 minutes' AS at) AS said
"""
_LAST = "UPDATE tickets_ticket SET last_message_id = id * %(each)s"
_TABLES = ("contacts_contact", "tickets_ticket", "tickets_message")


@dataclass(frozen=True)
class Crowd:
    """`open` and `pending` of the tickets are not closed."""

    slug: str
    tickets: int
    contacts: int
    open: int
    pending: int


def furnish(crowd: Crowd) -> tuple[Company, User, User]:
    """The company, its administrator, and an agent of one of its queues."""
    company = create_company(slug=crowd.slug, name=crowd.slug, admin_email=f"admin@{crowd.slug}.test", by="bench")
    with enter(company):
        admin = User.objects.get()
        agents = [
            create_user(
                email=f"agent{number}@{crowd.slug}.test",
                name=f"Agent {number}",
                password="bench-9-password",
                role="agent",
                locale="en",
                by=admin,
            )
            for number in range(QUEUES)
        ]
        queues = [Queue.objects.create(name=f"Queue {number}") for number in range(QUEUES)]
        QueueMember.objects.bulk_create(QueueMember(queue=queue, user=agent) for queue, agent in zip(queues, agents, strict=True))
        line = Connection.objects.create(name="Bench", provider="simulator", state="connected")
        _write(crowd, line, queues, agents)
    return company, admin, agents[0]


def _write(crowd: Crowd, line: Connection, queues: list[Queue], agents: list[User]) -> None:
    values = {
        "contacts": crowd.contacts,
        "tickets": crowd.tickets,
        "open": crowd.open,
        "pending": crowd.pending,
        "line": line.pk,
        "queues": [queue.pk for queue in queues],
        "agents": [agent.pk for agent in agents],
        "queue_count": QUEUES,
        "each": MESSAGES_EACH,
    }
    write_fast((_CONTACTS, _ADDRESSES, _TICKETS, _MESSAGES, _LAST), values)


def write_contacts(count: int) -> None:
    """So many, each with a phone number, in the company that is entered."""
    write_fast((_CONTACTS, _ADDRESSES), {"contacts": count})


def write_fast(statements: Sequence[LiteralString], values: Mapping[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        cursor.execute("SET maintenance_work_mem = '256MB'")
        cursor.execute(_INDEXES, {})
        indexes = cursor.fetchall()
        for name, _definition in indexes:
            cursor.execute(f'DROP INDEX "{name}"')
        for statement in statements:
            cursor.execute(statement, values)
        for _name, definition in indexes:
            cursor.execute(definition)
        for table in _TABLES:
            cursor.execute(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), (SELECT max(id) FROM {table}))")
        cursor.execute("RESET session_replication_role")
        cursor.execute("RESET maintenance_work_mem")
        for table in (*_TABLES, "contacts_address"):
            cursor.execute(f"VACUUM ANALYZE {table}")
