"""The pump on real rows, with the simulated network as the gateway."""


from campaigns.models import Campaign, CampaignCount, Recipient
from campaigns.sending.slices import send_next_batch
from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, list_of, states_of
from tickets.models import Message


def counts_of(campaign):
    counts = {}
    for name, delta in CampaignCount.objects.filter(campaign=campaign).values_list("name", "delta"):
        counts[name] = counts.get(name, 0) + delta
    return {name: amount for name, amount in counts.items() if amount}


def test_everybody_gets_it_once_and_the_campaign_finishes(real_acme):
    campaign = CampaignFactory(lists=[list_of(150)])
    start_campaign(campaign, by=None)

    send_next_batch(campaign.pk)

    campaign.refresh_from_db()
    messages = Message.objects.filter(origin="campaign", origin_id=campaign.pk)
    assert (campaign.status, states_of(campaign)) == (Campaign.Status.FINISHED, {"sent": 150})
    assert counts_of(campaign) == {"sent": 150}
    assert (messages.count(), messages.values("contact").distinct().count()) == (150, 150)
    assert messages.filter(status=10, direction="out", kind="text", ticket=None).exclude(external_id="").count() == 150
    assert set(messages.values_list("key", flat=True)) == {f"r{pk}.1" for pk in Recipient.objects.filter(campaign=campaign).values_list("pk", flat=True)}
