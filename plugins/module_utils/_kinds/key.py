# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""API keys."""

from __future__ import annotations

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    DURATION_MARK,
    MAX_BUDGET,
    METADATA,
    MODELS,
    OWNER,
    PARALLEL,
    RPM,
    TPM,
    Call,
    Field,
    Kind,
    Listing,
    no_duration,
    no_name,
)

KEY = Kind(
    noun="key",
    alias="key_alias",
    id="token",  # the SHA-256 of the key, which identifies it but does not authenticate
    # Not /key/info, which goes on to answer for a deleted key, and does not know aliases.
    listing=Listing(
        "/key/list",
        "keys",
        "size",
        query={"return_full_object": "true"},
        filters={
            "key_alias": "key_alias",
            "token": "key_hash",
            "team_id": "team_id",
            "user_id": "user_id",
            "org_id": "organization_id",
        },
    ),
    # The value goes along as `key`; LiteLLM makes the identity of it.
    create=Call("/key/generate"),
    update=Call("/key/update", "key"),
    # A replica goes on to accept a deleted key for a minute, a blocked one not for a moment.
    delete=(Call("/key/block", "key"), Call("/key/delete", "keys", many=True)),
    fields=(
        Field("key_alias", {"type": "str", "required": True, "no_log": False}, refuse=no_name),
        Field("team_id", {"type": "str"}, refers="team", falls_with=True),
        MODELS,
        RPM,
        TPM,
        MAX_BUDGET,
        BUDGET_DURATION,
        METADATA,
        PARALLEL,
        # LiteLLM only gives back the date that it made of it.
        Field("duration", {"type": "str"}, mark=DURATION_MARK, trace="expires", refuse=no_duration),
        OWNER,
    ),
    shown=("blocked", "spend", "expires", "budget_reset_at"),
)
