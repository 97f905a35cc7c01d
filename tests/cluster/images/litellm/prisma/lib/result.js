// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* Results: from the JSON protocol to the shapes of GraphQL that prisma-client-py 0.11 reads. */
const exactJson = require('./exact-json');

/** Takes the JSON protocol's type tags off a result. The value of a Json field stays JSON text, as in GraphQL. */
function untag(value) {
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(untag);
  if (typeof value.$type === 'string') return value.$type === 'BigInt' ? exactJson.integer(value.value) : value.value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, untag(item)]));
}

/**
 * Rows of a raw query, {columns, types, rows} since Prisma 5.14, as one object a row with every value beside its type:
 * prisma-client-py up to 0.13 knows only that older shape. The number of rows that executeRaw answers stays as it is.
 */
function untagRaw(result) {
  if (!result?.columns) return result;
  const { columns, types, rows } = result;
  return rows.map((row) => Object.fromEntries(row.map((value, i) => [columns[i], withType(types[i], value)])));
}

function withType(type, value) {
  if (value === null) return { prisma__type: 'null', prisma__value: null };
  if (!type.endsWith('-array')) return { prisma__type: type, prisma__value: value };
  return { prisma__type: 'array', prisma__value: value.map((item) => withType(type.slice(0, -'-array'.length), item)) };
}

module.exports = { untag, untagRaw };
