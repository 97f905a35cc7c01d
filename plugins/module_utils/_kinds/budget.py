# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Budgets: limits that customers and keys share by name."""

from __future__ import annotations

import typing as t

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    MAX_BUDGET,
    MODEL_MAX_BUDGET,
    PARALLEL,
    RPM,
    SOFT_BUDGET,
    TPD,
    TPM,
    Call,
    Field,
    Kind,
    Listing,
    no_name,
)


def without_end(body: dict[str, t.Any]) -> dict[str, t.Any]:
    """An update that takes the end of the period away with its length.

    LiteLLM before 1.102 leaves the end, and once it has come, spending would start at zero every few minutes.
    """
    return body | {"budget_reset_at": None} if body.get("budget_duration", ...) is None else body


BUDGET = Kind(
    noun="budget",
    alias="budget_id",
    id="budget_id",
    # Not /budget/info, which is a POST: it would not be sent again after a passing trouble.
    listing=Listing("/budget/list"),
    create=Call("/budget/new", "budget_id"),
    update=Call("/budget/update", "budget_id", shape=without_end),
    delete=(Call("/budget/delete", "id"),),
    fields=(
        Field("budget_id", {"type": "str", "required": True}, refuse=no_name),
        MAX_BUDGET,
        SOFT_BUDGET,
        BUDGET_DURATION,
        RPM,
        TPM,
        TPD,
        PARALLEL,
        MODEL_MAX_BUDGET,
    ),
    shown=("budget_reset_at",),
    metadata=None,
)
