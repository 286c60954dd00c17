"""Contacts over HTTP, as agents use them and as Mallory tries to."""

import pytest

from contacts.models import Contact, ContactList, CustomField, Tag
from contacts.services.contacts import update_contact
from contacts.tests.factories import ContactFactory
from tenants.lib.errors import ApplicationError
from tenants.lib.realtime import missed
from tenants.lib.tenancy import enter

URL = "/api/v1/contacts/"


def test_create_a_contact_with_a_typed_number(bob, client_of):
    tag = Tag.objects.create(name="VIP")

    answer = client_of(bob).post(URL, {"name": "Marina", "phone": "(11) 8765-4321", "tags": [tag.pk]})

    assert answer.status_code == 201
    assert (answer.json()["phone"], [shown["name"] for shown in answer.json()["tags"]]) == ("+5511987654321", ["VIP"])
    assert [address["value"] for address in answer.json()["addresses"]] == ["+5511987654321"]


def test_letters_as_a_phone_number_are_refused_by_name(bob, client_of):
    answer = client_of(bob).post(URL, {"name": "Marina", "phone": "eleven"})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["code"]) == (400, "phone", "invalid_phone")
    assert "eleven" in error["detail"]
    assert Contact.objects.count() == 0


def test_a_number_belongs_to_one_contact(bob, client_of):
    holder = ContactFactory(name="Marina", phone="+5511987654321")

    answer = client_of(bob).post(URL, {"name": "Other", "phone": "11 98765-4321"})

    (error,) = answer.json()["errors"]
    assert (answer.status_code, error["attr"], error["code"]) == (400, "phone", "taken")
    assert str(holder.pk) in error["detail"]
    assert Contact.objects.count() == 1


def test_search_and_filters(bob, client_of):
    marina = ContactFactory(name="Marina Duarte", phone="+5511987650001")
    rafael = ContactFactory(name="Rafael", phone="+5511987650002")
    vip, news = Tag.objects.create(name="VIP"), ContactList.objects.create(name="News")
    marina.tags.add(vip)
    rafael.lists.add(news)
    client = client_of(bob)

    def found(query):
        return [contact["id"] for contact in client.get(f"{URL}?{query}").json()["results"]]

    assert found("search=duarte") == [marina.pk]
    assert found("search=9876-50002") == [rafael.pk]
    assert found(f"tag={vip.pk}") == [marina.pk]
    assert found(f"list={news.pk}") == [rafael.pk]


def test_a_custom_field_must_exist(bob, client_of):
    CustomField.objects.create(key="city", label="City", kind="choice", choices=["Campinas"])
    contact = ContactFactory()
    client = client_of(bob)

    right = client.patch(f"{URL}{contact.pk}/", {"custom": {"city": "Campinas"}})
    wrong_choice = client.patch(f"{URL}{contact.pk}/", {"custom": {"city": "Paris"}})
    unknown = client.patch(f"{URL}{contact.pk}/", {"custom": {"planet": "Mars"}})

    assert right.json()["custom"] == {"city": "Campinas"}
    assert [answer.json()["errors"][0]["code"] for answer in (wrong_choice, unknown)] == ["invalid_choice", "unknown_field"]


def test_opt_out_and_in(bob, client_of):
    contact = ContactFactory()
    client = client_of(bob)

    out = client.post(f"{URL}{contact.pk}/opt-out/", {"purpose": "marketing"})
    back = client.delete(f"{URL}{contact.pk}/opt-out/", {"purpose": "marketing"})

    assert (out.json()["opt_outs"], back.json()["opt_outs"]) == (["marketing"], [])


@pytest.mark.parametrize(("resource", "fields"), [("tags", {"name": "vip"}), ("contact-lists", {"name": "vip"})])
def test_a_name_that_is_taken_is_said_by_name(sam, client_of, resource, fields):
    client = client_of(sam)
    first = client.post(f"/api/v1/{resource}/", {"name": "VIP"})
    other = client.post(f"/api/v1/{resource}/", {"name": "Other"}).json()

    again = client.post(f"/api/v1/{resource}/", fields)
    renamed = client.put(f"/api/v1/{resource}/{other['id']}/", fields)

    assert (first.status_code, again.status_code, renamed.status_code) == (201, 400, 400)
    assert [(error["attr"], error["code"]) for answer in (again, renamed) for error in answer.json()["errors"]] == [("name", "taken")] * 2


@pytest.mark.parametrize(("method", "path"), [("get", ""), ("patch", ""), ("delete", ""), ("post", "opt-out/")])
def test_mallory_finds_nothing(acme, globex, mallory, client_of, method, path):
    contact = ContactFactory()
    connection_of_mallory = client_of(mallory)

    answer = getattr(connection_of_mallory, method)(f"{URL}{contact.pk}/{path}", {"name": "Mine"} if method != "get" else None)

    assert answer.status_code == 404
    with enter(acme):
        assert Contact.objects.get(pk=contact.pk).name == contact.name


@pytest.mark.parametrize("rows", [1, 3])
def test_a_list_costs_the_same_for_one_and_three(bob, client_of, django_assert_max_num_queries, rows):
    for contact in ContactFactory.create_batch(rows):
        contact.tags.add(Tag.objects.create(name=f"tag {contact.pk}"))
    client = client_of(bob)

    with django_assert_max_num_queries(12):
        answer = client.get(URL)

    assert len(answer.json()["results"]) == rows


def test_a_custom_field_of_choices_needs_some_and_others_have_none(sam, client_of):
    client = client_of(sam)
    fields = "/api/v1/custom-fields/"

    empty = client.post(fields, {"key": "plan", "label": "Plan", "kind": "choice", "choices": []}, format="json")
    odd = client.post(fields, {"key": "plan", "label": "Plan", "kind": "choice", "choices": [{"a": 1}]}, format="json")
    plan = client.post(fields, {"key": "plan", "label": "Plan", "kind": "choice", "choices": ["Gold", "Silver", "Gold"]}, format="json")
    city = client.post(fields, {"key": "city", "label": "City", "choices": ["Campinas"]}, format="json")
    renamed = client.patch(f"{fields}{plan.json()['id']}/", {"label": "Our plan"}, format="json")

    assert [(error["attr"], error["code"]) for error in empty.json()["errors"]] == [("choices", "required")]
    assert [error["code"] for error in odd.json()["errors"]] == ["invalid"]
    assert (plan.json()["choices"], city.json()["choices"]) == (["Gold", "Silver"], [])
    assert (renamed.json()["label"], renamed.json()["choices"]) == ("Our plan", ["Gold", "Silver"])


def test_custom_fields_are_told_and_what_was_written_in_one_is_kept(acme, sam, bob, client_of, django_capture_on_commit_callbacks):
    client, contact = client_of(sam), ContactFactory(custom={"city": "Campinas"})
    with django_capture_on_commit_callbacks(execute=True):
        made = client.post("/api/v1/custom-fields/", {"key": "city", "label": "City"}).json()
        client.patch(f"/api/v1/custom-fields/{made['id']}/", {"label": "Town"})
        client.delete(f"/api/v1/custom-fields/{made['id']}/")

    told = [(frame.event, frame.data["action"]) for frame in missed(acme, 0)]
    assert told == [(f"company-{acme.pk}-settings", action) for action in ("create", "update", "delete")]
    assert client_of(bob).get(f"{URL}{contact.pk}/").json()["custom"] == {"city": "Campinas"}


def test_a_contact_that_went_in_the_meantime_is_not_written_back(bob):
    contact = ContactFactory(name="Ana")
    Contact.objects.filter(pk=contact.pk).delete()

    with pytest.raises(ApplicationError, match="not there any more") as refused:
        update_contact(contact, by=bob, fields={"name": "Ana Lima"})

    assert (refused.value.code, refused.value.status, Contact.objects.count()) == ("gone", 409, 0)


def test_one_or_two_letters_find_beginnings_of_words_and_three_whatever_holds_them(bob, client_of):
    for name, email in (("Ana Lima", ""), ("Elisa Andrade", ""), ("Joana", "an@example.test"), ("Bia", ""), ("李小伟", "")):
        ContactFactory(name=name, email=email)
    client = client_of(bob)

    found = {text: [each["name"] for each in client.get(URL, {"search": text}).json()["results"]] for text in ("an", "ana", "li", "伟")}

    assert found == {"an": ["Joana", "Elisa Andrade", "Ana Lima"], "ana": ["Joana", "Ana Lima"], "li": ["Ana Lima"], "伟": ["李小伟"]}
