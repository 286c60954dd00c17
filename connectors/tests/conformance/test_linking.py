"""A number is linked, shown, and unlinked; and when it is gone, it says so."""

import pytest

from connectors.services.connections import connect, disconnect, refresh_status
from connectors.tests.conformance.gateway import Trouble
from connectors.types import MessageKind, Policy, ProviderError, Text
from tenants.lib.errors import ApplicationError


def test_a_number_is_linked_and_unlinked(unlinked, alice):
    linked = connect(unlinked.connection, by=alice)
    seen = refresh_status(linked, by=alice)
    unlinked_again = disconnect(linked, by=alice)
    linked_again = connect(unlinked.connection, by=alice)

    assert [row.state for row in (linked, seen, unlinked_again, linked_again)] == ["connected", "connected", "closed", "connected"]
    assert (linked.facts["quality"], bool(linked.facts["verified_name"])) == ("GREEN", True)


def test_a_call_that_is_not_the_gateway_s_is_refused(gateway):
    secrets = dict.fromkeys(gateway.provider.secret_fields, "a secret")

    unsigned = gateway.provider.verify(method="POST", query={}, headers={}, body=b"{}", secrets=secrets)
    no_secret = gateway.provider.verify(method="POST", query={}, headers={}, body=b"{}", secrets={})

    assert [(verdict.is_accepted, bool(verdict.reason)) for verdict in (unsigned, no_secret)] == [(False, True)] * 2


@pytest.mark.parametrize("trouble", [Trouble.TOKEN_REVOKED, Trouble.NUMBER_GONE])
def test_a_number_that_may_not_send_any_more_rests_as_a_whole(gateway, trouble):
    gateway.trouble(trouble)

    with pytest.raises(ProviderError) as caught:
        gateway.send(Text("Is anybody there?"))

    assert (caught.value.policy, bool(caught.value.message), gateway.phone()) == (Policy.PAUSE_NUMBER, True, [])


def test_templates_are_listed_where_there_are_any(gateway):
    if not gateway.provider.capabilities.has_templates:
        assert MessageKind.TEMPLATE not in gateway.provider.capabilities.kinds
        return
    templates = gateway.provider.templates(gateway.link)

    assert templates and all(one.name and one.language and one.status and one.components for one in templates)


def test_credentials_that_are_wrong_are_told_in_words(gateway, alice):
    if not gateway.provider.secret_fields or gateway.provider.name == "simulator":
        return
    gateway.trouble(Trouble.TOKEN_REVOKED)

    with pytest.raises(ApplicationError) as caught:
        refresh_status(gateway.connection, by=alice)

    assert (bool(str(caught.value)), caught.value.status) == (True, 400)
