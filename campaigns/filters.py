"""How lists of campaigns and recipients are narrowed."""

import django_filters
from django.db.models import Q, QuerySet

from campaigns.models import Campaign, Line, Recipient
from connectors.types import Delivery

SHORTEST_NUMBER = 3


REACHED = Q(status__gte=Delivery.ACCEPTED) & ~Q(status=Delivery.FAILED)
STEPS: dict[str, Q] = {
    "queued": Q(state__in=(Recipient.State.PENDING, Recipient.State.CLAIMED)),
    "sent": REACHED,
    "delivered": Q(status__gte=Delivery.DELIVERED),
    "not_delivered": REACHED & Q(status__lt=Delivery.DELIVERED),
    "read": Q(status__gte=Delivery.READ),
    "not_read": REACHED & Q(status__lt=Delivery.READ),
    "replied": Q(replied_at__isnull=False),
    "not_replied": REACHED & Q(replied_at__isnull=True),
    "failed": Q(status=Delivery.FAILED),
    "unknown": Q(status=Delivery.UNKNOWN),
}


class CampaignFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(field_name="name", lookup_expr="icontains")
    status = django_filters.MultipleChoiceFilter(choices=Campaign.Status.choices)
    connection = django_filters.NumberFilter(method="by_connection", label="Sent through this connection, among others")

    class Meta:
        model = Campaign
        fields = ["search", "status", "connection"]

    def by_connection(self, campaigns: QuerySet[Campaign], name: str, value: int) -> QuerySet[Campaign]:
        through = Line.objects.filter(connection=value).values("campaign")
        return campaigns.filter(Q(connection=value) | Q(pk__in=through))


class RecipientFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", label="Words of the contact's name, or digits of the number")
    state = django_filters.MultipleChoiceFilter(choices=Recipient.State.choices)
    status = django_filters.ChoiceFilter(choices=[(step.name.lower(), step.name.lower()) for step in Delivery], method="by_status")
    variant = django_filters.NumberFilter()
    connection = django_filters.NumberFilter()
    error = django_filters.CharFilter(field_name="error_code")
    step = django_filters.ChoiceFilter(choices=[(name, name) for name in STEPS], method="by_step", label="How far it got, or not")
    exclusion = django_filters.ChoiceFilter(choices=Recipient.Exclusion.choices)

    class Meta:
        model = Recipient
        fields = ["search", "state", "status", "variant", "connection", "error", "step", "exclusion"]

    def by_words(self, recipients: QuerySet[Recipient], name: str, value: str) -> QuerySet[Recipient]:
        digits = "".join(character for character in value if character.isdigit())
        matches = Q(contact__name__icontains=value.strip())
        return recipients.filter(matches | Q(address__contains=digits)) if len(digits) >= SHORTEST_NUMBER else recipients.filter(matches)

    def by_step(self, recipients: QuerySet[Recipient], name: str, value: str) -> QuerySet[Recipient]:
        return recipients.filter(STEPS[value])

    def by_status(self, recipients: QuerySet[Recipient], name: str, value: str) -> QuerySet[Recipient]:
        return recipients.filter(status=Delivery[value.upper()])
