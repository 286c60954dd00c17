"""How lists of contacts are narrowed."""

import django_filters
from django.db.models import Q, QuerySet

from contacts.models import Contact


class ContactFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", label="Words of the name, or digits of the phone, or part of the e-mail")
    tag = django_filters.NumberFilter(field_name="tags")
    list = django_filters.NumberFilter(field_name="lists")
    opted_out = django_filters.BooleanFilter(method="by_opt_out")
    is_blocked = django_filters.BooleanFilter()

    class Meta:
        model = Contact
        fields = ["search", "tag", "list", "opted_out", "is_blocked"]

    def by_words(self, contacts: QuerySet[Contact], name: str, value: str) -> QuerySet[Contact]:
        digits = "".join(character for character in value if character.isdigit())
        matches = Q(name__icontains=value.strip()) | Q(email__icontains=value.strip()) | Q(username__icontains=value.strip())
        return contacts.filter(matches | Q(phone__icontains=digits)) if len(digits) >= 3 else contacts.filter(matches)

    def by_opt_out(self, contacts: QuerySet[Contact], name: str, value: bool) -> QuerySet[Contact]:
        return contacts.filter(opt_outs__isnull=not value).distinct()
