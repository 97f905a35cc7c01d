# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amounts as Kubernetes writes them: 500m, 2Gi, 1e9, 3."""

from __future__ import annotations

import re
from typing import Any

from ansible.errors import AnsibleFilterError

FACTORS = {"n": 1e-9, "u": 1e-6, "m": 1e-3, "": 1, "k": 1e3, "M": 1e6, "G": 1e9, "T": 1e12, "P": 1e15, "E": 1e18}
FACTORS |= {f"{letter}i": 2.0 ** (10 * power) for power, letter in enumerate("KMGTPE", start=1)}
QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d+)|([numkMGTPE]|[KMGTPE]i)?)")


def number(quantity: Any) -> float:
    parts = QUANTITY.fullmatch(str(quantity))
    if parts is None:
        raise AnsibleFilterError(f"'{quantity}' is no quantity of Kubernetes, such as 500m or 2Gi.")
    digits, exponent, suffix = parts.groups()
    return float(digits) * (10.0 ** int(exponent) if exponent else FACTORS[suffix or ""])
