"""Which gateways the suite is about: one line each."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from typing import Any

import pytest

from connectors.services.connections import connect
from connectors.tests.conformance.cloud import cloud_gateway
from connectors.tests.conformance.gateway import Gateway
from connectors.tests.conformance.simulator import simulator_gateway

GATEWAYS: dict[str, Callable[[Any], AbstractContextManager[Gateway]]] = {
    "cloud_api": cloud_gateway,
    "simulator": simulator_gateway,
}


@pytest.fixture(params=sorted(GATEWAYS))
def unlinked(request, acme, settings, tmp_path) -> Iterator[Gateway]:
    """A connection of the company acme that was made and not linked yet."""
    settings.MEDIA_ROOT = tmp_path
    settings.SEND_BACKOFF_SECONDS = 0
    with GATEWAYS[request.param](settings) as gateway:
        yield gateway


@pytest.fixture
def gateway(unlinked) -> Gateway:
    unlinked.connection = connect(unlinked.connection, by=None)
    return unlinked
