import type pg from 'pg'

/**
 * The schemas `public` and `auth` as SQL that a person can read: tables with columns, constraints, indexes, policies and
 * comments, in an order that does not depend on how they came about. Two databases are alike when this text is.
 */
export async function dumpSchema(client: pg.Client): Promise<string> {
  const functions = await lines(client, FUNCTIONS)
  const tables = await client.query<Table>(TABLES)
  const parts = [
    '-- Written by `npm run generate`: the schema after all migrations. Change it by a new migration.',
    ...functions,
  ]
  for (const table of tables.rows) parts.push(await dumpTable(client, table))
  return `${parts.join('\n\n')}\n`
}

type Table = { oid: number; name: string; parted: string | null }

async function dumpTable(client: pg.Client, { oid, name, parted }: Table): Promise<string> {
  const columns = await lines(client, COLUMNS, oid)
  const constraints = await lines(client, CONSTRAINTS, oid)
  const body = [...columns, ...constraints].map((line) => `  ${line}`).join(',\n')
  const after = [
    ...(await lines(client, SETTINGS, oid)),
    ...(await lines(client, INDEXES, oid)),
    ...(await lines(client, POLICIES, oid)),
  ]
  return [`create table ${name} (\n${body}\n)${parted ?? ''};`, ...after, ...(await lines(client, COMMENTS, oid))].join(
    '\n',
  )
}

async function lines(client: pg.Client, query: string, oid?: number): Promise<string[]> {
  const { rows } = await client.query<{ line: string }>(query, oid === undefined ? [] : [oid])
  return rows.map(({ line }) => line)
}

const OURS = `n.nspname in ('public', 'auth')`

const FUNCTIONS = `
  select rtrim(pg_get_functiondef(p.oid), E' \\n') || ';' as line
  from pg_proc p join pg_namespace n on n.oid = p.pronamespace
  where ${OURS} and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  order by p.proname`

const TABLES = `
  select c.oid, c.oid::regclass::text as name, ' partition by ' || pg_get_partkeydef(c.oid) as parted
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where ${OURS} and c.relkind in ('r', 'p') and c.relname <> 'schema_migration'
  order by n.nspname, c.relname`

const COLUMNS = `
  select concat_ws(' ', quote_ident(a.attname), format_type(a.atttypid, a.atttypmod),
    case when a.attnotnull then 'not null' end,
    case when a.attgenerated = 's' then 'generated always as (' || pg_get_expr(d.adbin, d.adrelid) || ') stored'
         when d.adbin is not null then 'default ' || pg_get_expr(d.adbin, d.adrelid) end) as line
  from pg_attribute a left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
  where a.attrelid = $1 and a.attnum > 0 and not a.attisdropped
  order by a.attnum`

const CONSTRAINTS = `
  select 'constraint ' || quote_ident(conname) || ' ' || pg_get_constraintdef(oid) as line
  from pg_constraint
  where conrelid = $1 and contype <> 'n'
  order by array_position('{p,u,x,f,c}'::"char"[], contype), conname`

const SETTINGS = `
  select 'alter table ' || c.oid::regclass || ' ' || setting || ';' as line
  from pg_class c,
    unnest(array[case when relrowsecurity then 'enable row level security' end,
                 case when relforcerowsecurity then 'force row level security' end,
                 'set (' || array_to_string(reloptions, ', ') || ')']) as setting
  where c.oid = $1 and setting is not null`

const INDEXES = `
  select pg_get_indexdef(i.indexrelid) || ';' as line
  from pg_index i
  where i.indrelid = $1 and not exists (select from pg_constraint c where c.conindid = i.indexrelid)
  order by i.indexrelid::regclass::text`

const POLICIES = `
  select concat_ws(' ', 'create policy', quote_ident(polname), 'on', polrelid::regclass,
    'using (' || pg_get_expr(polqual, polrelid) || ')',
    'with check (' || pg_get_expr(polwithcheck, polrelid) || ')') || ';' as line
  from pg_policy where polrelid = $1 order by polname`

const COMMENTS = `
  select 'comment on column ' || $1::oid::regclass || '.' || quote_ident(a.attname) || ' is ' ||
    quote_literal(d.description) || ';' as line
  from pg_description d join pg_attribute a on a.attrelid = d.objoid and a.attnum = d.objsubid
  where d.objoid = $1 and d.classoid = 'pg_class'::regclass
  order by a.attnum`
