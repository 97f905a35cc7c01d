// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const assert = require('node:assert/strict');
const test = require('node:test');
const { ErrorRegistry } = require('../lib/database');
const { transactionStatus } = require('../lib/engine');
const { PrismaError, connectionError, errorLog, userFacingError } = require('../lib/errors');

const DATABASE = { host: 'db', port: 5432 };

for (const [message, code, expected] of [
  ['timeout exceeded when trying to connect', undefined, 'P2024'],
  ['connect ECONNREFUSED 127.0.0.1:5432', 'ECONNREFUSED', 'P1001'],
  ['getaddrinfo ENOTFOUND db', 'ENOTFOUND', 'P1001'],
  ['Connection terminated unexpectedly', undefined, 'P1017'],
  ['read ECONNRESET', 'ECONNRESET', 'P1017'],
  ['Client has encountered a connection error and is not queryable', undefined, 'P1017'],
  ['something else', undefined, 'P2010'],
]) {
  test(`"${message}" is ${expected}`, () => {
    const error = connectionError(Object.assign(new Error(message), { code }), DATABASE);
    assert.equal(error.prisma.error_code, expected);
  });
}

test('an unreachable database is named, as LiteLLM looks for it', () => {
  const { message } = connectionError(new Error('connect ECONNREFUSED'), DATABASE);
  assert.match(message, /^Can't reach database server at `db:5432`/);
});

test('an error with a code of its own keeps it, another gets the one given, or none', () => {
  assert.equal(userFacingError(new PrismaError('P3009', 'x'), 'P1012').error_code, 'P3009');
  assert.equal(userFacingError(new Error('x'), 'P1012').error_code, 'P1012');
  assert.deepEqual(userFacingError(new Error('x')), { is_panic: false, message: 'x', backtrace: null });
});

test('the log of an error has a first line to skip and the error in the second', () => {
  const lines = errorLog(new PrismaError('P1003', 'no such database')).split('\n');
  assert.equal(lines.length, 2);
  const { level, target, fields } = JSON.parse(lines[1]);
  assert.deepEqual([level, target, fields.error_code], ['ERROR', 'schema_engine::logger', 'P1003']);
});

test('an error is looked up once and then forgotten', () => {
  const registry = new ErrorRegistry();
  const [first, second] = [registry.add(new Error('first')), registry.add(new Error('second'))];
  assert.equal(registry.take(second).message, 'second');
  assert.equal(registry.take(first).message, 'first');
  assert.equal(registry.take(first), undefined);
});

for (const [message, status] of [
  ['Transaction API error: Unable to start a transaction in the given time.', 504],
  ['Transaction API error: Transaction not found.', 404],
  ['Transaction API error: Transaction already closed: it expired.', 422],
  ['Something else', 500],
]) {
  test(`"${message}" has status ${status}`, () => assert.equal(transactionStatus(message), status));
}
