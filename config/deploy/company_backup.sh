#!/usr/bin/env bash
# One company, out of an installation and into one that does not have it (any more).
#
#   DATABASE_URL=... company_backup.sh dump acme > acme.sql
#   DATABASE_URL=... company_backup.sh restore < acme.sql
#
# The rows in public come first: what was worked on between them and the schema is worked on again after a restore, and once means once.
# Stored credentials are readable only with the same FIELD_KEYS. A restored company has no plan: give it one in the platform's admin.
set -euo pipefail

ask() { psql --no-psqlrc --quiet --no-align --tuples-only --set=ON_ERROR_STOP=1 "$DATABASE_URL" --command="$1"; }

rows() { # table, column that holds the company's id, further columns that stay behind
  local columns
  columns=$(ask "SELECT string_agg(quote_ident(column_name), ', ' ORDER BY ordinal_position) FROM information_schema.columns
                  WHERE table_schema = 'public' AND table_name = '$1' AND column_name <> ALL ('{plan_id,leased_until,lease_key$3}')")
  echo "CREATE TEMP TABLE coming AS SELECT $columns FROM public.$1 WITH NO DATA;"
  echo "COPY pg_temp.coming ($columns) FROM stdin;"
  ask "COPY (SELECT $columns FROM public.$1 WHERE $2 = $company) TO STDOUT"
  echo '\.'
  [[ "$1" != tenants_company ]] || find_place
  echo "UPDATE pg_temp.coming SET $2 = place.id FROM pg_temp.place WHERE place.id <> place.old;"
  echo "INSERT INTO public.$1 ($columns) SELECT $columns FROM pg_temp.coming;"
  echo "DROP TABLE pg_temp.coming;"
}

# Another installation may have given the company's number to another company: then it gets the next one there.
find_place() {
  cat <<'SQL'
CREATE TEMP TABLE place AS SELECT coming.id AS old, CASE WHEN taken.id IS NULL THEN coming.id ELSE here.next END AS id
  FROM pg_temp.coming CROSS JOIN (SELECT coalesce(max(id), 0) + 1 AS next FROM public.tenants_company) here
  LEFT JOIN public.tenants_company taken ON taken.id = coming.id AND taken.schema_name <> coming.schema_name;
DO $$ BEGIN
  IF EXISTS (SELECT FROM pg_temp.place WHERE id <> old) THEN
    RAISE NOTICE 'The number of the company belongs to another one here, so it got a new one: its API keys must be made anew, and everybody logs in again.';
  END IF;
END $$;
SQL
}

case "${1:-}" in
  dump)
    [[ "${2:-}" =~ ^[a-z][a-z0-9-]+$ ]] || { echo "Which company? company_backup.sh dump <short name>" >&2; exit 2; }
    company=$(ask "SELECT id FROM public.tenants_company WHERE schema_name = '$2' AND state <> 'deleted'")
    [[ -n "$company" ]] || { echo "There is no company $2." >&2; exit 1; }
    rows tenants_company id ""
    rows tenants_domain tenant_id ",id"
    for table in login webhookroute timer outbox webhook; do rows "tenants_$table" company_id ",id"; done
    echo "SELECT setval('public.tenants_company_id_seq', (SELECT greatest(max(id), nextval('public.tenants_company_id_seq')) FROM public.tenants_company));"
    echo "DROP TABLE pg_temp.place;"
    pg_dump --schema="\"$2\"" --no-owner --no-privileges "$DATABASE_URL"
    ;;
  restore)
    # All of it, or nothing: a company that is still there stops it.
    psql --no-psqlrc --quiet --single-transaction --set=ON_ERROR_STOP=1 --output=/dev/null "$DATABASE_URL"
    ;;
  *)
    echo "company_backup.sh dump <short name> > file    |    company_backup.sh restore < file" >&2
    exit 2
    ;;
esac
