"""The crash matrix in small: one round for each of the harms that cost most when they are got wrong. `make chaos` does all, often."""

import random
from collections.abc import Iterator

import pytest

from accounts.models import Role
from accounts.tests.factories import PASSWORD, UserFactory
from config.chaos.day import CUSTOMERS, RECIPIENTS, Company, meta_world, settle_in
from config.chaos.harms import HARMS
from config.chaos.rounds import Account, run_round
from config.chaos.site import SHORT_WAITS
from config.ground.stack import Stack
from connectors.emulators.cloud.asgi import Emulator
from connectors.emulators.cloud.serving import serving

ADMIN = "chaos@acme.test"
CHOSEN = (
    "killed at campaign.claimed",
    "killed at campaign.sending",
    "killed at campaign.sent",
    "killed at campaign.slice_over",
    "frozen past its lease at campaign.claimed",
    "killed at message.answered",
    "killed at webhook.stored",
    "killed at receipts.applied",
    "workers killed three times",
    "valkey killed at any moment",
    "gateway takes and falls silent",
)
PROGRAMS = ("web", "worker", "beat")


@pytest.fixture
def graph() -> Iterator[Emulator]:
    with serving(meta_world()) as emulator:
        yield emulator


@pytest.fixture
def impatient(stack: Stack, graph: Emulator) -> Iterator[Stack]:
    """The installation with this Graph API, and short leases and sweeps, so that a crash is got over soon."""
    usual = dict(stack.env)
    stack.env |= SHORT_WAITS | {"GRAPH_URL": graph.url}
    for name in PROGRAMS:
        stack.restart(name)
    yield stack
    stack.env = usual
    for name in PROGRAMS:
        stack.restart(name)


@pytest.fixture
def company(impatient: Stack, graph: Emulator, stack_acme, settings) -> Company:
    UserFactory.create(name="Chaos", email=ADMIN, role=Role.ADMIN)
    settings.GRAPH_URL, settings.PUBLIC_URL = graph.url, impatient.url
    return settle_in(impatient.url, f"acme.localhost:{impatient.port}", ADMIN, PASSWORD, graph)


def test_whatever_breaks_nobody_gets_it_twice_and_nobody_is_lost(impatient, company):
    harms = {harm.name: harm for harm in HARMS}
    troubles = []
    for number, name in enumerate(CHOSEN, start=1):
        account = Account(harms[name])
        found = run_round(number, len(CHOSEN), impatient, company, account.harm, random.Random(name), account)
        assert found.sent + found.unknown == RECIPIENTS + CUSTOMERS, account.words
        troubles += [f"{name}: {word}" for word in account.words]

    assert troubles == []
