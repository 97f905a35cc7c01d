# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Compare amounts that are written in different ways."""

from __future__ import annotations

DOCUMENTATION = r"""
name: quantity
short_description: Tell the number that a quantity of Kubernetes stands for
version_added: 0.4.0
author: inference.gateway contributors
description:
  - The API server writes a quantity in its own way, V(2Gi) for V(2048Mi). As numbers both are the same.
options:
  _input:
    description: A quantity such as V(500m), V(2Gi), V(1e9) or V(3).
    type: raw
    required: true
"""

EXAMPLES = r"""
- name: Make sure that the volume is as large as it should be
  ansible.builtin.assert:
    that: claim.spec.resources.requests.storage | inference.gateway.quantity == "2048Mi" | inference.gateway.quantity
"""

RETURN = r"""
_value:
  description: The number, of bytes where the quantity is one of memory or storage.
  type: float
"""

from typing import Any

from ansible_collections.inference.gateway.plugins.plugin_utils._quantity import number


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"quantity": lambda quantity: float(number(quantity))}
