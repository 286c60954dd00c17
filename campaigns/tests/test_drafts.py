"""A draft saves itself at each pause of whoever writes it; the audit log stays readable."""

import datetime

from accounts.models import AuditEntry
from campaigns.services.drafts import create_campaign, update_campaign
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, list_of

ELEVEN_MINUTES = datetime.timedelta(minutes=11)


def lines() -> list[tuple[str, dict[str, tuple[str | None, str | None]]]]:
    entries = AuditEntry.objects.filter(action="campaign.changed").order_by("pk")
    return [(entry.actor_name, {change["field"]: (change["before"], change["after"]) for change in entry.changes}) for entry in entries]


def test_many_saves_of_one_person_are_one_line_from_the_first_words_to_the_last(acme, alice, bob):
    campaign = CampaignFactory(name="Chairs", body="H")

    for body in ("He", "Hel", "Hello"):
        update_campaign(campaign, by=alice, fields={"body": body, "name": "Summer"})
    update_campaign(campaign, by=alice, fields={"name": "Chairs"})
    update_campaign(campaign, by=bob, fields={"body": "Hello!"})
    update_campaign(campaign, by=alice, fields={"body": "Hello."})

    told = [(str(alice), {"body": ("H", "Hello")}), (str(bob), {"body": ("Hello", "Hello!")}), (str(alice), {"body": ("Hello!", "Hello.")})]
    assert lines() == told


def test_after_ten_minutes_and_for_another_campaign_a_line_of_its_own(acme, alice):
    campaign, other = CampaignFactory(body="One"), CampaignFactory(body="Other")

    update_campaign(campaign, by=alice, fields={"body": "Two"})
    AuditEntry.objects.update(created_at=AuditEntry.objects.get().created_at - ELEVEN_MINUTES)
    update_campaign(campaign, by=alice, fields={"body": "Three"})
    update_campaign(other, by=alice, fields={"body": "Another"})
    update_campaign(campaign, by=alice, fields={"body": "Four"})

    told = [{"body": ("One", "Two")}, {"body": ("Two", "Four")}, {"body": ("Other", "Another")}]
    assert lines() == [(str(alice), changes) for changes in told]


def test_what_changes_in_a_second_variant_is_told_too(acme, alice):
    contacts = list_of(1)
    variants = [{"body": "Hi"}, {"body": "Hello"}]
    campaign = create_campaign(by=alice, fields={"connection": ConnectionFactory(), "lists": [contacts], "variants": variants})

    update_campaign(campaign, by=alice, fields={"variants": [{"body": "Hi"}, {"body": "Good day", "weight": 2}]})

    assert lines() == [(str(alice), {"message variants": ("A × 1: Hi, B × 1: Hello", "A × 1: Hi, B × 2: Good day")})]
