# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Organizations."""

from __future__ import annotations

from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    MAX_BUDGET,
    METADATA,
    MODEL_MAX_BUDGET,
    MODEL_RPM_LIMIT,
    MODEL_TPM_LIMIT,
    MODELS,
    OBJECT_PERMISSION,
    OWNER,
    PARALLEL,
    RPM,
    SOFT_BUDGET,
    TPM,
    Call,
    Detail,
    Field,
    Kind,
    Listing,
    no_name,
)


def in_budget(field: Field) -> Field:
    """A field that LiteLLM keeps in the budget that each organization has."""
    return replace(field, at=f"litellm_budget_table.{field.name}")


def as_mark(field: Field) -> Field:
    """A field that an update only takes as a part of metadata."""
    return replace(field, at=None, mark=field.name, unsent=True)


ORGANIZATION = Kind(
    noun="organization",
    alias="organization_alias",
    id="organization_id",
    listing=Listing(
        "/organization/list",
        filters={"organization_alias": "org_alias", "organization_id": "org_id"},
        # The listing only has its identity.
        detail=Detail(
            "/organization/info",
            "organization_id",
            lambda answer, entry: [answer],
            needed=lambda organization: bool(organization.get("object_permission_id")),
        ),
    ),
    create=Call("/organization/new", "organization_id"),
    # Not /organization/update, which adds to metadata, so that nothing could be taken out of it.
    update=Call("/v2/organization/{id}", method="PATCH"),
    delete=(Call("/organization/delete", "organization_ids", many=True, method="DELETE"),),
    fields=(
        Field("organization_alias", {"type": "str", "required": True}, refuse=no_name),
        MODELS,
        OBJECT_PERMISSION,
        Field("budget_id", {"type": "str"}, fixed="LiteLLM cannot give an organization another budget"),
        *map(in_budget, (RPM, TPM, PARALLEL, MAX_BUDGET, SOFT_BUDGET, BUDGET_DURATION, MODEL_MAX_BUDGET)),
        *map(as_mark, (MODEL_RPM_LIMIT, MODEL_TPM_LIMIT)),
        METADATA,
        OWNER,
    ),
    shown=("organization_id", "spend"),
)
