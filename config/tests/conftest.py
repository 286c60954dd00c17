"""A furnished installation, for journeys that begin and end outside of it."""

import json
import subprocess
import sys
from collections.abc import Iterator

import pytest

from config.ground.stack import Stack
from config.ground.testing import ROOT
from config.tests.visitors import Office
from connectors.emulators.cloud.asgi import Emulator
from connectors.tests.meta import emulated_meta


@pytest.fixture(scope="session")
def _graph(_stack: Stack) -> Iterator[Emulator]:
    with emulated_meta(_stack.graph_port) as graph:
        yield graph


@pytest.fixture(scope="session")
def _office(_stack: Stack, _graph: Emulator) -> Office:
    _stack.ensure_up()
    program = [sys.executable, "-m", "config.tests.office"]
    made = subprocess.run(program, cwd=ROOT, env=_stack.env, capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stderr[-4000:]
    return Office(_stack, _graph, json.loads(made.stdout.splitlines()[-1]))


@pytest.fixture
def office(_office: Office, stack: Stack) -> Office:
    """acme at work: Alice, Bob of Sales, Carol of Support, their WhatsApp numbers, and Meta's Graph API; Mallory at globex."""
    _office.graph.is_answering = True
    return _office
