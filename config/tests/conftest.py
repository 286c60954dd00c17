"""A furnished installation, for journeys that begin and end outside of it."""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from config.ground.stack import Stack
from config.ground.testing import ROOT, TestGround
from config.tests.bazaar import Bazaar, bazaar_in, build_spa, found_bazaar
from config.tests.chromium import open_browser
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


@pytest.fixture(scope="session")
def _spa(ground: TestGround) -> bool:
    return build_spa(ground)


@pytest.fixture(scope="session")
def _facts(_spa: bool, _stack: Stack, _graph: object) -> dict[str, Any]:
    _stack.ensure_up()
    if _spa:
        _stack.ground.collect_static()
        _stack.restart("web")
    return found_bazaar(_stack)


@pytest.fixture(scope="module")  # Playwright runs once at a time, and other modules have browsers of their own
def _browser(_facts: dict[str, Any], ground: TestGround) -> Iterator[Browser]:
    with open_browser(ground.home) as browser:
        yield browser


@pytest.fixture
def bazaar(_facts: dict[str, Any], _browser: Browser, stack: Stack) -> Bazaar:
    return bazaar_in(stack, _browser, _facts)


@pytest.fixture
def pictures(ground: TestGround) -> Path:
    """Where the pictures lie that the stories take on their way."""
    return ground.home / "pictures"
