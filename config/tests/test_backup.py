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


def test_a_company_that_is_there_is_not_overwritten(url):
    dumped = backup("dump", "acme", url=url)
    refused = backup("restore", url=url, given=dumped.stdout)

    assert (refused.returncode, "duplicate key" in refused.stderr) == (3, True)


def test_a_company_that_is_not_there_is_not_dumped(url):
    assert [backup("dump", slug, url=url).returncode for slug in ("nobody", "", "a'; DROP")] == [1, 2, 2]
