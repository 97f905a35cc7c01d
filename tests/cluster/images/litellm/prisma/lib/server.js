// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* The HTTP interface of the query engine, as prisma-client-py uses it. */
const http = require('node:http');
const { asAnswer, userFacingError } = require('./errors');
const exactJson = require('./exact-json');

const TRANSACTION = /^\/transaction\/(?:(start)|([^/]+)\/(commit|rollback))$/;

function createServer(engine) {
  const server = http.createServer(async (request, response) => {
    const { status, body } = await reply(engine, request).catch((error) => (
      // A query that fails is an answer: prisma-client-py looks for errors in a body with status 200.
      { status: 200, body: { errors: [asAnswer(userFacingError(error, 'P2009'))] } }
    ));
    response.writeHead(status, { 'content-type': 'application/json' });
    response.end(exactJson.stringify(body));
  });
  server.keepAliveTimeout = 600_000; // longer than a client keeps an idle connection, lest a request meet a closing one
  return server;
}

async function reply(engine, request) {
  const { pathname } = new URL(request.url, 'http://engine');
  if (request.method === 'GET') {
    return pathname === '/status' ? { status: 200, body: { status: 'ok' } } : { status: 404, body: {} };
  }
  const text = await read(request);
  const [isTransaction, start, id, end] = TRANSACTION.exec(pathname) ?? [];
  if (start) return engine.startTransaction(JSON.parse(text || '{}'));
  if (isTransaction) return end === 'commit' ? engine.commitTransaction(id) : engine.rollbackTransaction(id);
  if (pathname !== '/') return { status: 404, body: {} };
  return { status: 200, body: await engine.query(JSON.parse(text), request.headers['x-transaction-id']) };
}

async function read(request) {
  const chunks = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

module.exports = { createServer };
