import type { PoolSql } from "../../lib/pool.ts";

/** Where the snapshot of the schema stands. */
export const SCHEMA = new URL("../../lib/database/schema.sql", import.meta.url).pathname;

const HEAD = `-- The schema as all migrations together make it: to read, not to run. Made by \`bun run schema\`; a test compares it.
`;

/** The schema of a library in SQL: types, tables with their columns, keys and indexes, functions, triggers, views. */
export async function schemaText(sql: PoolSql): Promise<string> {
  const rows = await sql<{ text: string }[]>`
    with own as (select oid from pg_namespace where nspname = 'public'),
    tables as (select oid, relname, relkind, reloptions from pg_class where relnamespace in (table own))
    select text
    from (
      select 1 as kind, typname::text as name, format(
        E'create type %s as enum (%s);', typname,
        (select string_agg(quote_literal(enumlabel), ', ' order by enumsortorder) from pg_enum where enumtypid = pg_type.oid)
      ) as text
      from pg_type
      where typnamespace in (table own) and typtype = 'e'
      union all
      select 2, relname, format(
        E'create table %s (\n%s\n)%s;%s', relname,
        (
          select string_agg(line, E',\n' order by place, line)
          from (
            select attnum as place, format(
              '  %s %s%s%s', attname, format_type(atttypid, atttypmod),
              case when attidentity <> '' then ' generated always as identity'
                when adbin is not null then ' default ' || pg_get_expr(adbin, adrelid) else '' end,
              case when attnotnull then ' not null' else '' end
            ) as line
            from pg_attribute
            left join pg_attrdef on adrelid = attrelid and adnum = attnum
            where attrelid = tables.oid and attnum > 0 and not attisdropped
            union all
            select 10000, '  ' || pg_get_constraintdef(oid)
            from pg_constraint
            where conrelid = tables.oid and contype <> 'n'
          ) as lines
        ),
        coalesce(' with (' || array_to_string(reloptions, ', ') || ')', ''),
        coalesce((
          select string_agg(E'\n' || pg_get_indexdef(indexrelid) || ';', '' order by indexrelid::regclass::text)
          from pg_index
          where indrelid = tables.oid
            and not exists (select from pg_constraint where conindid = indexrelid and contype in ('p', 'u'))
        ), '')
      )
      from tables
      where relkind = 'r'
      union all
      select 3, proname, regexp_replace(pg_get_functiondef(pg_proc.oid), '\s+$', '') || ';'
      from pg_proc
      where pronamespace in (table own)
        and not exists (select from pg_depend where objid = pg_proc.oid and deptype = 'e')
      union all
      select 4, relname || tgname, pg_get_triggerdef(pg_trigger.oid) || ';'
      from pg_trigger
      join tables on tables.oid = tgrelid
      where not tgisinternal
      union all
      select 5, relname, format(E'create view %s as\n%s', relname, pg_get_viewdef(oid))
      from tables
      where relkind = 'v'
    ) as parts
    order by kind, name collate "C"`;
  return `${[HEAD, ...rows.map(({ text }) => `${text}\n`)].join("\n")}`;
}
