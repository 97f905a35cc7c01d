// Copyright (c) 2026 inference.gateway contributors
// GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
// SPDX-License-Identifier: GPL-3.0-or-later
'use strict';

/** The commit of prisma-engines that the binaries are built from: the end of the WebAssembly package's version. */
const COMMIT = require('../package.json').dependencies['@prisma/query-engine-wasm'].split('.').at(-1);

module.exports = { COMMIT };
