// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/*
 * Stand-in for the `query-engine` binary of Prisma 5.17, as prisma-client-py 0.11 runs it.
 *
 * The query engine proper is Prisma's own: the WebAssembly build of the same commit. Around it, the binary has an HTTP
 * server, the GraphQL spelling of queries and a PostgreSQL connection pool; those are what lib/ adds.
 */
const { COMMIT } = require('./lib/commit');
const { parseArgs } = require('node:util');

const { values } = parseArgs({
  options: {
    version: { type: 'boolean', short: 'v' },
    host: { type: 'string', short: 'H', default: '127.0.0.1' },
    port: { type: 'string', short: 'p', default: process.env.PORT ?? '4466' },
    'enable-raw-queries': { type: 'boolean', short: 'r', default: false },
  },
  strict: false, // prisma-client-py also asks for metrics, which this program does not have
});

if (values.version) {
  console.log(`query-engine ${COMMIT}`);
} else {
  run().catch((error) => {
    const { userFacingError } = require('./lib/errors');
    console.error(JSON.stringify(userFacingError(error, 'P1012')));
    process.exit(1);
  });
}

async function run() {
  const { connectionSettings, datasourceUrl, readSchema } = require('./lib/datasource');
  const { startEngine } = require('./lib/engine');
  const { createServer } = require('./lib/server');

  const schema = readSchema();
  const settings = connectionSettings(datasourceUrl(schema));
  const engine = await startEngine(schema, settings, values['enable-raw-queries']);
  const server = createServer(engine);
  server.listen(Number(values.port), values.host);
  // Like the binary, leave at once: PostgreSQL rolls back what was open. Waiting for connections to come back to the
  // pool would hold up the proxy, which waits for this process without a limit.
  for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(0));
}
