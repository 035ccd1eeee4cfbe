import type { Client } from 'pg'

/** What is recorded, and of what: columns that no check reads are left out. */
const TABLES: { table: string; on: string; without?: string[] }[] = [
  { table: 'booking', on: 'insert or update or delete', without: ['answers', 'attendees'] },
  { table: 'claim', on: 'insert or update or delete' },
  { table: 'seat', on: 'insert or update or delete' },
  { table: 'hold', on: 'insert or update or delete' },
  { table: 'group_session', on: 'insert or update or delete' },
  { table: 'idempotency_key', on: 'insert or update or delete', without: ['request_hash'] },
  { table: 'wish', on: 'insert or update or delete' },
  { table: 'wish_offer', on: 'insert or update or delete' },
  { table: 'audit_event', on: 'insert or update or delete' },
  // Updates of the ledger say how sending went, which its rows tell in the end.
  { table: 'message', on: 'insert or delete', without: ['facts'] },
]

/**
 * Records every change of every row beside the product, in the transaction that makes it: afterwards it is known what was
 * true at any moment, and which changes came together.
 */
export async function installRecorder(superuser: Client): Promise<void> {
  await superuser.query(`
    create schema integrity;
    create table integrity.change (id bigserial primary key, table_name text not null, op text not null, row jsonb not null);
    create function integrity.record() returns trigger language plpgsql security definer set search_path = '' as $$
    begin
      insert into integrity.change (table_name, op, row)
      values (tg_argv[0], lower(tg_op), (case tg_op when 'DELETE' then to_jsonb(old) else to_jsonb(new) end) - tg_argv[1:]);
      return null;
    end $$`)
  for (const { table, on, without = [] } of TABLES) {
    // By the name that is given here: to the trigger, a row of a partitioned table is one of its part.
    const given = [table, ...without].map((name) => `'${name}'`).join(', ')
    await superuser.query(`
      create trigger integrity_record after ${on} on ${table} for each row execute function integrity.record(${given})`)
  }
}
