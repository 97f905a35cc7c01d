// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const assert = require('node:assert/strict');
const http = require('node:http');
const { after, before, test } = require('node:test');
const { PrismaError } = require('../lib/errors');
const { createServer } = require('../lib/server');

/** An engine that answers what it was asked. */
const engine = {
  async query(request, transaction) {
    if (request.query === 'bad') throw new PrismaError('P2009', 'no such thing');
    return { data: { request, transaction } };
  },
  startTransaction: async (options) => ({ status: 200, body: { id: 'new', options } }),
  commitTransaction: async (id) => ({ status: 200, body: { committed: id } }),
  rollbackTransaction: async () => ({ status: 404, body: { message: 'Transaction not found' } }),
};
const server = createServer(engine);

before(() => new Promise((resolve) => { server.listen(0, '127.0.0.1', resolve); }));
after(() => { server.close(); server.closeAllConnections?.(); });

function ask(method, path, body, headers = {}) {
  return new Promise((resolve, reject) => {
    const { port } = server.address();
    const request = http.request({ host: '127.0.0.1', port, method, path, headers, agent: false }, (response) => {
      let text = '';
      response.on('data', (chunk) => { text += chunk; });
      response.on('end', () => resolve({ status: response.statusCode, body: JSON.parse(text) }));
    });
    request.on('error', reject);
    request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

test('it says that it is up', async () => {
  assert.deepEqual(await ask('GET', '/status'), { status: 200, body: { status: 'ok' } });
});

test('a query goes to the engine, with its transaction', async () => {
  const { body } = await ask('POST', '/', { query: 'q' }, { 'X-transaction-id': 't1' });
  assert.deepEqual(body, { data: { request: { query: 'q' }, transaction: 't1' } });
});

test('a query that fails is an answer with status 200', async () => {
  const { status, body } = await ask('POST', '/', { query: 'bad' });
  assert.equal(status, 200);
  assert.deepEqual(body.errors[0].user_facing_error,
    { is_panic: false, message: 'no such thing', meta: {}, error_code: 'P2009' });
});

test('transactions start, commit and roll back by their own paths', async () => {
  const started = await ask('POST', '/transaction/start', { timeout: 5 });
  assert.deepEqual(started.body, { id: 'new', options: { timeout: 5 } });
  assert.deepEqual((await ask('POST', '/transaction/t1/commit')).body, { committed: 't1' });
  assert.equal((await ask('POST', '/transaction/t1/rollback')).status, 404);
});

test('other paths are not found', async () => {
  assert.equal((await ask('GET', '/nothing')).status, 404);
  assert.equal((await ask('POST', '/nothing', {})).status, 404);
});
