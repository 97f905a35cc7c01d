// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* Where the database is: out of the Prisma schema and the environment, into settings that node-postgres understands. */
const fs = require('node:fs');
const os = require('node:os');
const { PrismaError } = require('./errors');

/** The schema as prisma-client-py hands it over: a path, or base64 in the environment. */
function readSchema(environment = process.env) {
  if (environment.PRISMA_DML_PATH) return fs.readFileSync(environment.PRISMA_DML_PATH, 'utf8');
  return Buffer.from(environment.PRISMA_DML ?? '', 'base64').toString();
}

/** The URL of the schema's only datasource; `OVERWRITE_DATASOURCES` (JSON, plain or base64) wins. */
function datasourceUrl(schema, environment = process.env) {
  const override = environment.OVERWRITE_DATASOURCES;
  if (override) {
    const text = override.trimStart().startsWith('[') ? override : Buffer.from(override, 'base64').toString();
    const url = JSON.parse(text)[0]?.url;
    if (url) return url;
  }
  const block = /^datasource\s+\w+\s*\{([^}]*)\}/m.exec(schema)?.[1] ?? '';
  const [, variable, literal] = /^\s*url\s*=\s*(?:env\("([^"]+)"\)|"([^"]+)")/m.exec(block) ?? [];
  const url = literal ?? environment[variable];
  if (!url) throw new PrismaError('P1012', `error: Environment variable not found: ${variable ?? 'url'}.`);
  return url;
}

/**
 * A Prisma connection URL as settings of node-postgres: `client` for one connection, `pool` for many.
 * Prisma's own query parameters mean nothing to PostgreSQL and must not reach it as start-up parameters.
 */
function connectionSettings(address) {
  let url;
  try {
    url = new URL(address);
  } catch {
    throw new PrismaError('P1013', 'The provided database string is invalid: it is not a URL.');
  }
  const query = url.searchParams;
  const number = (name, fallback) => Number(query.get(name) ?? fallback);
  const schema = query.get('schema');
  const options = [
    // Only when asked for: PgBouncer refuses a search_path among the start-up options, and the engine qualifies the
    // names of its own queries anyway.
    schema && `-c search_path="${schema}"`,
    query.get('options'),
  ].filter(Boolean).join(' ');
  return {
    client: {
      host: query.get('host') ?? url.hostname.replace(/^\[|\]$/g, ''),
      port: Number(url.port || 5432),
      user: decodeURIComponent(url.username),
      password: decodeURIComponent(url.password),
      database: decodeURIComponent(url.pathname.slice(1)) || 'postgres',
      application_name: query.get('application_name') ?? undefined,
      ssl: tls(query),
      keepAlive: true,
      ...(options && { options }),
    },
    pool: {
      max: number('connection_limit', os.cpus().length * 2 + 1),
      // node-postgres has one limit for both: to wait for a free connection and to make a new one. 0 waits for ever.
      connectionTimeoutMillis: number('pool_timeout', 10) * 1000,
      idleTimeoutMillis: 300_000,
    },
    schema: schema ?? 'public',
  };
}

/** `sslmode=prefer`, Prisma's default, is no TLS here: node-postgres cannot fall back to plain text. */
function tls(query) {
  if (['disable', 'prefer', null].includes(query.get('sslmode'))) return false;
  const certificate = query.get('sslcert');
  return {
    rejectUnauthorized: query.get('sslaccept') === 'strict',
    ...(certificate && { ca: fs.readFileSync(certificate, 'utf8') }),
  };
}

module.exports = { connectionSettings, datasourceUrl, readSchema };
