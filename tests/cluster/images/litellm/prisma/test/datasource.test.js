// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const assert = require('node:assert/strict');
const test = require('node:test');
const { connectionSettings, datasourceUrl, readSchema } = require('../lib/datasource');

const SCHEMA = 'datasource client {\n  provider = "postgresql"\n  url      = env("DATABASE_URL")\n}\n';

test('the URL is the variable that the schema names', () => {
  assert.equal(datasourceUrl(SCHEMA, { DATABASE_URL: 'postgresql://a/b' }), 'postgresql://a/b');
});

test('the URL may stand in the schema', () => {
  assert.equal(datasourceUrl(SCHEMA.replace('env("DATABASE_URL")', '"postgresql://c/d"'), {}), 'postgresql://c/d');
});

test('an override wins, plain or base64', () => {
  const override = JSON.stringify([{ name: 'client', url: 'postgresql://x/y' }]);
  for (const OVERWRITE_DATASOURCES of [override, Buffer.from(override).toString('base64')]) {
    const environment = { OVERWRITE_DATASOURCES, DATABASE_URL: 'postgresql://a/b' };
    assert.equal(datasourceUrl(SCHEMA, environment), 'postgresql://x/y');
  }
});

test('a missing variable is named', () => {
  assert.throws(() => datasourceUrl(SCHEMA, {}), /Environment variable not found: DATABASE_URL/);
});

test('the schema comes as base64 when there is no file', () => {
  assert.equal(readSchema({ PRISMA_DML: Buffer.from(SCHEMA).toString('base64') }), SCHEMA);
});

test('a URL becomes settings, without what only Prisma understands', () => {
  const { client, pool, schema } = connectionSettings(
    'postgresql://us%40er:p%2Fw@db.example:6432/lite%20llm?connection_limit=5&pool_timeout=60&pgbouncer=true');
  assert.deepEqual(client, {
    host: 'db.example',
    port: 6432,
    user: 'us@er',
    password: 'p/w',
    database: 'lite llm',
    application_name: undefined,
    ssl: false,
    keepAlive: true,
  });
  assert.equal(pool.max, 5);
  assert.equal(pool.connectionTimeoutMillis, 60_000);
  assert.equal(schema, 'public');
});

test('a schema is put on the search path, next to options of the URL', () => {
  const { client, schema } = connectionSettings('postgresql://h/d?schema=other&options=-c%20work_mem%3D4MB');
  assert.equal(schema, 'other');
  assert.equal(client.options, '-c search_path="other" -c work_mem=4MB');
});

test('a host may be an IPv6 address or the folder of a socket', () => {
  assert.equal(connectionSettings('postgresql://[::1]:5433/d').client.host, '::1');
  assert.equal(connectionSettings('postgresql://localhost/d?host=/run/postgresql').client.host, '/run/postgresql');
});

test('TLS is off unless asked for, and checks the server only with sslaccept=strict', () => {
  const ssl = (query) => connectionSettings(`postgresql://h/d${query}`).client.ssl;
  assert.equal(ssl(''), false);
  assert.equal(ssl('?sslmode=prefer'), false);
  assert.deepEqual(ssl('?sslmode=require'), { rejectUnauthorized: false });
  assert.deepEqual(ssl('?sslmode=require&sslaccept=strict'), { rejectUnauthorized: true });
});

test('what is no URL is refused without repeating it: it may hold a password', () => {
  assert.throws(() => connectionSettings('not a url'), (error) => {
    assert.equal(error.prisma.error_code, 'P1013');
    assert.doesNotMatch(error.message, /not a url/);
    return true;
  });
});
