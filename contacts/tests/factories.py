import factory

from contacts.models import Address, Contact


class ContactFactory(factory.django.DjangoModelFactory):
    class Meta:
        model = Contact
        skip_postgeneration_save = True

    name = factory.Sequence(lambda number: f"Customer {number}")
    phone = factory.Sequence(lambda number: f"+5511955{number:06d}")

    @factory.post_generation
    def address(self, create: bool, extracted: object, **_: object) -> None:
        if create and self.phone:
            Address.objects.create(contact=self, kind="phone", value=self.phone)
