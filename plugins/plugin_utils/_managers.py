# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Who describes an object, as the API server tells by its field managers."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

# They fill in a status or a CA bundle of what others describe.
FILLERS = ("cainjector", "kube-apiserver")


def managers(thing: Mapping[str, Any]) -> list[str]:
    """Who describes an object, in their order."""
    fields = thing["metadata"].get("managedFields") or []
    names = [each["manager"] for each in fields if not each.get("subresource")]
    return [name for name in dict.fromkeys(names) if not any(filler in name for filler in FILLERS)]
