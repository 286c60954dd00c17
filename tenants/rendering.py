"""A schema as one SQL text, from the catalog: replayed under another name it makes an exact copy.

django-tenants' own clone renames unique constraints, so that a later migration cannot find them; migrating from nothing
takes many seconds. This text takes a fraction of one, inside the caller's transaction.
"""

import re

from django.db import connection, transaction

from tenants.lib.tenancy import schemas

MARK = "{{company}}"


class CannotRender(RuntimeError):
    """The template holds something this module was never taught to copy."""


def render_schema(schema: str) -> str:
    """The SQL that builds `schema` anew under the name MARK, its rows copied from `schema` itself at replay."""
    with transaction.atomic(), connection.cursor() as cursor:
        # With an empty search path PostgreSQL writes every name in full.
        cursor.execute("SET LOCAL search_path = ''")
        text = _Renderer(cursor, schema).render()
        cursor.execute("SET LOCAL search_path = pg_catalog")
    schemas.search_path_set_schemas = None
    return text


def replay(text: str, schema: str) -> None:
    """Build the schema, in the transaction that is open."""
    assert connection.in_atomic_block
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL search_path = pg_catalog")
        # Without parameters psycopg sends the many statements as one message.
        cursor.cursor.execute(text.replace(MARK, schema))
    schemas.search_path_set_schemas = None


class _Renderer:
    def __init__(self, cursor, schema: str) -> None:  # type: ignore[no-untyped-def]
        self.cursor = cursor
        self.schema = schema
        self.namespace = self._rows("SELECT oid FROM pg_catalog.pg_namespace WHERE nspname = %s", schema)[0][0]
        self.tables = self._rows(
            "SELECT oid, relname, reloptions FROM pg_catalog.pg_class WHERE relnamespace = %s AND relkind = 'r' ORDER BY oid",
            self.namespace,
        )

    def render(self) -> str:
        self._refuse_what_is_unknown()
        statements = [
            f'CREATE SCHEMA "{self.schema}";',
            "SET LOCAL check_function_bodies = off;",
            *self._sequences(),
            *self._functions(),
            *[self._table(oid, name, options) for oid, name, options in self.tables],
            *self._sequence_owners(),
            *self._rows_of_tables(),
            *self._constraints("'p','u','x'"),
            *self._indexes(),
            *self._constraints("'f'"),
            *self._views(),
            *self._triggers(),
            *self._sequence_positions(),
        ]
        return self._under_another_name("\n".join(statements))

    def _rows(self, statement: str, *parameters: object) -> list[tuple]:
        self.cursor.execute(statement, parameters or None)
        return self.cursor.fetchall()

    def _lines(self, statement: str) -> list[str]:
        return [line for (line,) in self._rows(statement, self.namespace)]

    def _refuse_what_is_unknown(self) -> None:
        strange = self._rows(
            """SELECT relname::text FROM pg_catalog.pg_class WHERE relnamespace = %s AND relkind IN ('p', 'm', 'f')
               UNION ALL SELECT typname::text FROM pg_catalog.pg_type WHERE typnamespace = %s AND typtype IN ('e', 'd', 'r', 'm')
               UNION ALL SELECT extname::text FROM pg_catalog.pg_extension WHERE extnamespace = %s
               UNION ALL SELECT inhrelid::regclass::text FROM pg_catalog.pg_inherits
                         JOIN pg_catalog.pg_class ON pg_class.oid = inhrelid WHERE relnamespace = %s AND relkind = 'r'""",
            *[self.namespace] * 4,
        )
        if strange:
            raise CannotRender(f"Teach tenants/rendering.py to copy: {', '.join(name for (name,) in strange)}")

    def _all_sequences(self) -> list[tuple]:
        """oid, name, type, increment, min, max, start, cache, cycles, and how it hangs on its column: i(dentity), a(uto) or none."""
        return self._rows(
            """SELECT c.oid, c.relname, pg_catalog.format_type(s.seqtypid, NULL), s.seqincrement, s.seqmin, s.seqmax, s.seqstart,
                      s.seqcache, s.seqcycle, d.deptype
               FROM pg_catalog.pg_class c
               JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
               LEFT JOIN pg_catalog.pg_depend d ON d.objid = c.oid AND d.classid = 'pg_catalog.pg_class'::regclass
                    AND d.refclassid = 'pg_catalog.pg_class'::regclass AND d.deptype IN ('a', 'i')
               WHERE c.relnamespace = %s ORDER BY c.relname""",
            self.namespace,
        )

    def _sequences(self) -> list[str]:
        return [
            f'CREATE SEQUENCE "{self.schema}"."{name}" AS {kind} {_sequence_options(increment, low, high, start, cache, cycles)};'
            for _oid, name, kind, increment, low, high, start, cache, cycles, tie in self._all_sequences()
            if tie != "i"
        ]

    def _sequence_owners(self) -> list[str]:
        return self._lines(
            f"""SELECT format('ALTER SEQUENCE "{self.schema}".%%I OWNED BY %%s.%%I;', c.relname, d.refobjid::regclass, a.attname)
                FROM pg_catalog.pg_class c
                JOIN pg_catalog.pg_depend d ON d.objid = c.oid AND d.classid = 'pg_catalog.pg_class'::regclass AND d.deptype = 'a'
                JOIN pg_catalog.pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE c.relkind = 'S' AND c.relnamespace = %s ORDER BY c.relname"""
        )

    def _sequence_positions(self) -> list[str]:
        positions = []
        for _oid, name, *_rest in self._all_sequences():
            last, is_called = self._rows(f'SELECT last_value, is_called FROM "{self.schema}"."{name}"')[0]
            if is_called:
                positions.append(f"""SELECT pg_catalog.setval('"{self.schema}"."{name}"', {last}, true);""")
        return positions

    def _functions(self) -> list[str]:
        return self._lines(
            """SELECT pg_catalog.pg_get_functiondef(oid) || ';' FROM pg_catalog.pg_proc
               WHERE pronamespace = %s AND prokind IN ('f', 'p') ORDER BY oid"""
        )

    def _table(self, oid: int, name: str, options: list[str] | None) -> str:
        columns = [self._column(name, *column) for column in self._columns(oid)]
        checks = self._rows(
            """SELECT format('CONSTRAINT %%I %%s', conname, pg_catalog.pg_get_constraintdef(oid)) FROM pg_catalog.pg_constraint
               WHERE conrelid = %s AND contype = 'c' ORDER BY oid""",
            oid,
        )
        body = ",\n  ".join(columns + [check for (check,) in checks])
        storage = f" WITH ({', '.join(options)})" if options else ""
        return f'CREATE TABLE "{self.schema}"."{name}" (\n  {body}\n){storage};'

    def _columns(self, table: int) -> list[tuple]:
        return self._rows(
            """SELECT a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), a.attnotnull, n.conname, a.attidentity, a.attgenerated,
                      pg_catalog.pg_get_expr(d.adbin, d.adrelid),
                      CASE WHEN a.attcollation <> t.typcollation THEN a.attcollation::regcollation::text END
               FROM pg_catalog.pg_attribute a
               JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
               LEFT JOIN pg_catalog.pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
               LEFT JOIN pg_catalog.pg_constraint n ON n.conrelid = a.attrelid AND n.contype = 'n' AND n.conkey = ARRAY[a.attnum]
               WHERE a.attrelid = %s AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum""",
            table,
        )

    def _column(
        self,
        table: str,
        name: str,
        kind: str,
        is_required: bool,
        required_as: str | None,
        identity: str,
        generated: str,
        default: str | None,
        collation: str | None,
    ) -> str:
        words = [f'"{name}"', kind]
        if collation:
            words.append(f"COLLATE {collation}")
        if generated:
            words.append(f"GENERATED ALWAYS AS ({default}) {'STORED' if generated == 's' else 'VIRTUAL'}")
        elif identity:
            words.append(self._identity(table, name, identity))
        elif default is not None:
            words.append(f"DEFAULT {default}")
        if is_required and required_as:
            words.append(f'CONSTRAINT "{required_as}" NOT NULL')
        elif is_required:
            words.append("NOT NULL")
        return " ".join(words)

    def _identity(self, table: str, column: str, identity: str) -> str:
        [options] = self._rows(
            """SELECT seqincrement, seqmin, seqmax, seqstart, seqcache, seqcycle FROM pg_catalog.pg_sequence
               WHERE seqrelid = pg_catalog.pg_get_serial_sequence(%s, %s)::regclass""",
            f'"{self.schema}"."{table}"',
            column,
        )
        return f"GENERATED {'ALWAYS' if identity == 'a' else 'BY DEFAULT'} AS IDENTITY ({_sequence_options(*options)})"

    def _rows_of_tables(self) -> list[str]:
        copies = []
        for oid, name, _options in self.tables:
            if not self._rows(f'SELECT EXISTS (SELECT FROM "{self.schema}"."{name}")')[0][0]:
                continue
            [(columns,)] = self._rows(
                """SELECT string_agg(pg_catalog.quote_ident(attname), ', ' ORDER BY attnum) FROM pg_catalog.pg_attribute
                   WHERE attrelid = %s AND attnum > 0 AND NOT attisdropped AND attgenerated = ''""",
                oid,
            )
            copies.append(
                f'INSERT INTO "{self.schema}"."{name}" ({columns}) OVERRIDING SYSTEM VALUE SELECT {columns} FROM "{SOURCE}"."{name}";'
            )
        return copies

    def _constraints(self, kinds: str) -> list[str]:
        return self._lines(
            f"""SELECT format('ALTER TABLE %%s ADD CONSTRAINT %%I %%s;', conrelid::regclass, conname, pg_catalog.pg_get_constraintdef(oid))
                FROM pg_catalog.pg_constraint WHERE connamespace = %s AND contype IN ({kinds}) ORDER BY oid"""
        )

    def _indexes(self) -> list[str]:
        return self._lines(
            """SELECT pg_catalog.pg_get_indexdef(i.indexrelid) || ';' FROM pg_catalog.pg_index i
               JOIN pg_catalog.pg_class c ON c.oid = i.indexrelid
               WHERE c.relnamespace = %s
                 AND NOT EXISTS (SELECT FROM pg_catalog.pg_constraint WHERE conindid = i.indexrelid AND contype IN ('p', 'u', 'x'))
               ORDER BY i.indexrelid"""
        )

    def _views(self) -> list[str]:
        return self._lines(
            f"""SELECT format('CREATE VIEW "{self.schema}".%%I AS %%s', relname, pg_catalog.pg_get_viewdef(oid))
                FROM pg_catalog.pg_class WHERE relnamespace = %s AND relkind = 'v' ORDER BY oid"""
        )

    def _triggers(self) -> list[str]:
        return self._lines(
            """SELECT pg_catalog.pg_get_triggerdef(t.oid) || ';' FROM pg_catalog.pg_trigger t
               JOIN pg_catalog.pg_class c ON c.oid = t.tgrelid WHERE c.relnamespace = %s AND NOT t.tgisinternal ORDER BY t.oid"""
        )

    def _under_another_name(self, text: str) -> str:
        name = re.escape(self.schema)
        text = re.sub(rf'"{name}"\.', f'"{MARK}".', text)
        text = re.sub(rf'(?<![\w."$]){name}\.', f'"{MARK}".', text)
        text = text.replace(f'CREATE SCHEMA "{self.schema}"', f'CREATE SCHEMA "{MARK}"')
        return text.replace(f'"{SOURCE}".', f'"{self.schema}".')


SOURCE = "{{template}}"


def _sequence_options(increment: int, low: int, high: int, start: int, cache: int, cycles: bool) -> str:
    return f"INCREMENT {increment} MINVALUE {low} MAXVALUE {high} START {start} CACHE {cache}{' CYCLE' if cycles else ''}"
