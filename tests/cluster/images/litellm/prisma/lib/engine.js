// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* Prisma's query engine (WebAssembly) on a database, spoken to in GraphQL. */
const fs = require('node:fs');
const path = require('node:path');
const { openDatabase } = require('./database');
const { PrismaError, asAnswer } = require('./errors');
const exactJson = require('./exact-json');
const { readModels, translate } = require('./request');
const { untag, untagRaw } = require('./result');

const NO_TRACE = '{}';
const TRANSACTION_DEFAULTS = { max_wait: 2000, timeout: 5000 }; // milliseconds; prisma-client-py always gives its own

async function startEngine(schema, settings, rawQueries) {
  const models = readModels(schema);
  const database = openDatabase(settings);
  const { QueryEngine } = await loadWebAssembly();
  const options = { datamodel: schema, logLevel: 'error', logQueries: false };
  const noLog = () => {}; // what goes wrong is in the answers
  const engine = new QueryEngine(options, noLog, database.adapter);
  await engine.connect(NO_TRACE);
  await database.check();

  function plan(text) {
    const operation = translate(text, models);
    if (operation.raw && !rawQueries) throw new PrismaError('P2009', 'Raw queries are not enabled.');
    return operation;
  }

  async function ask(query, transaction) {
    return exactJson.parse(await engine.query(JSON.stringify(query), NO_TRACE, transaction));
  }

  function answer(result, operation) {
    if (result.errors) {
      const errors = result.errors.map((error) => (
        error.user_facing_error?.error_code === 'P2036' ? asAnswer(database.explain(error.user_facing_error)) : error
      ));
      return { ...result, errors };
    }
    const [data] = Object.values(result.data);
    return { ...result, data: { [operation.name]: operation.raw ? untagRaw(data) : untag(data) } };
  }

  /** {status, body} of a call about an interactive transaction: its state, or the error itself. */
  function transactionReply(text) {
    const body = JSON.parse(text);
    if (!('is_panic' in body)) return { status: 200, body };
    const facing = database.explain(body);
    return { status: transactionStatus(facing.message), body: facing };
  }

  return {
    /** The answer to a request of prisma-client-py: one query, or a batch of them. */
    async query(request, transaction) {
      if (!request.batch) {
        const operation = plan(request.query);
        return answer(await ask(operation.query, transaction), operation);
      }
      const operations = request.batch.map(({ query }) => plan(query));
      const batch = operations.map(({ query }) => query);
      const result = await ask({ batch, ...(request.transaction && { transaction: {} }) }, transaction);
      if (!result.batchResult) return answer(result);
      return { ...result, batchResult: result.batchResult.map((one, i) => answer(one, operations[i])) };
    },
    async startTransaction(options) {
      const input = JSON.stringify({ ...TRANSACTION_DEFAULTS, ...options });
      return transactionReply(await engine.startTransaction(input, NO_TRACE));
    },
    async commitTransaction(id) {
      return transactionReply(await engine.commitTransaction(id, NO_TRACE));
    },
    async rollbackTransaction(id) {
      return transactionReply(await engine.rollbackTransaction(id, NO_TRACE));
    },
  };
}

/** The module's own entry point is made for bundlers that import .wasm files; Node 18 does not. */
async function loadWebAssembly() {
  const file = require.resolve('@prisma/query-engine-wasm/postgresql/query_engine_bg.wasm');
  const bindings = await import(path.join(path.dirname(file), 'query_engine_bg.js'));
  const module = new WebAssembly.Module(fs.readFileSync(file));
  const instance = new WebAssembly.Instance(module, { './query_engine_bg.js': bindings });
  bindings.__wbg_set_wasm(instance.exports);
  return bindings;
}

/** The binary's HTTP status of a transaction's error, which the WebAssembly build leaves to its caller. */
function transactionStatus(message) {
  if (/Unable to start a transaction/i.test(message)) return 504;
  if (/already started/i.test(message)) return 400;
  if (/Transaction not found/i.test(message)) return 404;
  if (/already closed|expired/i.test(message)) return 422;
  return 500;
}

module.exports = { startEngine, transactionStatus };
