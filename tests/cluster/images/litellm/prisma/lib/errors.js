// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* Errors in Prisma's own words: prisma-client-py and LiteLLM tell them apart by code and by message. */

/** An error that has one of Prisma's codes (https://www.prisma.io/docs/orm/reference/error-reference). */
class PrismaError extends Error {
  constructor(code, message, meta = {}) {
    super(message);
    this.prisma = { is_panic: false, message, meta, error_code: code };
  }
}

/** Any error as Prisma shows it to a user; `code` is for those that do not have one. */
function userFacingError(error, code) {
  if (error?.prisma) return error.prisma;
  const message = String(error?.message ?? error);
  if (code) return { is_panic: false, message, meta: {}, error_code: code };
  return { is_panic: false, message, backtrace: null };
}

/** An error as an answer to a query. */
function asAnswer(facing) {
  return { error: facing.message, user_facing_error: facing };
}

/** An error as the Prisma CLI reads it from a schema engine's standard error, whose first line it skips. */
function errorLog(error) {
  const line = (level, fields) => JSON.stringify({ level, target: 'schema_engine::logger', fields });
  return `${line('INFO', { message: 'Starting schema engine CLI' })}\n${line('ERROR', userFacingError(error))}`;
}

/** What the binary says of an error that node-postgres raised outside PostgreSQL: nearly always a lost connection. */
function connectionError(error, { host, port }) {
  const text = `${error?.code} ${error?.message ?? error}`;
  if (/timeout exceeded when trying to connect/.test(text)) {
    return new PrismaError('P2024', 'Timed out fetching a new connection from the connection pool.');
  }
  if (/ECONNREFUSED|ENOTFOUND|EHOSTUNREACH|ENETUNREACH|ETIMEDOUT|EAI_AGAIN/.test(text)) {
    return unreachable(host, port);
  }
  if (/terminated|ECONNRESET|EPIPE|not queryable/.test(text)) {
    return new PrismaError('P1017', 'Server has closed the connection.');
  }
  return new PrismaError('P2010', String(error?.message ?? error));
}

function unreachable(host, port) {
  const server = `${host}:${port}`;
  return new PrismaError('P1001', `Can't reach database server at \`${server}\`\n\n`
    + `Please make sure your database server is running at \`${server}\`.`,
  { database_host: host, database_port: port });
}

module.exports = { PrismaError, asAnswer, connectionError, errorLog, unreachable, userFacingError };
