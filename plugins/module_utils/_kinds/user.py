# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Users: who has keys, is in teams and may sign in to LiteLLM's pages."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    MAX_BUDGET,
    METADATA,
    MODEL_MAX_BUDGET,
    MODELS,
    OBJECT_PERMISSION,
    OWNER,
    OWNER_MARK,
    PARALLEL,
    RPM,
    TPM,
    Call,
    Detail,
    Field,
    Kind,
    Listing,
    Object,
    no_name,
)

# What a directory says of a user through SCIM, and LiteLLM keeps in metadata and shows to the directory only.
UNSEEN = frozenset({"scim_enterprise", "scim_entitlements", "scim_roles"})


def partly_unseen(user: Object) -> str | None:
    """Why metadata cannot be written, which is replaced as a whole. Older releases of LiteLLM show all of it."""
    metadata = user.get("metadata") or {}
    if "scim_metadata" not in metadata or UNSEEN & metadata.keys():
        return None
    return (
        "a directory keeps this user by SCIM, and LiteLLM would lose what it does not show of that"
        f" ({', '.join(sorted(UNSEEN))})"
    )


USER = Kind(
    noun="user",
    alias="user_id",
    id="user_id",
    # Sorted, for else a user may be on two pages, and another on none.
    # Not the filter user_ids, for which a comma ends a name.
    listing=Listing(
        "/user/list",
        "users",
        "page_size",
        query={"sort_by": "user_id"},
        filters={"user_id": "search", "user_email": "user_email"},
        # The listing only has its identity, and what tells of it leaves out other fields.
        detail=Detail(
            "/v2/user/info",
            "user_id",
            lambda answer, user: [{**user, "object_permission": answer["object_permission"]}],
            needed=lambda user: bool(user.get("object_permission_id")),
        ),
    ),
    # Else the user gets a key that nobody asked for.
    create=Call("/user/new", "user_id", always={"auto_create_key": False}),
    # It creates a user that does not exist.
    update=Call("/user/update", "user_id"),
    delete=(Call("/user/delete", "user_ids", many=True),),
    fields=(
        Field("user_id", {"type": "str", "required": True}, refuse=no_name),
        # An empty string would be kept, and be the address of whom a single sign-on knows no address of.
        Field("user_email", {"type": "str"}, unique=True, stays="LiteLLM ignores that, give another address"),
        Field("user_alias", {"type": "str"}, clear=""),
        Field(
            "user_role",
            {
                "type": "str",
                "choices": ["proxy_admin", "proxy_admin_viewer", "internal_user", "internal_user_viewer"],
            },
            stays="LiteLLM ignores that, give another role",
        ),
        Field("sso_user_id", {"type": "str"}, fixed="LiteLLM takes it of a new user only"),
        replace(MODELS, stays="LiteLLM ignores that, give all-proxy-models, which means every model as well"),
        OBJECT_PERMISSION,
        replace(RPM, clears_since="1.106.0"),
        replace(TPM, clears_since="1.106.0"),
        replace(PARALLEL, stays="LiteLLM ignores that, give another number"),
        MAX_BUDGET,
        replace(BUDGET_DURATION, clears_since="1.102.0"),
        replace(MODEL_MAX_BUDGET, clears_since="1.102.0"),
        # An empty dictionary is ignored, one that holds nothing of the user's is not.
        replace(METADATA, clear={OWNER_MARK: None}, fixed=partly_unseen),
        replace(OWNER, fixed=partly_unseen),
    ),
    shown=("teams", "spend", "budget_reset_at"),
)
