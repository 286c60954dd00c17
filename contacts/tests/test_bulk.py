"""Many contacts at once, by their ids or by what the filters leave."""

from config.timers import TIMERS
from contacts.models import Contact, ContactList, OptOut, Tag
from contacts.services import bulk
from contacts.tests.factories import ContactFactory
from tenants.lib.clock import now
from tenants.lib.realtime import missed
from tenants.lib.tenancy import enter
from tenants.models import Timer
from tickets.tests.factories import TicketFactory

URL = "/api/v1/contacts/"


def names_with(tag: Tag) -> list[str]:
    return sorted(tag.contacts.values_list("name", flat=True))


def test_everything_that_the_filters_leave_gets_and_loses_tags(sam, acme, client_of, django_capture_on_commit_callbacks):
    vip, old = Tag.objects.create(name="VIP"), Tag.objects.create(name="Old")
    ana, bia, carla = (ContactFactory(name=name) for name in ("Ana Lima", "Bia Lima", "Carla"))
    for contact in (ana, carla):
        contact.tags.add(old)
    ana.tags.add(vip)
    client = client_of(sam)

    with django_capture_on_commit_callbacks(execute=True):
        answer = client.post(f"{URL}bulk-tags/?search=lima", {"all_matching": True, "add": [vip.pk], "remove": [old.pk]})

    assert (answer.status_code, answer.json()) == (200, {"count": 2})
    assert (names_with(vip), names_with(old)) == (["Ana Lima", "Bia Lima"], ["Carla"])
    assert [frame.data["action"] for frame in missed(acme, 0) if frame.event.endswith("-contact")][-1] == "reload"


def test_chosen_contacts_go_onto_a_list_and_off_it(sam, client_of):
    news = ContactList.objects.create(name="News")
    ana, bia = ContactFactory(name="Ana"), ContactFactory(name="Bia")
    client = client_of(sam)

    put = client.post(f"{URL}bulk-lists/", {"contacts": [ana.pk, bia.pk], "add": [news.pk]})
    taken = client.post(f"{URL}bulk-lists/", {"contacts": [bia.pk], "remove": [news.pk]})

    assert (put.json(), taken.json(), [each.name for each in news.contacts.all()]) == ({"count": 2}, {"count": 1}, ["Ana"])


def test_nobody_is_meant_when_nobody_is_named(sam, client_of):
    answer = client_of(sam).post(f"{URL}bulk-delete/", {})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["code"]) == (400, "contacts", "required")


def test_who_has_conversations_is_kept(sam, client_of):
    gone, kept = ContactFactory(), TicketFactory().contact

    answer = client_of(sam).post(f"{URL}bulk-delete/", {"contacts": [gone.pk, kept.pk]})

    assert answer.json() == {"count": 1, "kept": 1, "is_done": True}
    assert list(Contact.objects.values_list("pk", flat=True)) == [kept.pk]


def test_a_worker_deletes_all_that_match_and_nobody_who_came_later(sam, client_of, monkeypatch):
    monkeypatch.setattr(bulk, "DELETED_AT_ONCE", 2)
    for place in range(5):
        ContactFactory(name=f"Lead {place}")
    talking = TicketFactory(contact=ContactFactory(name="Lead who talks")).contact
    ContactFactory(name="Friend")
    client = client_of(sam)

    answer = client.post(f"{URL}bulk-delete/?search=lead", {"all_matching": True})
    later = ContactFactory(name="Lead of tomorrow")
    while timer := Timer.objects.filter(kind=bulk.DELETE_TIMER).first():
        timer.delete()
        bulk.delete_next(timer.key, timer.payload)

    assert answer.json() == {"count": 6, "kept": 0, "is_done": False}
    assert sorted(Contact.objects.values_list("name", flat=True)) == ["Friend", "Lead of tomorrow", "Lead who talks"]
    assert (talking.pk < later.pk, TIMERS[bulk.DELETE_TIMER]) == (True, "contacts.services.bulk.delete_next")


def test_filters_by_consent_and_silence_and_their_count(sam, client_of):
    quiet, busy, said_no = (ContactFactory(name=name) for name in ("Quiet", "Busy", "No"))
    Contact.objects.filter(pk=busy.pk).update(last_seen_at=now())
    for purpose in ("marketing", "all"):
        OptOut.objects.create(contact=said_no, purpose=purpose)
    client = client_of(sam)

    def found(**filters):
        listed = [each["name"] for each in client.get(URL, filters).json()["results"]]
        assert client.get(f"{URL}count/", filters).json() == {"count": len(listed)}
        return listed

    assert (found(opted_out="true"), found(opted_out="false")) == (["No"], ["Busy", "Quiet"])
    assert found(seen_after="2020-01-01T00:00:00Z") == ["Busy"]
    assert found(seen_before="2020-01-01T00:00:00Z") == ["No", "Quiet"]
    assert quiet.last_seen_at is None


def test_agents_change_one_contact_at_a_time_and_mallory_none_of_ours(bob, mallory, acme, client_of):
    ana = ContactFactory(name="Ana")
    theirs = client_of(mallory)

    statuses = [client_of(bob).post(f"{URL}bulk-{what}/", {"contacts": [ana.pk]}).status_code for what in ("tags", "lists", "delete")]
    deleted = theirs.post(f"{URL}bulk-delete/", {"contacts": [ana.pk]})

    assert (statuses, deleted.json()) == ([403] * 3, {"count": 0, "kept": 0, "is_done": True})
    with enter(acme):
        assert Contact.objects.count() == 1
