"""kill -9 of the campaign worker at random moments: nobody gets it twice, nobody is lost, and no more is unknown than was in flight."""

import random
from collections import Counter
from collections.abc import Iterator

import pytest
from celery import Celery

from campaigns.models import Campaign, Recipient
from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, TemplateFactory, list_of, states_of
from config.ground.stack import Stack
from connectors.emulators.cloud.asgi import Emulator
from connectors.tests.meta import TOKEN, emulated_meta
from tenants.lib.tasks import COMPANY_HEADER
from tickets.models import Message

ROUNDS = 10
RECIPIENTS = 800
PARALLEL = 16
PACE = {"messages_per_second": 200, "parallel_sends": PARALLEL}


@pytest.fixture
def gateway(stack: Stack) -> Iterator[Emulator]:
    """A Cloud API that the stack's worker talks to, and short leases, so that a crash is got over soon."""
    usual = dict(stack.env)
    with emulated_meta() as graph:
        stack.env |= {"GRAPH_URL": graph.url, "LEASE_SECONDS": "3"}
        stack.restart("worker")
        yield graph
    stack.env = usual
    stack.restart("worker")


def test_killing_the_worker_ten_times_doubles_nobody_and_loses_nobody(stack, stack_acme, gateway):
    line = ConnectionFactory(provider="cloud_api", credentials={"phone_number_id": "1055", "access_token": TOKEN}, settings=PACE)
    template = TemplateFactory(connection=line, name="news", language="en")
    campaign = CampaignFactory(
        connection=line, template=template, variables={"1": "{{first_name|there}}", "2": "news"}, lists=[list_of(RECIPIENTS)]
    )
    start_campaign(campaign, by=None)
    broker = Celery(broker=stack.redis_url)

    def has_taken(count: int) -> bool:
        """Asks the worker to go on, as the sweep does every ten seconds; leases that still run say no."""
        if len(gateway.taken) >= count:
            return True
        broker.send_task("campaigns.recover", queue="campaigns", headers={COMPANY_HEADER: stack_acme.pk})
        return False

    def is_finished() -> bool:
        has_taken(RECIPIENTS + 1)
        return Campaign.objects.get(pk=campaign.pk).status == Campaign.Status.FINISHED

    for _ in range(ROUNDS):
        enough = len(gateway.taken) + random.randint(1, RECIPIENTS // ROUNDS // 2)
        stack.wait_until(lambda enough=enough: has_taken(enough), seconds=20, what="the next sends")
        stack.restart("worker")
    stack.wait_until(is_finished, seconds=60, what="the campaign's end")

    times = Counter(document["biz_opaque_callback_data"] for document in gateway.taken)
    people = Counter(document["to"] for document in gateway.taken)
    states = states_of(campaign)
    sent = Recipient.objects.filter(campaign=campaign, state="sent")
    assert (max(times.values()), max(people.values())) == (1, 1)
    assert sum(states.values()) == RECIPIENTS
    assert set(states) <= {"sent", "unknown"}
    assert states.get("unknown", 0) <= ROUNDS * PARALLEL
    assert {recipient.address.lstrip("+") for recipient in sent} <= set(people)
    assert len(people) >= states["sent"]
    assert Message.objects.filter(origin="campaign", origin_id=campaign.pk).count() == RECIPIENTS
