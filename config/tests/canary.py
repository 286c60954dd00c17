"""A company whose every text holds a word that nobody else may ever read."""

from django.apps import apps
from django.db import connection, models

from tenants.lib.clock import now
from tenants.lib.fields import EncryptedJSONField
from tenants.models import Company, Flight, Outbox, Timer, Webhook

CANARY = "zq7canary"
# Framework tables whose texts are names in code, and people's passwords.
LEFT_ALONE = {"django_migrations", "django_content_type", "auth_permission", "django_session", "django_admin_log"}
PUBLIC_ROWS = (Webhook, Flight, Timer, Outbox)


def companys_models() -> list[type[models.Model]]:
    """Every model that has a table in a company's schema, many-to-many tables included."""
    found = [
        model for model in apps.get_models(include_auto_created=True) if model._meta.app_label not in ("tenants", "django_celery_beat")
    ]
    return [model for model in found if model._meta.managed and not model._meta.proxy and model._meta.db_table not in LEFT_ALONE]


def put_canaries(company: Company) -> None:
    """Rewrite every free text of the company that is entered, and of its rows in public."""
    for model in companys_models():
        _rewrite(model, "")
    for public in PUBLIC_ROWS:
        _rewrite(public, f"WHERE company_id = {company.pk}")


def _rewrite(model: type[models.Model], where: str) -> None:
    changes = [change for field in model._meta.concrete_fields if (change := _change(field))]
    if changes:
        with connection.cursor() as cursor:
            cursor.execute(f'UPDATE "{model._meta.db_table}" SET {", ".join(changes)} {where}')


def _change(field: models.Field) -> str:
    column = f'"{field.column}"'
    if field.primary_key or field.choices or field.name == "password" or isinstance(field, EncryptedJSONField | models.GeneratedField):
        return ""
    if isinstance(field, models.JSONField):
        return f"""{column} = CASE jsonb_typeof({column}) WHEN 'object' THEN {column} || '{{"{CANARY}": "{CANARY}"}}' ELSE {column} END"""
    room = (field.max_length or 100_000) - len(CANARY)
    if isinstance(field, models.CharField | models.TextField | models.FileField) and room > 0:
        # The end of a text is what makes it unique; where empty means "none yet", empty it stays.
        marked = f"'{CANARY}' || right({column}, {room})"
        return f"{column} = CASE WHEN {column} = '' THEN '' ELSE {marked} END" if _is_in_a_constraint(field) else f"{column} = {marked}"
    return ""


def _is_in_a_constraint(field: models.Field) -> bool:
    together = [constraint for constraint in field.model._meta.constraints if isinstance(constraint, models.UniqueConstraint)]
    return field.unique or any(field.name in constraint.fields for constraint in together)


def fill_empty_tables() -> None:
    """One row in every table of the company entered that the demo left empty: a new table needs no line here."""
    for model in companys_models():
        _any_row(model)


def _any_row(model: type[models.Model]) -> models.Model:
    existing = model._base_manager.first()
    if existing is not None:
        return existing
    values = {field.name: _any_value(field) for field in model._meta.concrete_fields if _needs_value(field)}
    return model._base_manager.create(**values)


def _needs_value(field: models.Field) -> bool:
    is_given = field.primary_key or field.null or field.has_default() or field.has_db_default()
    return not is_given and not isinstance(field, models.GeneratedField)


def _any_value(field: models.Field) -> object:
    if isinstance(field, models.ForeignKey):
        return _any_row(field.related_model)
    if field.choices:
        return field.choices[0][0]
    if isinstance(field, models.CharField | models.TextField):
        return "filled"[: field.max_length]
    if isinstance(field, models.DateTimeField):
        return now()
    if isinstance(field, models.IntegerField):
        return 1
    raise NotImplementedError(f"What may stand in {field}?")


def fingerprint_of(company: Company) -> str:
    """Changes when anything of the company changes, in its schema or in public."""
    parts = [_digest(f'"{company.slug}"."{model._meta.db_table}"', "") for model in companys_models()]
    parts += [_digest(f'public."{model._meta.db_table}"', f"WHERE company_id = {company.pk}") for model in PUBLIC_ROWS]
    return _ask(f"SELECT concat_ws(',', {', '.join(parts)})")


def rows_naming(company: Company, pattern: str) -> str:
    """Which tables of the company hold a text or number that matches, as `table: how many` lines."""
    parts = [
        f"""(SELECT CASE WHEN count(*) > 0 THEN '{model._meta.db_table}: ' || count(*) END
             FROM "{company.slug}"."{model._meta.db_table}" t WHERE t::text ~ '{pattern}')"""
        for model in companys_models()
    ]
    return _ask(f"SELECT concat_ws(', ', {', '.join(parts)})")


def _digest(table: str, where: str) -> str:
    return f"(SELECT md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {table} t {where})"


def _ask(statement: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchone()[0]
