"""One company leaves an installation by backup, and comes back to one that has lost it."""

import os
import subprocess
from collections.abc import Iterator

import psycopg
import pytest

from config.ground.embedded import postgres_binary
from config.ground.testing import ROOT, TestGround

SCRIPT = ROOT / "config/deploy/company_backup.sh"
WHAT_ACME_IS = """
SELECT c.name, d.domain, u.email, w.body, (SELECT count(*) FROM acme.django_migrations), l.email_digest
  FROM public.tenants_company c JOIN public.tenants_domain d ON d.tenant_id = c.id, acme.accounts_user u, public.tenants_webhook w,
       public.tenants_login l
 WHERE c.schema_name = 'acme' AND w.company_id = c.id AND l.company_id = c.id
"""


@pytest.fixture
def url(ground: TestGround) -> Iterator[str]:
    name = f"{ground.database}_backup"
    yield ground.clone_master(name)
    ground.drop(name)


def backup(*arguments: str, url: str, given: str = "") -> subprocess.CompletedProcess[str]:
    env = {**os.environ, "PATH": f"{postgres_binary('psql').parent}:{os.environ['PATH']}", "DATABASE_URL": url}
    return subprocess.run(["bash", str(SCRIPT), *arguments], input=given, env=env, capture_output=True, text=True, check=False)


def lose_acme(database: psycopg.Connection) -> None:
    (company,) = database.execute("SELECT id FROM tenants_company WHERE schema_name = 'acme'").fetchone() or (0,)
    database.execute("DROP SCHEMA acme CASCADE")
    for table in ("login", "webhook"):
        database.execute(f"DELETE FROM tenants_{table} WHERE company_id = %s", [company])
    database.execute("DELETE FROM tenants_domain WHERE tenant_id = %s", [company])
    database.execute("DELETE FROM tenants_company WHERE id = %s", [company])


def test_a_company_comes_back_from_its_backup_alone(url):
    with psycopg.connect(url, autocommit=True) as database:
        database.execute(
            "INSERT INTO tenants_webhook (company_id, connection_id, provider, body) SELECT id, 1, 'simulator', '{\"a\": \"\\\\t\"}' "
            "FROM tenants_company WHERE schema_name IN ('acme', 'globex')"
        )
        before = database.execute(WHAT_ACME_IS).fetchall()
        dumped = backup("dump", "acme", url=url)
        lose_acme(database)
        restored = backup("restore", url=url, given=dumped.stdout)
        after = database.execute(WHAT_ACME_IS).fetchall()

    assert (dumped.stderr, restored.stderr, restored.returncode) == ("", "", 0)
    assert (len(before), after) == (1, before)
    assert "globex" not in dumped.stdout


def test_a_company_moves_to_an_installation_that_gave_its_number_to_another(url, ground):
    second = f"{ground.database}_second"
    second_url = ground.clone_master(second)
    try:
        with psycopg.connect(url, autocommit=True) as here, psycopg.connect(second_url, autocommit=True) as there:
            here.execute(
                "INSERT INTO tenants_webhook (company_id, connection_id, provider, body) SELECT id, 1, 'simulator', '{}' "
                "FROM tenants_company WHERE schema_name = 'acme'"
            )
            before = here.execute(WHAT_ACME_IS).fetchall()
            number = here.execute("SELECT id FROM tenants_company WHERE schema_name = 'acme'").fetchone()
            lose_acme(there)
            there.execute("INSERT INTO tenants_company SELECT (jsonb_populate_record(c, jsonb_build_object("
                          "'id', %s::bigint, 'schema_name', 'umbrella', 'name', 'Umbrella'))).* "
                          "FROM tenants_company c WHERE schema_name = 'globex'", number)  # fmt: skip
            restored = backup("restore", url=second_url, given=backup("dump", "acme", url=url).stdout)
            after = there.execute(WHAT_ACME_IS).fetchall()
            companies = dict(there.execute("SELECT schema_name, id FROM tenants_company").fetchall())
            of_umbrella = there.execute("SELECT count(*) FROM tenants_login WHERE company_id = %s", number).fetchone()
            next_number = there.execute("SELECT nextval('tenants_company_id_seq')").fetchone()

        assert (restored.returncode, "API keys must be made anew" in restored.stderr) == (0, True), restored.stderr
        assert (len(before), after) == (1, before)
        assert (companies["umbrella"], of_umbrella) == (number[0], (0,))
        assert number[0] != companies["acme"] < next_number[0]
    finally:
        ground.drop(second)


def test_a_company_that_is_there_is_not_overwritten(url):
    dumped = backup("dump", "acme", url=url)
    refused = backup("restore", url=url, given=dumped.stdout)

    assert (refused.returncode, "duplicate key" in refused.stderr) == (3, True)


def test_a_company_that_is_not_there_is_not_dumped(url):
    assert [backup("dump", slug, url=url).returncode for slug in ("nobody", "", "a'; DROP")] == [1, 2, 2]
