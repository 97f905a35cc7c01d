# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Teams."""

from __future__ import annotations

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    MAX_BUDGET,
    METADATA,
    MODELS,
    OWNER,
    RPM,
    TPM,
    Call,
    Field,
    Kind,
    Listing,
    no_name,
)

TEAM = Kind(
    noun="team",
    alias="team_alias",
    id="team_id",
    # Not /team/info, which answers "not found" when the database is away; nor /team/list, which ignores the filter.
    listing=Listing(
        "/v2/team/list",
        "teams",
        "page_size",
        # By something that no two teams share, or what has one place on two pages may be on neither of them.
        query={"sort_by": "team_id"},
        filters={"team_alias": "team_alias", "team_id": "team_id"},
    ),
    create=Call("/team/new", "team_id"),
    update=Call("/team/update", "team_id"),
    delete=(Call("/team/delete", "team_ids", many=True),),
    fields=(
        Field("team_alias", {"type": "str", "required": True}, refuse=no_name),
        MODELS,
        RPM,
        TPM,
        MAX_BUDGET,
        BUDGET_DURATION,
        METADATA,
        OWNER,
    ),
    shown=("team_id", "blocked", "spend", "budget_reset_at"),
)
