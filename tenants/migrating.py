"""Bringing public, the template and every company to the newest migrations, opening only the schemas that are behind."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from django.core.management import call_command
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.db.migrations.state import ProjectState

from tenants.lib.tenancy import enter, enter_public, schemas
from tenants.models import Company
from tenants.services.companies import create_platform_company
from tenants.services.images import TEMPLATE, store_image

Key = tuple[str, str]
SCHEMAS_PER_QUERY = 200
ONE_AT_A_TIME = 7_238_105_441


@dataclass
class Migrated:
    """What was done: the companies brought up to date, and those that failed, with the reason."""

    companies: list[str] = field(default_factory=list)
    failures: dict[str, str] = field(default_factory=dict)


def migrate_everything(*, say: Callable[[str], None] = lambda line: None) -> Migrated:
    """Public first, then the template, then who is behind: each migration of a company is its own transaction.

    One failing company does not keep the others waiting. Safe to run on several machines at once.
    """
    with _alone():
        say("public")
        call_command("migrate_schemas", schema_name="public", interactive=False, verbosity=0)
        with enter_public():
            _migrate_template(say)
            create_platform_company()
            return _migrate_companies(say)


def companies_behind() -> dict[str, frozenset[Key]]:
    """Every schema that lacks migrations, and which ones, by one query."""
    loader = MigrationLoader(None, ignore_no_migrations=True)
    return {schema: missing for schema, applied in _applied().items() if (missing := _missing(loader, applied))}


def _migrate_template(say: Callable[[str], None]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f'CREATE SCHEMA IF NOT EXISTS "{TEMPLATE}"')
        cursor.execute("SELECT to_regclass(%s)", [f'"{TEMPLATE}".django_migrations'])
        is_new = cursor.fetchone()[0] is None
    if not is_new and not _missing(MigrationLoader(None, ignore_no_migrations=True), _applied([TEMPLATE])[TEMPLATE]):
        return
    say("template")
    call_command("migrate_schemas", schema_name=TEMPLATE, interactive=False, verbosity=0)
    schemas.set_schema_to_public()
    store_image()


def _migrate_companies(say: Callable[[str], None]) -> Migrated:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    done = Migrated()
    groups: dict[frozenset[Key], list[Company]] = {}
    applied = _applied()
    for company in Company.objects.exclude(state=Company.State.DELETED).order_by("id"):
        missing = _missing(loader, applied[company.slug])
        if missing:
            groups.setdefault(missing, []).append(company)
    for missing, companies in groups.items():
        state, steps = _state_before(loader, missing)
        for company in companies:
            say(company.slug)
            try:
                with enter(company):
                    _apply(loader, state, steps)
                    _copy_permissions()
                done.companies.append(company.slug)
            except DatabaseError as error:
                done.failures[company.slug] = str(error)
    return done


def _applied(schemas: list[str] | None = None) -> dict[str, set[Key]]:
    if schemas is None:
        schemas = list(Company.objects.exclude(state=Company.State.DELETED).values_list("schema_name", flat=True))
    found: dict[str, set[Key]] = {schema: set() for schema in schemas}
    with connection.cursor() as cursor:
        for start in range(0, len(schemas), SCHEMAS_PER_QUERY):
            some = schemas[start : start + SCHEMAS_PER_QUERY]
            cursor.execute(" UNION ALL ".join(f"SELECT '{schema}', app, name FROM \"{schema}\".django_migrations" for schema in some))
            for schema, app, name in cursor.fetchall():
                found[schema].add((app, name))
    return found


def _missing(loader: MigrationLoader, applied: set[Key]) -> frozenset[Key]:
    return frozenset(
        key
        for key, migration in loader.graph.nodes.items()
        if key not in applied and not (migration.replaces and applied.issuperset(migration.replaces))
    )


def _state_before(loader: MigrationLoader, missing: frozenset[Key]) -> tuple[ProjectState, list[Key]]:
    """The models as they were before the first missing migration, computed once for all companies that lack the same ones."""
    order: list[Key] = []
    for leaf in loader.graph.leaf_nodes():
        order.extend(key for key in loader.graph.forwards_plan(leaf) if key not in order)
    state = ProjectState(real_apps=loader.unmigrated_apps)
    for key in order:
        if key not in missing:
            state = loader.graph.nodes[key].mutate_state(state, preserve=False)
    return state, [key for key in order if key in missing]


def _apply(loader: MigrationLoader, state: ProjectState, steps: list[Key]) -> None:
    recorder = MigrationRecorder(connection)
    state = state.clone()
    for app, name in steps:
        migration = loader.graph.nodes[app, name]
        with connection.schema_editor(atomic=migration.atomic) as editor:
            state = migration.apply(state, editor)
            recorder.record_applied(app, name)


def _copy_permissions() -> None:
    """What Django's post_migrate made in the template, by name: ids may differ between companies."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"""INSERT INTO django_content_type (app_label, model)
                SELECT app_label, model FROM "{TEMPLATE}".django_content_type ON CONFLICT DO NOTHING"""
        )
        cursor.execute(
            f"""INSERT INTO auth_permission (name, content_type_id, codename)
                SELECT theirs.name, ours.id, theirs.codename FROM "{TEMPLATE}".auth_permission theirs
                JOIN "{TEMPLATE}".django_content_type their_type ON their_type.id = theirs.content_type_id
                JOIN django_content_type ours ON ours.app_label = their_type.app_label AND ours.model = their_type.model
                ON CONFLICT DO NOTHING"""
        )


@contextmanager
def _alone() -> Iterator[None]:
    """On a connection of its own: migrations close theirs, and the lock would go with it."""
    guard = connection.copy()
    try:
        with guard.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_lock(%s)", [ONE_AT_A_TIME])
        yield
    finally:
        guard.close()
