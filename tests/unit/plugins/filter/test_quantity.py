# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.plugin_utils._quantity import number


@pytest.mark.parametrize(
    ("quantity", "amount"),
    [("500m", 0.5), ("2", 2), (2, 2), ("1.5", 1.5), ("2Gi", 2 * 2**30), ("3M", 3e6), ("1e3", 1e3), ("1E", 1e18)],
)
def test_quantities(quantity: Any, amount: float) -> None:
    assert number(quantity) == pytest.approx(amount)


def test_what_is_no_quantity() -> None:
    with pytest.raises(AnsibleFilterError, match="'2 GB' is no quantity"):
        number("2 GB")
