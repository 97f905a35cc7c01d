// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const assert = require('node:assert/strict');
const test = require('node:test');
const exactJson = require('../lib/exact-json');
const { untag, untagRaw } = require('../lib/result');

test('tags come off at every depth', () => {
  assert.deepEqual(untag({
    at: { $type: 'DateTime', value: '2026-01-02T03:04:05.678Z' },
    keys: [{ spend: { $type: 'Decimal', value: '1.5' }, team: null }],
    rpm: { $type: 'BigInt', value: '7' },
  }), { at: '2026-01-02T03:04:05.678Z', keys: [{ spend: '1.5', team: null }], rpm: 7 });
});

test('the value of a Json field stays text, whatever it looks like', () => {
  assert.equal(untag({ $type: 'Json', value: '{"$type":"x","value":1}' }), '{"$type":"x","value":1}');
});

test('rows of a raw query have every value beside its type', () => {
  const result = { columns: ['a', 'b'], types: ['int', 'string-array'], rows: [[1, ['x', null]], [null, null]] };
  const nothing = { prisma__type: 'null', prisma__value: null };
  assert.deepEqual(untagRaw(result), [
    {
      a: { prisma__type: 'int', prisma__value: 1 },
      b: { prisma__type: 'array', prisma__value: [{ prisma__type: 'string', prisma__value: 'x' }, nothing] },
    },
    { a: nothing, b: nothing },
  ]);
});

test('the number of rows that a raw statement changed is a number', () => assert.equal(untagRaw(3), 3));

test('long integers survive reading and writing', () => {
  const text = '{"a":12345678901234567890,"b":[-9007199254740993],"c":"12345678901234567890","d":0.12345678901234568}';
  const value = exactJson.parse(text);
  assert.equal(value.c, '12345678901234567890');
  assert.equal(exactJson.stringify(value), text);
});

test('digits inside strings are left alone, quotes and backslashes included', () => {
  const text = JSON.stringify({ 'key "1234567890123456789': '\\1234567890123456789\\' });
  assert.equal(exactJson.stringify(exactJson.parse(text)), text);
});

test('a BigInt is written as the number that it is', () => {
  assert.equal(exactJson.stringify(untag([{ $type: 'BigInt', value: '9007199254740993' }])), '[9007199254740993]');
});
