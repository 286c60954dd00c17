"""A conversation through real processes: an agent writes first, the simulated customer gets it, reads it and answers."""

import threading
from urllib.parse import urljoin

import pytest
import requests
from django.db import connection as database
from django.db import connections

from accounts.models import User
from config.ground.testing import wait_until
from connectors.services.connections import connect, create_connection
from tenants.lib.tenancy import enter
from tenants.models import Company

PASSWORD = "a-long-password-for-tests"


class Client(requests.Session):
    """Speaks to the API at acme's host."""

    def __init__(self, url: str) -> None:
        super().__init__()
        self.base = f"{url}/api/v1/"
        self.headers["Host"] = "acme.localhost"

    def request(self, method, path, *args, **kwargs):
        return super().request(method, urljoin(self.base, path), *args, timeout=20, **kwargs)


@pytest.fixture
def agent(stack, django_db_blocker):
    """Somebody of acme in the stack's own database, logged in there, and a simulated line that answers everything."""
    usual = connections.settings["default"]["NAME"]
    made = {}

    def prepare():
        try:
            with enter(Company.objects.get(schema_name="acme")):
                User.objects.create_user("joana@acme.test", PASSWORD, name="Joana", role="admin")
                line = create_connection(
                    name="Main line",
                    provider="simulator",
                    by=None,
                    settings={"reply_rate": 1, "reply_after_ms": 600, "delivered_after_ms": 200, "read_after_ms": 400},
                )
                connect(line, by=None)
                made["line"] = line.pk
        finally:
            database.close()

    connections.settings["default"]["NAME"] = stack.database
    try:
        with django_db_blocker.unblock():
            thread = threading.Thread(target=prepare)
            thread.start()
            thread.join()
    finally:
        connections.settings["default"]["NAME"] = usual
    with Client(stack.url) as client:
        answer = client.post("auth/login/", json={"email": "joana@acme.test", "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        client.headers["Authorization"] = f"Bearer {answer.json()['access']}"
        yield client, made["line"]


def test_agent_writes_customer_reads_and_answers(agent):
    client, line = agent

    sent = client.post("messages/", json={"connection": line, "number": "+5511987654321", "body": "Your order left today"})
    assert sent.status_code == 201, sent.text
    ticket = sent.json()["ticket"]
    wait_until(lambda: client.get(f"messages/{sent.json()['id']}/").json()["status"] == "read", seconds=30, what="the receipt")
    history = wait_until(
        lambda: (found := client.get(f"tickets/{ticket}/messages/").json()["results"])[0]["direction"] == "in" and found,
        seconds=30,
        what="the customer's answer",
    )

    shown = client.get(f"tickets/{ticket}/").json()
    assert [(message["direction"], message["body"]) for message in history] == [("in", "👍"), ("out", "Your order left today")]
    assert (shown["unread_count"], shown["status"], shown["assignee"]["name"]) == (1, "open", "Joana")
