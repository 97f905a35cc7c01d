// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/*
 * Stand-in for the `schema-engine` binary of Prisma 5.17, as far as `prisma migrate deploy` and
 * `prisma migrate resolve` need one: migrations are plain SQL files, and the rest is bookkeeping.
 * What needs an understanding of the schema (`migrate diff`, `db push`, `db execute`) is refused with a sentence.
 */
const { COMMIT } = require('./lib/commit');
const { parseArgs } = require('node:util');

const { values, positionals } = parseArgs({
  options: {
    version: { type: 'boolean' },
    datasource: { type: 'string' },
    datamodel: { type: 'string', short: 'd' },
    datamodels: { type: 'string' },
  },
  allowPositionals: true,
  strict: false,
});

if (values.version) {
  console.log(`schema-engine-cli ${COMMIT}`);
} else {
  const { errorLog } = require('./lib/errors');
  (positionals[0] === 'cli' ? runCommand(positionals[1]) : serve()).catch((error) => {
    console.error(errorLog(error));
    process.exitCode = 1;
  });
}

/** `schema-engine cli --datasource <url> can-connect-to-database | create-database` */
async function runCommand(command) {
  const { connectionSettings } = require('./lib/datasource');
  const { commands } = require('./lib/migrations');
  if (!commands[command]) throw new Error(`This schema engine has no command "${command}".`);
  await commands[command](connectionSettings(values.datasource));
}

/** JSON-RPC, one message a line: requests on standard input, answers on standard output. */
async function serve() {
  const { readFileSync } = require('node:fs');
  const { createInterface } = require('node:readline');
  const { connectionSettings, datasourceUrl } = require('./lib/datasource');
  const { userFacingError } = require('./lib/errors');
  const { methods, open } = require('./lib/migrations');

  const connect = () => {
    const schema = readFileSync(values.datamodels ?? values.datamodel, 'utf8');
    return open(connectionSettings(datasourceUrl(schema)));
  };
  let database;
  for await (const line of createInterface({ input: process.stdin })) {
    const { id, method, params } = JSON.parse(line);
    const reply = { jsonrpc: '2.0', id };
    try {
      if (!methods[method]) {
        throw new Error(`This schema engine applies and resolves migrations; it has no "${method}".`);
      }
      database ??= await connect();
      reply.result = await methods[method](database, params);
    } catch (error) {
      reply.error = {
        code: 4466,
        message: 'An error happened. Check the data field for details.',
        data: userFacingError(error),
      };
    }
    console.log(JSON.stringify(reply));
  }
  await database?.end();
}
