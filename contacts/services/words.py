"""Tags, lists and custom fields: the words that a company sorts its contacts by. A name is there once, in whatever case."""

from typing import TypeVar

from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from accounts.services.auditing import differences, kind_of, record, snapshot
from contacts import events
from contacts.models import ContactList, CustomField, Tag
from tenants.lib.errors import ApplicationError

Word = TypeVar("Word", Tag, ContactList, CustomField)


@transaction.atomic
def save_word(word: Word, *, by: User) -> Word:
    """Write a new or changed word. Raises ApplicationError `taken` when another one is called the same."""
    is_new = word.pk is None
    before = {} if is_new else snapshot(type(word)._default_manager.get(pk=word.pk))
    try:
        with transaction.atomic():
            word.save()
    except IntegrityError as error:
        field = "key" if isinstance(word, CustomField) else "name"
        raise ApplicationError(_("“%(name)s” is there already.") % {"name": word}, code="taken", field=field) from error
    if isinstance(word, Tag):
        events.tag_changed("create" if is_new else "update", word)
    changes = differences(word, before)
    if is_new or changes:
        record("word.created" if is_new else "word.changed", word, by=by, changes=changes, kind=kind_of(word))
    if isinstance(word, CustomField):
        events.custom_field_changed("create" if is_new else "update", word)
    return word


@transaction.atomic
def delete_word(word: Word, *, by: User) -> None:
    """Contacts and tickets lose the word, nothing else. What was written in a custom field stays, and is back with a field of its key."""
    word_id = word.pk
    record("word.deleted", word, by=by, kind=kind_of(word))
    word.delete()
    if isinstance(word, Tag):
        events.tag_deleted(word_id)
    if isinstance(word, CustomField):
        events.custom_field_deleted(word_id)
