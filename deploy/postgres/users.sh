#!/bin/bash
# Run once, when the database is made: users that may do what they must, and no more.
set -euo pipefail
secret() { cat "/made/database/$1"; }
psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" -d postgres \
  -v owner="$(secret owner)" -v app="$(secret app)" -v readonly="$(secret readonly)" -v replication="$(secret replication)" <<'SQL'
-- The role that the application works as: it reads and writes rows, and cannot change the schema.
create role slotkeeper_app nologin;
-- Migrates, and does nothing else.
create role slotkeeper_owner login password :'owner';
create role slotkeeper login password :'app' in role slotkeeper_app;
-- For people who look: sees every business, changes nothing, and learns no password, session or key.
create role slotkeeper_readonly login bypassrls password :'readonly';
alter role slotkeeper_readonly set default_transaction_read_only = on;
create role slotkeeper_replication login replication password :'replication';
-- Makes backups, and sees every row, as whoever reads the files does. It has no password, and comes in by the socket alone.
create role slotkeeper_backup login bypassrls in role pg_read_all_data, pg_read_all_settings, pg_checkpoint;
grant execute on function pg_backup_start(text, boolean), pg_backup_stop(boolean), pg_create_restore_point(text), pg_switch_wal()
  to slotkeeper_backup;
create database slotkeeper owner slotkeeper_owner;
revoke all on database slotkeeper from public;
grant connect on database slotkeeper to slotkeeper_app, slotkeeper_readonly, slotkeeper_backup;
SQL
# pg_read_all_data would show the passwords of all users too: what migrations make is shown, but for the schema of sign-in.
psql -v ON_ERROR_STOP=1 --no-psqlrc -U "$POSTGRES_USER" -d slotkeeper <<'SQL'
alter default privileges for role slotkeeper_owner in schema public grant select on tables to slotkeeper_readonly;
SQL
