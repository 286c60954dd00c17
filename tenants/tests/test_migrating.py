from django.core.management import call_command
from django.db import connection

from tenants.lib.tenancy import enter
from tenants.migrating import companies_behind, migrate_everything
from tenants.rendering import render_schema
from tenants.services.companies import create_company


def rendered(schema: str) -> list[str]:
    """What the schema holds, in no particular order."""
    lines = render_schema(schema).splitlines()
    return sorted(line for line in lines if not line.startswith(("INSERT", "SELECT pg_catalog.setval")))


def test_nobody_is_behind_after_the_start(db):
    assert companies_behind() == {}


def test_only_the_company_that_is_behind_is_migrated_and_ends_like_the_template(db):
    company = create_company(name="Initech", slug="initech", admin_email="boss@initech.test", admin_password="recado-demo", by=None)
    call_command("migrate_schemas", schema_name="initech", app_label="campaigns", migration_name="zero", interactive=False, verbosity=0)
    connection.set_schema_to_public()
    behind = companies_behind()

    done = migrate_everything()

    assert (list(behind), {app for app, _name in behind["initech"]}) == (["initech"], {"campaigns"})
    assert (done.companies, done.failures, companies_behind()) == (["initech"], {}, {})
    assert rendered("initech") == rendered("_template")
    with enter(company), connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM campaigns_campaign")
        assert cursor.fetchone() == (0,)
