"""A campaign's recipients as a file."""

import csv
import io

from campaigns.services.lifecycle import start_campaign
from campaigns.tests.factories import CampaignFactory, list_of
from contacts.models import OptOut


def lines(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_every_recipient_is_a_line_with_what_came_of_it(sam, bob, mallory, client_of):
    contacts = list_of(2)
    out, waits = contacts.contacts.order_by("pk")
    OptOut.objects.create(contact=out, purpose="marketing")
    campaign = CampaignFactory()
    campaign.lists.add(contacts)
    start_campaign(campaign, by=sam)
    url = f"/api/v1/campaigns/{campaign.pk}/export/"

    everybody, some, theirs = client_of(bob).post(url), client_of(bob).post(f"{url}?state=pending"), client_of(mallory).post(url)

    header, *rows = lines(everybody)
    assert header == ["Contact", "Phone", "State", "Delivery", "Left out because", "Error", "Sent at", "Replied at"]
    assert rows == [
        [out.name, out.phone, "Excluded", "", "Asked not to get campaigns", "", "", ""],
        [waits.name, waits.phone, "Waiting", "", "", "", "", ""],
    ]
    assert ([row[1] for row in lines(some)[1:]], theirs.status_code) == ([waits.phone], 404)
