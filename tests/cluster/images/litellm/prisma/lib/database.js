// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/*
 * The database as the engine asks for it: Prisma's "driver adapter" on a node-postgres pool.
 * Prisma's own adapter for node-postgres refuses column types that LiteLLM selects (name[], void, timestamptz[], ...).
 */
const pg = require('pg');
const { column } = require('./columns');
const { PrismaError, connectionError } = require('./errors');

const ok = (value) => ({ ok: true, value });
const TYPES = { getTypeParser: (typeId) => column(typeId).read };

class Queryable {
  provider = 'postgres';
  adapterName = 'node-postgres';

  /** `connection` is a pool or one of its clients, `errors` where errors of JavaScript wait for the engine's answer. */
  constructor(connection, errors) {
    this.connection = connection;
    this.errors = errors;
  }

  /** Called by the engine, which gives no `this`: hence the bound functions. */
  queryRaw = (query) => this.guard(async () => {
    const { fields, rows } = await this.run(query);
    return {
      columnNames: fields.map((field) => field.name),
      columnTypes: fields.map((field) => column(field.dataTypeID).type),
      rows,
    };
  });

  executeRaw = (query) => this.guard(async () => (await this.run(query)).rowCount ?? 0);

  run({ sql, args }) {
    return this.connection.query({ text: sql, values: args.map(asBuffers), rowMode: 'array', types: TYPES });
  }

  async guard(work) {
    try {
      return ok(await work());
    } catch (error) {
      if (error instanceof pg.DatabaseError) {
        const { code, severity, message, detail, column: field, hint } = error;
        return { ok: false, error: { kind: 'Postgres', code, severity, message, detail, column: field, hint } };
      }
      return { ok: false, error: { kind: 'GenericJs', id: this.errors.add(error) } };
    }
  }
}

class Transaction extends Queryable {
  options = { usePhantomQuery: false }; // the engine sends COMMIT and ROLLBACK itself

  commit = async () => ok(this.connection.release());

  rollback = async () => ok(this.connection.release());
}

class Adapter extends Queryable {
  constructor(pool, schema, errors) {
    super(pool, errors);
    this.schema = schema;
  }

  getConnectionInfo = () => ok({ schemaName: this.schema });

  startTransaction = () => this.guard(async () => new Transaction(await this.connection.connect(), this.errors));
}

/** The engine reports an error of JavaScript as a number only (P2036); here its message is looked up again, once. */
class ErrorRegistry {
  #errors = new Map();
  #next = 0;

  add(error) {
    this.#errors.set(this.#next, error);
    return this.#next++;
  }

  take(id) {
    const error = this.#errors.get(id);
    this.#errors.delete(id);
    return error;
  }
}

/** The engine gives binary values as typed arrays of its own memory, alone or in a list. */
function asBuffers(value) {
  if (ArrayBuffer.isView(value)) return Buffer.from(value.buffer, value.byteOffset, value.byteLength);
  return Array.isArray(value) ? value.map(asBuffers) : value;
}

function openDatabase({ client, pool: limits, schema }) {
  const pool = new pg.Pool({ ...client, ...limits });
  // A connection that dies while idle is replaced at the next query; without a listener its error ends the process.
  pool.on('error', () => {});
  pool.on('connect', (connection) => connection.on('error', () => {}));
  const errors = new ErrorRegistry();
  return {
    adapter: new Adapter(pool, schema, errors),
    /** The user-facing error for one of the engine: connection trouble gets the code that the binary gives it. */
    explain(facing) {
      if (facing?.error_code !== 'P2036') return facing;
      return connectionError(errors.take(facing.meta.id), client).prisma;
    },
    /** Fails like the binary does when there is no database to serve. */
    async check() {
      try {
        await pool.query('SELECT 1');
      } catch (error) {
        if (error instanceof pg.DatabaseError) throw new PrismaError('P1010', error.message);
        throw connectionError(error, client);
      }
    },
  };
}

module.exports = { ErrorRegistry, openDatabase };
