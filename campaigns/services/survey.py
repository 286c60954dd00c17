"""A campaign tried out on paper: who would get what, who would not and why, what is wrong with it, and how long it would take."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from campaigns.models import Campaign, Line, Variant
from campaigns.rendering import filled, template_message, value_of
from campaigns.services.audience import SAMPLES, audience_of, audience_with, count_audience
from campaigns.services.contents import body_alone, names_given_with, problems_of, required_variables, variants_of
from campaigns.services.drafts import check_conditions, unsaved_variants
from campaigns.services.given import read_given
from campaigns.services.lines import lines_of
from campaigns.services.planning import seconds_for
from campaigns.types import Audience, AudienceCount, BadRow, InlineRecipient, Receiver, Sample, SampleLine, Survey
from connectors.selectors import rate_of
from contacts.models import Address, Contact
from contacts.types import CONTACT_VARIABLES, CUSTOM
from tenants.lib.clock import now
from tenants.lib.errors import ApplicationError
from tenants.lib.patterns import MissingValue, Pattern, pattern_of

AUDIENCE_FIELDS = (
    "connection",
    "distribution",
    "body",
    "template",
    "variables",
    "header_media",
    "is_for_everybody",
    "has_all_tags",
    "conditions",
)


def dry_run(campaign: Campaign) -> Survey:
    """Of the campaign as it is stored. Nothing is written and nothing is sent."""
    variants = variants_of(campaign)
    lines = lines_of(campaign)
    problems = tuple(problems_of(campaign, variants, given_names=names_given_with(campaign), lines=lines))
    return _survey(campaign, variants, audience_of(campaign, lines), campaign_id=campaign.pk, problems=problems, lines=lines)


def preview(*, fields: Mapping[str, Any], recipients: Sequence[InlineRecipient] = (), stored: Campaign | None = None) -> Survey:
    """Of a campaign that is still being written: `fields` as in PreviewSerializer. `stored`: the draft that it is written into, whose
    given numbers count too unless there are `recipients`."""
    draft = drafted(fields=fields, recipients=recipients, stored=stored)
    campaign, rows = draft.campaign, draft.audience.given
    names = {name for row in rows for name in row.variables}
    if stored is not None and not recipients:
        names |= names_given_with(stored, required_variables(campaign, draft.variants))
    has_content = campaign.connection_id is not None and (campaign.template is not None or "variants" in fields or "body" in fields)
    problems = tuple(problems_of(campaign, draft.variants, given_names=names, lines=draft.lines)) if has_content else ()
    return _survey(
        campaign,
        draft.variants,
        draft.audience,
        campaign_id=draft.campaign_id,
        problems=problems,
        bad_rows=draft.bad_rows,
        lines=draft.lines,
    )


@dataclass(frozen=True, slots=True)
class Drafted:
    """A campaign that is being written, as the questions about its audience need it. `campaign_id`: whose given numbers count too."""

    campaign: Campaign
    variants: Sequence[Variant]
    lines: Sequence[Line]
    audience: Audience
    campaign_id: int | None
    bad_rows: Mapping[int, BadRow]


def drafted(*, fields: Mapping[str, Any], recipients: Sequence[InlineRecipient] = (), stored: Campaign | None = None) -> Drafted:
    """As in `preview`. Raises ApplicationError for conditions that mean nothing."""
    campaign = Campaign(**{name: fields[name] for name in AUDIENCE_FIELDS if name in fields})
    lines = [Line(campaign=campaign, **each) for each in fields.get("connections", ())]
    if not lines and campaign.connection_id:
        lines = lines_of(campaign)
    check_conditions(campaign.conditions)
    variants = [] if campaign.template is not None else unsaved_variants(fields.get("variants", ())) or [body_alone(campaign.body)]
    given, bad_rows = read_given(recipients)
    audience = audience_with(
        campaign,
        variants,
        list_ids=[each.pk for each in fields.get("lists", ())],
        tag_ids=[each.pk for each in fields.get("tags", ())],
        excluded_tag_ids=[each.pk for each in fields.get("excluded_tags", ())],
        given=tuple(replace(row, number=number) for number, row in given.items()),
        lines=lines,
    )
    campaign_id = stored.pk if stored is not None and not recipients else None
    return Drafted(campaign, variants, lines, audience, campaign_id, bad_rows)


def _survey(
    campaign: Campaign,
    variants: Sequence[Variant],
    audience: Audience,
    *,
    campaign_id: int | None,
    problems: tuple[ApplicationError, ...],
    lines: Sequence[Line],
    bad_rows: Mapping[int, BadRow] | None = None,
) -> Survey:
    counted, strangers = _with_new_numbers(count_audience(audience, campaign_id=campaign_id), audience)
    return Survey(
        counted=counted,
        new_numbers=strangers,
        bad_rows=bad_rows or {},
        samples=tuple(sample_lines(counted.samples, texts_of(campaign, variants))),
        problems=problems,
        messages_per_second=sum(rate_of(line.connection) for line in lines),
        seconds=seconds_for(campaign, lines, count=counted.count, begins=campaign.starts_at or now()),
    )


def texts_of(campaign: Campaign, variants: Sequence[Variant]) -> list[Pattern]:
    template = campaign.template
    if template is None:
        return [pattern_of(variant.body) for variant in variants]
    call = template_message(name=template.name, language=template.language, components=template.components, variables=campaign.variables)
    return [call.body]


def newcomers_of(audience: Audience) -> list[Sample]:
    """Numbers that nobody has yet, in the order they were given: judged as they will be once the campaign is saved and they are contacts.
    Which variant each gets is known then."""
    numbers = {row.number for row in audience.given}
    known = set(Address.objects.filter(kind="phone", value__in=numbers).values_list("value", flat=True)) if numbers else set()
    wanted = {name for _variant, name in audience.required if name != "phone"}
    return [
        Sample(0, row.number, 0, _reason_against(row, audience, wanted), {"name": row.name, **row.variables})
        for row in audience.given
        if row.number not in known
    ]


def _reason_against(row: InlineRecipient, audience: Audience, wanted: set[str]) -> str:
    if audience.needs_open_window:
        return "outside_window"
    return "" if all(_said_of(row, name) for name in wanted) else "missing_value"


def _with_new_numbers(counted: AudienceCount, audience: Audience) -> tuple[AudienceCount, int]:
    newcomers = newcomers_of(audience)
    left_out = Counter(sample.reason for sample in newcomers if sample.reason)
    exclusions = dict(Counter(counted.exclusions) + left_out)
    count = counted.count + len(newcomers) - left_out.total()
    return replace(counted, count=count, exclusions=exclusions, samples=(*counted.samples, *newcomers[:SAMPLES])), len(newcomers)


def _said_of(row: InlineRecipient, name: str) -> str:
    said = row.variables.get(name, "")
    return said or (row.name if name in ("name", "first_name") else "")


def sample_lines(samples: Sequence[Sample], texts: Sequence[Pattern], *, says_all: bool = False) -> Iterator[SampleLine]:
    """What each would read; with `says_all` those too who are left out."""
    contacts = Contact.objects.in_bulk({sample.contact_id for sample in samples})
    for sample in samples:
        contact = contacts.get(sample.contact_id) or Contact(name=sample.variables.get("name", ""), phone=sample.address)
        receiver = Receiver(
            0, sample.contact_id, "phone", sample.address, sample.variables, 1, contact.name, contact.phone, contact.email, contact.custom
        )
        names = CONTACT_VARIABLES | {CUSTOM + key for key in contact.custom} | set(sample.variables)
        values = {name: value for name in sorted(names) if (value := value_of(receiver, name))}
        text = _filled(texts[sample.variant], receiver) if sample.variant < len(texts) and (says_all or not sample.reason) else ""
        name = contact.name if sample.address else contact.display_name  # who has no name is shown by the address, once
        yield SampleLine(sample.contact_id or None, name, sample.address, sample.variant, sample.reason, values, text)


def _filled(pattern: Pattern, receiver: Receiver) -> str:
    try:
        return filled(pattern, receiver)
    except MissingValue:
        return ""
