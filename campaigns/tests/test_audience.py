"""Who is meant: lists, tags, conditions, numbers; who gets which variant; and what a dry run tells of it."""

import datetime

import pytest

from campaigns.models import Campaign, Recipient
from campaigns.services.audience import count_audience
from campaigns.services.drafts import create_campaign
from campaigns.services.given import replace_given
from campaigns.services.lifecycle import start_campaign
from campaigns.services.survey import dry_run, preview
from campaigns.tests.factories import CampaignFactory, ConnectionFactory, TemplateFactory, list_of
from campaigns.types import Audience, InlineRecipient
from contacts.models import Contact, ContactList, CustomField, OptOut, Tag
from contacts.tests.factories import ContactFactory
from contacts.types import Condition
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tickets.tests.factories import TicketFactory


def everybody_with(**custom: list[object]) -> list[Contact]:
    """Contacts with these values of their custom fields, one contact for each place."""
    size = len(next(iter(custom.values())))
    contacts = []
    for place in range(size):
        values = {key: values[place] for key, values in custom.items() if values[place] is not None}
        contacts.append(ContactFactory(custom=values))
    return contacts


def reached(*conditions: Condition, **more: object) -> int:
    return count_audience(Audience(is_for_everybody=True, conditions=conditions, **more)).count


def test_everybody_or_all_of_the_tags(acme):
    both, only_vip, _none = ContactFactory.create_batch(3)
    vip, buyer = Tag.objects.create(name="VIP"), Tag.objects.create(name="Buyer")
    vip.contacts.set([both, only_vip])
    buyer.contacts.set([both])
    tags = (vip.pk, buyer.pk)

    counts = [
        count_audience(Audience(is_for_everybody=True)).count,
        count_audience(Audience(tag_ids=tags)).count,
        count_audience(Audience(tag_ids=tags, has_all_tags=True)).count,
        count_audience(Audience()).count,
    ]

    assert counts == [3, 2, 1, 0]


def test_conditions_on_custom_fields_compare_as_their_kind_does(acme):
    CustomField.objects.create(key="city", label="City")
    CustomField.objects.create(key="visits", label="Visits", kind="number")
    CustomField.objects.create(key="since", label="Since", kind="date")
    everybody_with(
        city=["Recife", "recife", "São Paulo", None, ""],
        visits=[2, 10, 9.5, None, 0],
        since=["2026-01-31", "2025-12-01", None, "2026-02-01", None],
    )

    assert reached(Condition("custom.city", "equals", "Recife")) == 2
    assert reached(Condition("custom.city", "differs", "Recife")) == 3
    assert reached(Condition("custom.city", "contains", "paul")) == 1
    assert (reached(Condition("custom.city", "is_set")), reached(Condition("custom.city", "is_empty"))) == (3, 2)
    assert reached(Condition("custom.visits", "greater", "9")) == 2
    assert reached(Condition("custom.visits", "less", "2.5")) == 2
    assert reached(Condition("custom.visits", "equals", "10")) == 1
    assert reached(Condition("custom.since", "greater", "2026-01-01")) == 2
    assert reached(Condition("custom.city", "equals", "Recife"), Condition("custom.visits", "greater", "5")) == 1


def test_a_value_with_signs_of_sql_is_a_value(acme):
    CustomField.objects.create(key="city", label="City")
    everybody_with(city=["50% off' OR 1=1 --", "%s %(lists)s"])

    assert reached(Condition("custom.city", "equals", "50% off' OR 1=1 --")) == 1
    assert reached(Condition("custom.city", "contains", "%(lists)s")) == 1


def test_who_wrote_lately_and_who_did_not(acme):
    lately, long_ago, _never = ContactFactory.create_batch(3)
    TicketFactory(contact=lately, last_inbound_at=now() - datetime.timedelta(days=3))
    TicketFactory(contact=long_ago, last_inbound_at=now() - datetime.timedelta(days=40))

    assert reached(Condition("last_inbound_at", "within_days", "30")) == 1
    assert reached(Condition("last_inbound_at", "not_within_days", "30")) == 2


@pytest.mark.parametrize(
    "condition",
    [
        {"field": "custom.nothing", "operator": "equals", "value": "x"},
        {"field": "password", "operator": "equals", "value": "x"},
        {"field": "custom.visits", "operator": "greater", "value": "many"},
        {"field": "custom.visits", "operator": "greater", "value": "nan"},
        {"field": "custom.visits", "operator": "equals", "value": ""},
        {"field": "name", "operator": "within_days", "value": "3"},
        {"field": "last_inbound_at", "operator": "within_days", "value": "soon"},
    ],
)
def test_a_condition_that_means_nothing_is_refused_with_its_place(acme, alice, condition):
    CustomField.objects.create(key="visits", label="Visits", kind="number")
    good = {"field": "name", "operator": "is_set", "value": ""}

    with pytest.raises(ApplicationError) as caught:
        create_campaign(by=alice, fields={"connection": ConnectionFactory(), "body": "Hi", "conditions": [good, condition]})

    assert (caught.value.code, caught.value.field) == ("invalid_condition", "conditions.1.value")


def test_conditions_narrow_lists_but_not_the_numbers_that_were_given(acme, alice):
    contacts = list_of(3)
    first = contacts.contacts.order_by("pk").first()
    Contact.objects.filter(pk=first.pk).update(name="Zoe")
    only_zoe = [{"field": "name", "operator": "equals", "value": "zoe"}]
    campaign = CampaignFactory(lists=[contacts], conditions=only_zoe)
    replace_given(campaign, [InlineRecipient("+5511987650001")])

    start_campaign(campaign, by=alice)

    pending = Recipient.objects.filter(campaign=campaign, state="pending")
    assert sorted(pending.values_list("address", "is_given")) == sorted([(first.phone, False), ("+5511987650001", True)])


def with_variants(*bodies: str, weights: tuple[int, ...] = (), **more: object) -> Campaign:
    fields = {"connection": ConnectionFactory(), "variants": [{"body": body} for body in bodies]} | more
    for variant, weight in zip(fields["variants"], weights, strict=False):
        variant["weight"] = weight
    return create_campaign(by=None, fields=fields)


def test_variants_are_shared_out_by_weight_the_same_before_and_after_the_start(acme, alice):
    campaign = with_variants("One", "Two", "Three", weights=(1, 1, 2), lists=[list_of(200)])

    before = dry_run(campaign)
    start_campaign(campaign, by=alice)

    parts = {variant: Recipient.objects.filter(campaign=campaign, variant=variant).count() for variant in range(3)}
    assert before.counted.variants == parts
    assert sum(parts.values()) == 200
    assert all(low < parts[variant] < high for variant, low, high in ((0, 25, 75), (1, 25, 75), (2, 70, 130)))
    shown = {sample.contact_id: sample.variant for sample in before.samples}
    assert dict(Recipient.objects.filter(campaign=campaign, contact__in=shown).values_list("contact", "variant")) == shown


def test_each_variant_asks_its_own_recipients_for_values(acme):
    contacts = list_of(60)
    Contact.objects.all().update(email="")
    campaign = with_variants("Hi", "Hi {{email}}", lists=[contacts])

    counted = dry_run(campaign).counted

    assert counted.variants.keys() == {0}
    assert counted.variants[0] + counted.exclusions["missing_value"] == 60
    assert 10 < counted.exclusions["missing_value"] < 50


def test_a_dry_run_names_who_and_why_and_writes_nothing(acme):
    contacts = list_of(3)
    out, anna, _third = contacts.contacts.order_by("pk")
    Contact.objects.filter(pk=anna.pk).update(name="Anna Weiss", custom={"plan": "Gold"})
    OptOut.objects.create(contact=out, purpose="marketing")
    line = ConnectionFactory(settings={"messages_per_second": 4})
    campaign = CampaignFactory(connection=line, body="Hi {{first_name|there}}", lists=[contacts])

    survey = dry_run(campaign)

    told = {sample.contact_id: sample for sample in survey.samples}
    assert (survey.counted.count, survey.counted.exclusions, survey.seconds) == (2, {"opted_out": 1}, 0.5)
    assert (told[out.pk].reason, told[out.pk].text, told[anna.pk].text) == ("opted_out", "", "Hi Anna")
    assert told[anna.pk].values["custom.plan"] == "Gold"
    assert (survey.problems, Recipient.objects.count()) == ((), 0)


def test_a_preview_counts_numbers_that_are_not_saved(acme):
    known = ContactFactory(phone="+5511987650001")
    OptOut.objects.create(contact=known, purpose="all")
    rows = [InlineRecipient(number, variables={"code": "A"}) for number in ("11 98765-0001", "11 98765-0002", "11 98765-0002", "eleven")]
    rows.append(InlineRecipient("11 98765-0003"))

    survey = preview(fields={"connection": ConnectionFactory(), "body": "Your code: {{code}}"}, recipients=rows)

    assert (survey.counted.count, survey.counted.exclusions, survey.new_numbers) == (1, {"opted_out": 1, "missing_value": 1}, 2)
    assert [(place, row.field) for place, row in survey.bad_rows.items()] == [(3, "number")]
    assert [sample.text for sample in survey.samples if not sample.reason] == ["Your code: A"]
    assert (survey.problems, Contact.objects.count()) == ((), 1)


def test_a_preview_names_every_problem_at_once(acme):
    components = [
        {"type": "HEADER", "format": "IMAGE"},
        {"type": "BODY", "text": "{{1}} and {{2}}"},
        {"type": "BUTTONS", "buttons": [{"type": "URL", "url": "https://x.test/{{1}}"}]},
    ]
    template = TemplateFactory(components=components)
    fields = {"connection": template.connection, "template": template, "variables": {"1": "{{nmae}}", "button_0": "x"}}

    problems = preview(fields=fields).problems

    assert [(problem.code, problem.field) for problem in problems] == [
        ("template_variable_missing", "variables.header.image"),
        ("template_variable_missing", "variables.2"),
        ("variable_without_value", "variables.1"),
    ]


@pytest.mark.parametrize("size", [1, 30])
def test_a_dry_run_costs_the_same_however_many_there_are(acme, django_assert_num_queries, size):
    campaign = CampaignFactory(lists=[list_of(size)], conditions=[{"field": "name", "operator": "is_set", "value": ""}])
    campaign = Campaign.objects.select_related("connection", "template").get(pk=campaign.pk)

    with django_assert_num_queries(12):
        dry_run(campaign)


def test_lists_of_another_company_are_unknown(acme, globex, mallory, client_of, sam):
    theirs = ContactList.objects.create(name="Secret")

    answer = client_of(mallory).post("/api/v1/campaigns/audience/", {"lists": [theirs.pk]}, format="json")

    assert (answer.status_code, answer.json()["errors"][0]["attr"]) == (400, "lists")
