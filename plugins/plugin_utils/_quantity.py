# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Amounts as Kubernetes writes them: 500m, 2Gi, 1e9, 3."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from ansible.errors import AnsibleFilterError

# Exact, for the API server writes 4.1G as 4100M, and three times 100m are 300m.
FACTORS = {letter: Decimal(1000) ** power for power, letter in enumerate(("n", "u", "m", "", *"kMGTPE"), start=-3)}
FACTORS |= {f"{letter}i": Decimal(1024) ** power for power, letter in enumerate("KMGTPE", start=1)}
# Kubernetes counts to 2^63: an exponent of more than two digits is a mistake.
QUANTITY = re.compile(r"([+-]?(?:\d+\.?\d*|\.\d+))(?:[eE]([+-]?\d\d?)|([numkMGTPE]|[KMGTPE]i)?)", re.ASCII)


def number(quantity: Any) -> Decimal:
    parts = QUANTITY.fullmatch(str(quantity))
    if parts is None:
        raise AnsibleFilterError(f"'{quantity}' is no quantity of Kubernetes, such as 500m or 2Gi.")
    digits, exponent, suffix = parts.groups()
    return Decimal(digits) * (Decimal(10) ** int(exponent) if exponent else FACTORS[suffix or ""])
