# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter.quantity import FilterModule

quantity = FilterModule().filters()["quantity"]


@pytest.mark.parametrize(
    ("written", "amount"),
    [("500m", 0.5), ("2", 2), (2, 2), ("1.5", 1.5), ("2Gi", 2 * 2**30), ("3M", 3e6), ("1e3", 1e3), ("1E", 1e18)],
)
def test_quantities(written: Any, amount: float) -> None:
    assert quantity(written) == amount
    assert isinstance(quantity(written), float)


@pytest.mark.parametrize(
    ("written", "as_the_api_server_does"),
    [
        ("4.1G", "4100M"),
        ("2.5Gi", "2560Mi"),
        ("0.009", "9m"),
        ("1.1Gi", "1181116006400m"),
        ("2e-3", "2m"),
        ("1n", "1e-9"),
    ],
)
def test_one_quantity_written_in_two_ways(written: str, as_the_api_server_does: str) -> None:
    assert quantity(written) == quantity(as_the_api_server_does)


@pytest.mark.parametrize("written", ["2 GB", "1e400", "\u0663", None, True])
def test_what_is_no_quantity(written: Any) -> None:
    with pytest.raises(AnsibleFilterError, match=f"'{written}' is no quantity"):
        quantity(written)
