# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Members of teams."""

from __future__ import annotations

import typing as t
from dataclasses import replace

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import (
    BUDGET_DURATION,
    NAMES,
    RPM,
    TPM,
    Call,
    Detail,
    Field,
    Kind,
    Listing,
    Object,
    no_limit,
    no_name,
)


def members(answer: Object, entry: Object) -> list[Object]:
    """What /team/info tells of each member, from the two places where it does, with the member's own limits."""
    team = answer["team_info"]
    shared = (team.get("metadata") or {}).get("team_member_budget_id")
    memberships = {each["user_id"]: each for each in answer["team_memberships"]}
    found = []
    for member in team["members_with_roles"]:
        membership = memberships.get(member.get("user_id"), {})
        own = membership.get("litellm_budget_table") if membership.get("budget_id") != shared else None
        found.append(
            {
                **{name: team.get(name) for name in ("team_id", "team_alias")},
                **{name: member.get(name) for name in ("user_id", "role")},
                # LiteLLM keeps it as it was given, and finds users by it in any case of letters.
                "user_email": (member.get("user_email") or "").lower() or None,
                "address": member.get("user_email"),
                "spend": membership.get("spend"),
                "own": own or {},
            }
        )
    return found


def nested(body: dict[str, t.Any]) -> dict[str, t.Any]:
    """The body of /team/member_add, which wants a role."""
    member = {name: body.pop(name) for name in ("user_id", "user_email", "role") if name in body}
    return body | {"member": {"role": "user"} | member}


def address(member: Object) -> dict[str, str]:
    """How requests name a member whom LiteLLM knows by an address alone, in the letters that it was given in."""
    return {} if member["user_id"] or not member["address"] else {"user_email": member["address"]}


# Named by the identity of the user.
MEMBER = Kind(
    noun="member",
    alias="user_id",
    id="user_id",
    within="team_id",
    listing=Listing(
        "/v2/team/list",
        "teams",
        "page_size",
        query={"sort_by": "team_id"},
        filters={"team_alias": "team_alias", "team_id": "team_id"},
        # Only asked about teams that were listed, for it answers "not found" when the database is away.
        detail=Detail("/team/info", "team_id", members, query={"key_limit": 1}),
    ),
    create=Call("/team/member_add", shape=nested),
    update=Call("/team/member_update", "user_id"),
    delete=(Call("/team/member_delete", "user_id"),),
    gone=frozenset({400, 404}),
    fields=(
        Field("user_id", {"type": "str"}, refuse=no_name),
        Field("user_email", {"type": "str"}, tidy=str.lower, refuse=no_name),
        Field("role", {"type": "str", "choices": ["user", "admin"]}, empty="user"),
        Field("max_budget_in_team", {"type": "float"}, at="own.max_budget", refuse=no_limit),
        replace(BUDGET_DURATION, at="own.budget_duration"),
        # Only taken by an update.
        replace(RPM, at="own.rpm_limit"),
        replace(TPM, at="own.tpm_limit"),
        Field("allowed_models", NAMES, empty=[], at="own.allowed_models", unordered=True),
    ),
    shown=("team_id", "team_alias", "spend"),
    metadata=None,
    instead=address,
)
# Named by the email of the user.
MEMBER_BY_EMAIL = replace(MEMBER, alias="user_email")
