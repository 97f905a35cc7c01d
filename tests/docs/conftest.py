# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

# Where the collection is `ansible_collections.inference.gateway`: `make setup` links it there.
sys.path.insert(0, str(Path(__file__).parents[2] / "collections"))
