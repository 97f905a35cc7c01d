// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';
/*
 * JSON whose long integers survive: JSON.parse rounds what is beyond 2^53, and a BIGINT or a number inside a JSON
 * column may be. Such literals travel as marked strings and become literals again when they are written.
 */
const MARK = '\uE000'; // of Unicode's private use area: no other meaning
const STRING_OR_LONG_INTEGER = /"(?:[^"\\]|\\.)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g;
const MARKED = new RegExp(`"${MARK}(-?\\d+)"`, 'g');

function parse(text) {
  if (!/\d{16}/.test(text)) return JSON.parse(text); // nearly always
  const mark = (found) => (found.startsWith('"') ? found : JSON.stringify(MARK + found));
  return JSON.parse(text.replace(STRING_OR_LONG_INTEGER, mark));
}

function stringify(value) {
  return JSON.stringify(value).replace(MARKED, '$1');
}

/** An integer given as digits, as a value that stringify() writes exactly. */
function integer(digits) {
  return Number.isSafeInteger(Number(digits)) ? Number(digits) : MARK + digits;
}

module.exports = { integer, parse, stringify };
