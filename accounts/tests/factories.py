"""People for tests. In the company that is entered."""

import factory

from accounts.models import Role, User
from tenants.lib.tenancy import current_company
from tenants.services.logins import remember_login

PASSWORD = "correct-horse-7"


class UserFactory(factory.django.DjangoModelFactory[User]):
    """An agent who can log in with PASSWORD."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Person {number}")
    email = factory.LazyAttribute(lambda user: f"{user.name.lower().replace(' ', '.')}@{current_company().slug}.test")
    role = Role.AGENT
    password = factory.django.Password(PASSWORD)

    @factory.post_generation
    def login(user: User, is_saved: bool, extracted: object, **_: object) -> None:
        if is_saved:
            remember_login(email=user.email, company=current_company())
