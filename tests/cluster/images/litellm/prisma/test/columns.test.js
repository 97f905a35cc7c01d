// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const assert = require('node:assert/strict');
const test = require('node:test');
const { ColumnTypeEnum } = require('@prisma/driver-adapter-utils');
const { column } = require('../lib/columns');

const read = (typeId, text) => column(typeId).read(text);

for (const [what, typeId, text, type, value] of [
  ['bool', 16, 't', 'Boolean', true],
  ['bool[]', 1000, '{t,f,NULL}', 'BooleanArray', [true, false, null]],
  ['bytea', 17, '\\x00ff', 'Bytes', [0, 255]],
  ['int8', 20, '9007199254740993', 'Int64', '9007199254740993'],
  ['int4[]', 1007, '{1,-2}', 'Int32Array', [1, -2]],
  ['float8', 701, '1e+300', 'Double', 1e300],
  ['money', 790, '-$1,234.50', 'Numeric', '-1234.50'],
  ['jsonb', 3802, '{"a": 1}', 'Json', '{"a": 1}'],
  ['jsonb[]', 3807, '{"{\\"a\\": 1}"}', 'JsonArray', ['{"a": 1}']],
  ['timetz', 1266, '03:04:05.25+09', 'Time', '03:04:05.25'],
  ['name', 19, 'pg_class', 'Text', 'pg_class'],
  ['name[]', 1003, '{a,"b c"}', 'TextArray', ['a', 'b c']],
  ['void', 2278, '', 'Text', null],
  ['interval', 1186, '1 day 02:00:00', 'Text', '1 day 02:00:00'],
  ['a type of an extension', 16500, 'x', 'Text', 'x'],
]) {
  test(`${what} is ${type}`, () => {
    assert.equal(column(typeId).type, ColumnTypeEnum[type]);
    assert.deepEqual(read(typeId, text), value);
  });
}

for (const [written, utc] of [
  ['2026-01-02 03:04:05.678901+00', '2026-01-02 03:04:05.678901'],
  ['2026-01-02 03:04:05.678901+09', '2026-01-01 18:04:05.678901'],
  ['2026-01-02 03:04:05-03:30', '2026-01-02 06:34:05'],
  ['1900-06-01 09:18:59.5+09:18:59', '1900-06-01 00:00:00.5'],
  ['infinity', 'infinity'],
]) {
  test(`timestamptz ${written} is ${utc} in UTC`, () => assert.equal(read(1184, written), utc));
}

test('timestamptz[] is an array of moments in UTC', () => {
  assert.equal(column(1185).type, ColumnTypeEnum.DateTimeArray);
  assert.deepEqual(read(1185, '{"2026-01-02 03:04:05+01",NULL}'), ['2026-01-02 02:04:05', null]);
});
