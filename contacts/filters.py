"""How lists of contacts are narrowed."""

import datetime

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet

from contacts.models import Contact, OptOut

# The index of names is one of three letters each: for fewer, in the middle of a word, everybody would have to be read.
FEWEST_IN_A_WORD = 3


class ContactFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", label="Words of the name, or digits of the phone, or part of the e-mail")
    tag = django_filters.NumberFilter(field_name="tags")
    list = django_filters.NumberFilter(field_name="lists")
    opted_out = django_filters.BooleanFilter(method="by_opt_out")
    is_blocked = django_filters.BooleanFilter()
    seen_after = django_filters.IsoDateTimeFilter(field_name="last_seen_at", lookup_expr="gte")
    seen_before = django_filters.IsoDateTimeFilter(method="by_silence", label="Who has not written since, or never")

    class Meta:
        model = Contact
        fields = ["search", "tag", "list", "opted_out", "is_blocked", "seen_after", "seen_before"]

    def by_words(self, contacts: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        text = value.strip()
        digits = "".join(character for character in text if character.isdigit())
        matches = Q(name__icontains=text) | Q(email__icontains=text) | Q(username__icontains=text)
        if len(text) < FEWEST_IN_A_WORD and text.isascii():
            begins = Q(name__istartswith=text) | Q(email__istartswith=text) | Q(username__istartswith=text)
            matches = begins | Q(name__icontains=f" {text}")
        return contacts.filter(matches | Q(phone__icontains=digits)) if len(digits) >= 3 else contacts.filter(matches)

    def by_opt_out(self, contacts: QuerySet[Contact], name: str, value: bool) -> QuerySet[Contact]:
        said_no = Exists(OptOut.objects.filter(contact=OuterRef("pk")))
        return contacts.filter(said_no if value else ~said_no)

    def by_silence(self, contacts: QuerySet[Contact], name: str, value: datetime.datetime) -> QuerySet[Contact]:
        return contacts.filter(Q(last_seen_at__lt=value) | Q(last_seen_at__isnull=True))
