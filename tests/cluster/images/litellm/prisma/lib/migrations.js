// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* Migrations: SQL files applied in the order of their names, with the bookkeeping of Prisma's table. */
const crypto = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { Client } = require('pg');
const { PrismaError, unreachable } = require('./errors');

const ADVISORY_LOCK = 72707369; // Prisma's own number: two deploys on one database wait for each other
const ADVISORY_LOCK_SECONDS = 10;
const LOCK_NOT_AVAILABLE = '55P03';
const CREATE_TABLE = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL, checksum VARCHAR(64) NOT NULL, finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL, logs TEXT, rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(), applied_steps_count INTEGER NOT NULL DEFAULT 0)`;
const RESOLVE = 'Read more about how to resolve migration issues in a production database: '
  + 'https://pris.ly/d/migrate-resolve';

/** A connection; `database` instead of the one of the settings when that one is not there yet. */
async function open({ client }, database = client.database) {
  const connection = new Client({ ...client, database });
  connection.on('error', () => {}); // a lost connection is reported by the query that it ends
  try {
    await connection.connect();
  } catch (error) {
    throw asConnectError(error, client, database);
  }
  return connection;
}

function asConnectError(error, { host, port, user }, database) {
  if (error.code === '3D000') {
    return new PrismaError('P1003', `Database \`${database}\` does not exist`, { database_name: database });
  }
  if (['28P01', '28000'].includes(error.code)) {
    return new PrismaError('P1000', 'Authentication failed against database server, the provided database credentials '
      + `for \`${user}\` are not valid.`, { database_user: user });
  }
  return unreachable(host, port);
}

const commands = {
  async 'can-connect-to-database'(settings) {
    await (await open(settings)).end();
  },

  async 'create-database'(settings) {
    const connection = await open(settings, 'postgres');
    await connection.query(`CREATE DATABASE ${connection.escapeIdentifier(settings.client.database)}`);
    await connection.end();
  },
};

const methods = {
  async listMigrationDirectories(database, { migrationsDirectoryPath }) {
    return { migrations: directories(migrationsDirectoryPath) };
  },

  /*
   * Unlike the binary, this does not refuse a database that has tables but no record of migrations (P3005). LiteLLM
   * answers that by comparing schemas, which this program cannot do, and takes the empty outcome for "no difference":
   * it would record every migration as applied without applying one.
   */
  async applyMigrations(database, { migrationsDirectoryPath }) {
    await lock(database);
    await database.query(CREATE_TABLE);
    const { rows } = await database.query(
      'SELECT migration_name AS name, started_at, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL');
    const failed = rows.find((row) => !row.finished_at);
    if (failed) throw failedBefore(failed);
    const applied = new Set(rows.map((row) => row.name));
    const pending = directories(migrationsDirectoryPath).filter((name) => !applied.has(name));
    for (const name of pending) await apply(database, name, script(migrationsDirectoryPath, name));
    return { appliedMigrationNames: pending };
  },

  async markMigrationApplied(database, { migrationsDirectoryPath, migrationName }) {
    const sql = script(migrationsDirectoryPath, migrationName);
    await database.query(CREATE_TABLE);
    const { rowCount } = await database.query(
      'SELECT FROM _prisma_migrations WHERE migration_name = $1 AND finished_at IS NOT NULL AND rolled_back_at IS NULL',
      [migrationName]);
    if (rowCount) {
      throw new PrismaError('P3008',
        `The migration \`${migrationName}\` is already recorded as applied in the database.`,
        { migration_name: migrationName });
    }
    await rollBack(database, migrationName);
    await database.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at, finished_at)
      VALUES ($1, $2, $3, now(), now())`, [crypto.randomUUID(), checksum(sql), migrationName]);
    return {};
  },

  async markMigrationRolledBack(database, { migrationName }) {
    await database.query(CREATE_TABLE);
    if (await rollBack(database, migrationName) === 0) {
      throw new PrismaError('P3012',
        `Migration \`${migrationName}\` cannot be rolled back because it is not in a failed state.`,
        { migration_name: migrationName });
    }
    return {};
  },
};

/**
 * Held until this process ends its connection, which is when the CLI has its answer. LiteLLM from 1.108 on holds this
 * lock itself while the CLI runs, and says so by Prisma's own variable: to wait for it would be to wait for oneself.
 */
async function lock(database) {
  if (process.env.PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK) return;
  const statement = `SELECT pg_advisory_lock(${ADVISORY_LOCK})`;
  await database.query(`SET lock_timeout = '${ADVISORY_LOCK_SECONDS}s'`);
  try {
    await database.query(statement);
  } catch (error) {
    if (error.code !== LOCK_NOT_AVAILABLE) throw error;
    throw new PrismaError('P1002',
      `The database server at \`${database.host}:${database.port}\` was reached but timed out.\n\nContext: `
      + ` Timed out trying to acquire a postgres advisory lock (${statement}). `
      + `Elapsed: ${ADVISORY_LOCK_SECONDS * 1000}ms.`, { database_host: database.host, database_port: database.port });
  }
  await database.query('RESET lock_timeout');
}

async function apply(database, name, sql) {
  const id = crypto.randomUUID();
  await database.query(`INSERT INTO _prisma_migrations (id, checksum, migration_name, started_at)
    VALUES ($1, $2, $3, now())`, [id, checksum(sql), name]);
  try {
    await database.query(sql.toString()); // the simple protocol: a file may hold many statements
  } catch (error) {
    const log = 'A migration failed to apply. New migrations cannot be applied before the error is recovered from. '
      + `${RESOLVE}\n\nMigration name: ${name}\n\nDatabase error code: ${error.code}\n\n`
      + `Database error:\nERROR: ${error.message}\n`;
    const failure = new PrismaError('P3018', log,
      { migration_name: name, database_error_code: String(error.code), database_error: error.message });
    // A migration may end the connection or leave its transaction open; the failure itself is what must be reported.
    await database.query('ROLLBACK').catch(() => {});
    await database.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, log]).catch(() => {});
    throw failure;
  }
  await database.query(
    'UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}

/** LiteLLM reads the migration's name and its start out of this message. */
function failedBefore({ name, started_at: started }) {
  const start = started.toISOString().replace('T', ' ').replace('Z', ' UTC');
  const details = `The \`${name}\` migration started at ${start} failed`;
  return new PrismaError('P3009',
    'migrate found failed migrations in the target database, new migrations will not be applied. '
    + `${RESOLVE}\n${details}`,
    { details });
}

async function rollBack(database, name) {
  const { rowCount } = await database.query(`UPDATE _prisma_migrations SET rolled_back_at = now()
    WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL`, [name]);
  return rowCount;
}

function directories(at) {
  if (!fs.existsSync(at)) return [];
  const entries = fs.readdirSync(at, { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name).sort();
}

function script(at, name) {
  try {
    return fs.readFileSync(path.join(at, name, 'migration.sql'));
  } catch {
    throw new PrismaError('P3017',
      `The migration ${name} could not be found. Please make sure that the migration exists, `
      + 'and that you included the whole name of the directory.', { migration_name: name });
  }
}

function checksum(sql) {
  return crypto.createHash('sha256').update(sql).digest('hex');
}

module.exports = { commands, methods, open };
