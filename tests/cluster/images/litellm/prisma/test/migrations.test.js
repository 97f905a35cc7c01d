// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';

const assert = require('node:assert/strict');
const fs = require('node:fs');
const os = require('node:os');
const path = require('node:path');
const { afterEach, test } = require('node:test');

const { methods } = require('../lib/migrations');

const directory = fs.mkdtempSync(path.join(os.tmpdir(), 'migrations-'));
fs.mkdirSync(path.join(directory, '1_first'));
fs.writeFileSync(path.join(directory, '1_first', 'migration.sql'), 'CREATE TABLE first ()');

/** A database that keeps what it is asked, and has no record of a migration. */
function database() {
  const asked = [];
  return { asked, query: async (sql) => { asked.push(sql); return { rows: [], rowCount: 0 }; } };
}

afterEach(() => { delete process.env.PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK; });

test('the lock is taken before anything else is done', async () => {
  const there = database();
  const { appliedMigrationNames } = await methods.applyMigrations(there, { migrationsDirectoryPath: directory });
  assert.deepEqual(appliedMigrationNames, ['1_first']);
  assert.match(there.asked[1], /pg_advisory_lock\(72707369\)/);
  assert.ok(there.asked.includes('CREATE TABLE first ()'));
});

test('who holds the lock already says so, and is not waited for', async () => {
  process.env.PRISMA_SCHEMA_DISABLE_ADVISORY_LOCK = '1';
  const there = database();
  const { appliedMigrationNames } = await methods.applyMigrations(there, { migrationsDirectoryPath: directory });
  assert.deepEqual(appliedMigrationNames, ['1_first']);
  assert.ok(there.asked.every((sql) => !sql.includes('pg_advisory_lock')));
});
