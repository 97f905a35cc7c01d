// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
const assert = require('node:assert/strict');
const test = require('node:test');
const { readModels, translate } = require('../lib/request');

const MODELS = readModels(`
model Team {
  team_id  String @id @default(uuid())
  // a comment of two words
  metadata Json   @default("{}")
  history  Json[]
  limit    BigInt?
  keys     Key[]

  @@index([team_id])
}

model Key {
  token String @id
  team  Team?  @relation(fields: [team_id], references: [team_id])
}
`);
const json = (value) => ({ $type: 'Json', value });
const query = (text) => translate(text, MODELS).query;
const args = (text) => query(`query { result: ${text} { team_id } }`).query.arguments;

test('models are read as fields with their types', () => {
  assert.deepEqual(MODELS, {
    Team: { team_id: 'String', metadata: 'Json', history: 'Json', limit: 'BigInt', keys: 'Key' },
    Key: { token: 'String', team: 'Team' },
  });
});

test('an operation is split into action, model, arguments and selection', () => {
  const text = 'query { result: findManyTeam(take: 2, where: {team_id: "a"}) { team_id keys(take: 1) { token } } }';
  assert.deepEqual(translate(text, MODELS), {
    name: 'result',
    raw: false,
    query: {
      modelName: 'Team',
      action: 'findMany',
      query: {
        arguments: { take: 2, where: { team_id: 'a' } },
        selection: { team_id: true, keys: { arguments: { take: 1 }, selection: { token: true } } },
      },
    },
  });
});

for (const [operation, action, model] of [
  ['findUniqueTeamOrThrow', 'findUniqueOrThrow', 'Team'],
  ['createManyTeam', 'createMany', 'Team'],
  ['createManyAndReturnTeam', 'createManyAndReturn', 'Team'],
  ['upsertOneKey', 'upsertOne', 'Key'],
  ['groupByKey', 'groupBy', 'Key'],
]) {
  test(`${operation} is ${action} of ${model}`, () => {
    const { action: foundAction, modelName } = query(`mutation { result: ${operation} { _all } }`);
    assert.deepEqual([foundAction, modelName], [action, model]);
  });
}

test('a string for a Json field is JSON text, also under an operator and behind a relation', () => {
  assert.deepEqual(args('createOneTeam(data: {team_id: "a", metadata: "{}"})').data,
    { team_id: 'a', metadata: json('{}') });
  assert.deepEqual(args('updateOneTeam(data: {history: {push: ["1", "2"]}})').data,
    { history: { push: [json('1'), json('2')] } });
  assert.deepEqual(args('createOneKey(data: {token: "t", team: {create: {metadata: "{}"}}})').data,
    { token: 't', team: { create: { metadata: json('{}') } } });
});

test('a Json filter tags what it compares with, not where it looks', () => {
  assert.deepEqual(args('findManyTeam(where: {AND: [{metadata: {path: ["a"], equals: "1"}}]})').where,
    { AND: [{ metadata: { path: ['a'], equals: json('1') } }] });
});

test('an enum stays an enum, so that DbNull is not taken for JSON text', () => {
  assert.deepEqual(args('updateOneTeam(data: {metadata: DbNull})').data,
    { metadata: { $type: 'Enum', value: 'DbNull' } });
});

test('integers beyond 2^53 keep their digits', () => {
  assert.deepEqual(args('updateOneTeam(data: {limit: 9007199254740993})').data,
    { limit: { $type: 'BigInt', value: '9007199254740993' } });
  assert.deepEqual(args('updateOneTeam(data: {limit: -7})').data, { limit: -7 });
});

test('other values are themselves', () => {
  assert.deepEqual(args('findManyTeam(where: {a: null, b: true, c: 1.5, d: """x"y""", e: [1, "2"]})').where,
    { a: null, b: true, c: 1.5, d: 'x"y', e: [1, '2'] });
});

test('raw SQL has no model and always has parameters', () => {
  assert.deepEqual(translate('mutation { result: queryRaw(query: "SELECT 1") }', MODELS), {
    name: 'result',
    raw: true,
    query: { action: 'queryRaw', query: { arguments: { query: 'SELECT 1', parameters: '[]' }, selection: {} } },
  });
});

for (const [text, message] of [
  ['query { findManyTeam { team_id } findManyKey { token } }', /one operation, this one has 2/],
  ['query { explodeTeam { team_id } }', /Unknown operation explodeTeam/],
  ['query { findManyTeam( }', /not GraphQL: Syntax Error/],
]) {
  test(`refused: ${text}`, () => assert.throws(() => query(text), (error) => {
    assert.match(error.message, message);
    assert.equal(error.prisma.error_code, 'P2009');
    return true;
  }));
}
