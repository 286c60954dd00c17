"""Every verb that names who does it is in the audit log, or says here why it is not. A new verb has to choose."""

import ast
import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path

import pytest
from django.conf import settings

APPS = ("accounts", "contacts", "connectors", "tickets", "chatbots", "flows", "campaigns", "reports")
RECORDS = {"record", "record_continued", "record_of_stranger", "record_of_staff"}
# A day's work, thousands of times: the conversation's own history shows who did it.
A_DAYS_WORK = {
    "contacts.services.contacts.create_contact",
    "contacts.services.contacts.update_contact",
    "contacts.services.contacts.contact_by_number",
    "contacts.services.imports.record_upload",
    "contacts.services.imports.set_choices",
    "connectors.services.media.keep_upload",
    "connectors.services.writing_templates.upload_sample",
    "connectors.services.media.retry_download",
    "tickets.services.attachments.retry",
    "tickets.services.messages.send_message",
    "tickets.services.messages.send_to_contact",
    "tickets.services.messages.retry_message",
    "tickets.services.reactions.react",
    "tickets.services.tickets.start_conversation",
    "tickets.services.tickets.accept",
    "tickets.services.tickets.mark_read",
    "tickets.services.tickets.add_note",
    "tickets.services.tickets.set_tags",
}
# It decides nothing: it asks, or it passes on to a verb that records.
CHANGES_NOTHING = {
    "contacts.services.consent.stop",  # the ledger of consent is a log of its own, and what a person does there is recorded by opt_out
    "contacts.services.consent.resume",
    "tickets.services.tickets.require_hold",
    "tickets.services.quick_replies.use_quick_reply",
    "tickets.services.quick_replies.words_of",
    "connectors.services.connections.refresh_status",
    "connectors.services.connections.try_credentials",
    "connectors.services.registering.numbers_of_account",
    "connectors.services.registering.request_code",
    "connectors.services.registering.verify_code",  # then comes `register`
    "connectors.services.registering.begin_sign_up",
}
PASSED_ON = {
    "connectors.services.registering.finish_sign_up": "_linked",
    "contacts.services.bulk.delete_some": "_record_deletion",
    "contacts.services.bulk.delete_matching": "set_timer",  # the last firing records how many it were
    "connectors.services.writing_templates.create_template": "_kept",
    "connectors.services.writing_templates.edit_template": "_kept",
    "accounts.services.company_settings.change_own_company": "change_company",
    "tickets.services.quick_replies.create_quick_reply": "_record",
    "tickets.services.quick_replies.update_quick_reply": "_record",
    "tickets.services.quick_replies.delete_quick_reply": "_record",
    "accounts.services.users.deactivate_user": "update_user",
    "accounts.services.users.update_user": "_record_changes",
    "campaigns.services.lifecycle.start_campaign_at": "start_campaign",
    "campaigns.services.lifecycle.create_and_start": "start_campaign",
}
THE_LOG_ITSELF = {"accounts.services.auditing.record", "accounts.services.auditing.record_continued"}


def verbs() -> Iterator[tuple[str, Callable]]:
    """Every public function of the services that says who does it (`by=`)."""
    for app in APPS:
        for path in sorted((Path(settings.BASE_DIR) / app).glob("services/*.py")):
            module = import_module(".".join(path.relative_to(settings.BASE_DIR).with_suffix("").parts))
            for name, verb in inspect.getmembers(module, inspect.isfunction):
                if verb.__module__ == module.__name__ and not name.startswith("_") and "by" in inspect.signature(verb).parameters:
                    yield f"{module.__name__}.{name}", verb


VERBS = dict(verbs())


def called_in(verb: Callable) -> set[str]:
    tree = ast.parse(inspect.getsource(inspect.unwrap(verb)))
    return {getattr(node.func, "id", getattr(node.func, "attr", "")) for node in ast.walk(tree) if isinstance(node, ast.Call)}


@pytest.mark.parametrize("name", sorted(set(VERBS) - A_DAYS_WORK - CHANGES_NOTHING - THE_LOG_ITSELF))
def test_every_verb_leaves_a_line_in_the_audit_log(name):
    records = called_in(VERBS[name]) & (RECORDS | {PASSED_ON.get(name, "record")})

    assert records, f"{name} calls accounts.services.auditing.record(…), or stands in one of the lists above."


def test_the_exceptions_are_verbs():
    assert (A_DAYS_WORK | CHANGES_NOTHING | THE_LOG_ITSELF | set(PASSED_ON)) - set(VERBS) == set()
