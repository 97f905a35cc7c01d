// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/*
 * Queries: from the GraphQL that prisma-client-py writes to the JSON protocol, the only one that the WebAssembly
 * build of the engine reads (query-engine/request-handlers/src/protocols of prisma-engines).
 */
const { parse } = require('graphql');
const { PrismaError } = require('./errors');

const ACTION = new RegExp('^(findUnique|findFirst|findMany|createOne|createManyAndReturn|createMany|updateOne'
  + '|updateMany|deleteOne|deleteMany|upsertOne|aggregate|groupBy)(.+?)(OrThrow)?$');
const RAW_ACTIONS = ['queryRaw', 'executeRaw'];

/** Of a Json field's filter or update, the keys whose value is JSON; others (`path`, `string_contains`) are plain. */
const JSON_OPERATORS = new Set(['equals', 'not', 'set', 'push', 'lt', 'lte', 'gt', 'gte',
  'array_contains', 'array_starts_with', 'array_ends_with']);

/** The schema's models as {model: {field: type}}. */
function readModels(schema) {
  const models = {};
  for (const [, name, block] of schema.matchAll(/^model\s+(\w+)\s*\{([\s\S]*?)^\}/gm)) {
    const fieldsOf = [...block.matchAll(/^\s+(\w+)\s+(\w+)/gm)];
    models[name] = Object.fromEntries(fieldsOf.map(([, field, type]) => [field, type]));
  }
  return models;
}

/** One operation of GraphQL text -> {name: what its result is called, raw: is it SQL, query: in the JSON protocol}. */
function translate(text, models) {
  const operations = readOperations(text);
  if (operations.length !== 1) {
    throw new PrismaError('P2009', `A query holds one operation, this one has ${operations.length}.`);
  }
  const [operation] = operations;
  const action = operation.name.value;
  const name = operation.alias?.value ?? action;
  if (RAW_ACTIONS.includes(action)) {
    const query = body(operation, undefined, models);
    query.arguments.parameters ??= '[]';
    return { name, raw: true, query: { action, query } };
  }
  const [, verb, model, orThrow = ''] = ACTION.exec(action) ?? [];
  if (!verb) throw new PrismaError('P2009', `Unknown operation ${action}.`);
  const query = body(operation, model, models);
  return { name, raw: false, query: { modelName: model, action: verb + orThrow, query } };
}

function readOperations(text) {
  try {
    return parse(text, { noLocation: true }).definitions[0].selectionSet.selections;
  } catch (error) {
    throw new PrismaError('P2009', `The query is not GraphQL: ${error.message}`);
  }
}

/** A field with arguments or a selection of its own -> {arguments, selection}. */
function body(node, model, models) {
  const selection = {};
  for (const field of node.selectionSet?.selections ?? []) {
    const name = field.name.value;
    const plain = !field.selectionSet && field.arguments.length === 0;
    selection[name] = plain ? true : body(field, related(name, model, models), models);
  }
  return { arguments: tag(fields(node.arguments), model, models), selection };
}

/** The model that a field's value is of: another one behind a relation, else the same. */
function related(field, model, models) {
  const type = models[model]?.[field];
  return models[type] ? type : model;
}

function value(node) {
  switch (node.kind) {
    case 'IntValue':
      return Number.isSafeInteger(Number(node.value)) ? Number(node.value) : { $type: 'BigInt', value: node.value };
    case 'FloatValue': return Number(node.value);
    case 'NullValue': return null;
    case 'EnumValue': return { $type: 'Enum', value: node.value }; // so that a Json field's DbNull is no JSON text
    case 'ListValue': return node.values.map(value);
    case 'ObjectValue': return fields(node.fields);
    default: return node.value; // strings, booleans
  }
}

function fields(list) {
  return Object.fromEntries(list.map((field) => [field.name.value, value(field.value)]));
}

/**
 * Tags the values of Json fields. In GraphQL a string there is JSON *text*; in the JSON protocol a plain string would
 * be a JSON *string*, and every column would be encoded twice.
 */
function tag(tree, model, models) {
  if (Array.isArray(tree)) return tree.map((item) => tag(item, model, models));
  if (!isObject(tree)) return tree;
  return mapObject(tree, (key, item) => (
    models[model]?.[key] === 'Json' ? tagJson(item) : tag(item, related(key, model, models), models)
  ));
}

function tagJson(tree) {
  if (typeof tree === 'string') return { $type: 'Json', value: tree };
  if (Array.isArray(tree)) return tree.map(tagJson);
  if (!isObject(tree)) return tree;
  return mapObject(tree, (key, item) => (JSON_OPERATORS.has(key) ? tagJson(item) : item));
}

function isObject(tree) {
  return tree !== null && typeof tree === 'object' && !tree.$type;
}

function mapObject(object, change) {
  return Object.fromEntries(Object.entries(object).map(([key, item]) => [key, change(key, item)]));
}

module.exports = { readModels, translate };
