// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/* What the engine is told about a PostgreSQL column: its type in the engine's terms, and its value read from text. */
const { ColumnTypeEnum } = require('@prisma/driver-adapter-utils');
const { parse: parseArray } = require('postgres-array');

const asIs = (text) => text;
const bytes = (text) => [...Buffer.from(text.slice('\\x'.length), 'hex')];
const withoutOffset = (text) => text.replace(/[+-][\d:]+$/, '');
const withoutCurrency = (text) => text.replace(/[^-.\d]/g, '');

/** The engine wants a moment in UTC and without an offset; PostgreSQL writes it in the session's time zone. */
function utc(text) {
  const parts = /^(.*)([+-])(\d+)(?::(\d+))?(?::(\d+))?$/.exec(text) ?? [];
  const [, moment, sign, hours, minutes = '0', seconds = '0'] = parts;
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds);
  if (!moment) return text; // infinity
  if (offset === 0) return moment;
  const [whole, fraction] = moment.split('.'); // Date knows milliseconds, PostgreSQL microseconds
  const shifted = new Date(Date.parse(`${whole.replace(' ', 'T')}Z`) + (sign === '+' ? -1 : 1) * offset * 1000);
  return `${shifted.toISOString().slice(0, 19).replace('T', ' ')}${fraction ? `.${fraction}` : ''}`;
}

/** [type of the scalar, type of the array, both as pg_type numbers them], the engine's type, reader of the text. */
const TYPES = [
  [[16, 1000], 'Boolean', (text) => text === 't'], // bool
  [[17, 1001], 'Bytes', bytes], // bytea
  [[21, 1005], 'Int32', Number], // int2
  [[23, 1007], 'Int32', Number], // int4
  [[20, 1016], 'Int64', asIs], // int8
  [[26, 1028], 'Int64', asIs], // oid
  [[700, 1021], 'Float', Number], // float4
  [[701, 1022], 'Double', Number], // float8
  [[1700, 1231], 'Numeric', asIs], // numeric
  [[790, 791], 'Numeric', withoutCurrency], // money
  [[114, 199], 'Json', asIs], // json
  [[3802, 3807], 'Json', asIs], // jsonb
  [[1082, 1182], 'Date', asIs], // date
  [[1083, 1183], 'Time', asIs], // time
  [[1266, 1270], 'Time', withoutOffset], // timetz
  [[1114, 1115], 'DateTime', asIs], // timestamp
  [[1184, 1185], 'DateTime', utc], // timestamptz
  [[2950, 2951], 'Uuid', asIs], // uuid
];
/** Arrays of text to the engine: "char", name, text, bpchar, varchar, xml, cidr, inet, interval, bit, varbit. */
const TEXT_ARRAYS = [1002, 1003, 1009, 1014, 1015, 143, 651, 1041, 1187, 1561, 1563];
const VOID = 2278; // what pg_advisory_lock() and its like return

const READERS = new Map();
for (const [[scalar, array], type, read] of TYPES) {
  READERS.set(scalar, { type: ColumnTypeEnum[type], read });
  READERS.set(array, { type: ColumnTypeEnum[`${type}Array`], read: (text) => parseArray(text, read) });
}
const TEXT_ARRAY = { type: ColumnTypeEnum.TextArray, read: (text) => parseArray(text) };
for (const array of TEXT_ARRAYS) READERS.set(array, TEXT_ARRAY);
READERS.set(VOID, { type: ColumnTypeEnum.Text, read: () => null });
/** Anything else is handed over as PostgreSQL writes it: enums, intervals, names, ranges, ... */
const TEXT = { type: ColumnTypeEnum.Text, read: asIs };

function column(typeId) {
  return READERS.get(typeId) ?? TEXT;
}

module.exports = { column };
