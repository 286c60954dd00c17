import datetime

import pytest

from tenants.lib.announcing import TooDeep, announce
from tenants.models import Outbox
from tenants.telling import drain_outbox
from tenants.tests.tables import written

PAST = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def _table(settings):
    settings.REACTIONS = "tenants.tests.tables.REACTIONS"


def test_now_happens_at_once_and_later_when_the_outbox_is_drained(acme):
    announce("thing.done", number=3)
    at_once = written()
    told = drain_outbox(), drain_outbox()

    assert (at_once, told, written()) == (["now 3"], (1, 0), ["now 3", "later 3 acme"])


def test_what_nobody_listens_to_is_fine(acme):
    announce("thing.unheard", number=3)

    assert (written(), Outbox.objects.count()) == ([], 0)


def test_a_reaction_that_fails_is_tried_again_and_parked_in_the_end(acme):
    announce("thing.broken", number=3)
    for _attempt in range(6):
        drain_outbox()
        Outbox.objects.update(retry_at=PAST)

    row = Outbox.objects.get()
    assert (row.attempts, row.done_at, row.parked_at is None, row.error) == (5, None, False, "ValueError: broke down at 3")


def test_announcements_do_not_go_round_in_circles(acme):
    with pytest.raises(TooDeep):
        announce("thing.endless", number=1)
