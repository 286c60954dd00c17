"""How the list of people is narrowed."""

import django_filters
from django.db.models import Q, QuerySet

from accounts.models import User


class UserFilter(django_filters.FilterSet):
    search = django_filters.CharFilter(method="by_words", label="Words of the name, or part of the e-mail")

    class Meta:
        model = User
        fields = ["search", "role", "is_active"]

    def by_words(self, users: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        for word in value.split()[:10]:
            users = users.filter(Q(name__icontains=word) | Q(email__icontains=word))
        return users
