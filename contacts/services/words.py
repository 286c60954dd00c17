"""Tags, lists and custom fields: the words that a company sorts its contacts by. A name is there once, in whatever case."""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from contacts import events
from contacts.models import ContactList, CustomField, Tag
from tenants.lib.errors import ApplicationError

Word = TypeVar("Word", Tag, ContactList, CustomField)


@transaction.atomic
def save_word(word: Word, *, by: User) -> Word:
    """Write a new or changed word. Raises ApplicationError `taken` when another one is called the same."""
    is_new = word.pk is None
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as error:
        field = "key" if isinstance(word, CustomField) else "name"
        raise ApplicationError(_("“%(name)s” is there already.") % {"name": word}, code="taken", field=field) from error
    if isinstance(word, Tag):
        events.tag_changed("create" if is_new else "update", word)
    return word


@transaction.atomic
def delete_word(word: Word, *, by: User) -> None:
    """Contacts and tickets lose the word, nothing else."""
    word_id = word.pk
    word.delete()
    if isinstance(word, Tag):
        events.tag_deleted(word_id)
