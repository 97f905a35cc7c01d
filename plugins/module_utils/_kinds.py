# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What LiteLLM calls each thing, where it gives it back and how it is cleared: tables, and how to read them."""

from __future__ import annotations

import copy
import math
import re
import typing as t
from dataclasses import dataclass

# What LiteLLM itself keeps inside `metadata`, for fields of other names (LiteLLM 1.80 to 1.109), and for this
# collection. A write of `metadata` replaces all of it: these must be sent along, or they are lost.
DURATION_MARK = "inference_gateway_duration"
KEPT_IN_METADATA = frozenset(
    {
        DURATION_MARK,
        "allowed_passthrough_routes",
        "allowed_vector_store_indexes",
        "default_estimated_output_tokens",
        "default_estimated_output_tokens_per_model",
        "denied_passthrough_routes",
        "disable_global_guardrails",
        "enable_prompt_caching",
        "end_user_budget_id",
        "enforced_batch_output_expires_after",
        "enforced_file_expires_after",
        "enforced_params",
        "guardrails",
        "logging",
        "mcp_rpm_limit",
        "model_itpm_limit",
        "model_otpm_limit",
        "model_rpm_limit",
        "model_tpm_limit",
        "policies",
        "prompts",
        "rpm_limit_type",
        "secret_manager_settings",
        "service_account_id",
        "tag_rpm_limit",
        "tags",
        "team_member_budget_id",
        "team_member_key_duration",
        "temp_budget_expiry",
        "temp_budget_increase",
        "throttle_on_budget_exceeded",
        "tpm_limit_type",
    }
)

# Names that stand for models without being one.
SPECIAL_MODELS = frozenset({"all-team-models", "all-proxy-models", "no-default-models"})


@dataclass(frozen=True)
class Field:
    """One option: its name (here and in LiteLLM's requests), and how LiteLLM treats it."""

    name: str
    option: t.Mapping[str, t.Any]  # its argument specification
    empty: t.Any = None  # what clears it, and what it reads as when LiteLLM has nothing
    mark: str | None = None  # where in metadata we remember it, for LiteLLM does not give it back
    unordered: bool = False
    refuse: t.Callable[[t.Any], str | None] = lambda value: None  # why a value is not to be sent

    def read(self, live: t.Mapping[str, t.Any]) -> t.Any:
        value = (live.get("metadata") or {}).get(self.mark) if self.mark else live.get(self.name)
        return copy.deepcopy(self.empty) if value is None else value

    def same(self, one: t.Any, other: t.Any) -> bool:
        return set(one) == set(other) if self.unordered else one == other


@dataclass(frozen=True)
class Kind:
    """One kind of object: where it is listed and written, what identifies it, and its fields."""

    noun: str
    alias: str  # the field that names it
    id: str  # the field that identifies it, in what LiteLLM answers
    listing: str
    items: str  # the name under which the listing gives a page of them
    size: str  # the listing's parameter for the size of a page
    query: t.Mapping[str, t.Any]
    by_id: str  # the listing's parameter that filters by identity
    create: str
    update: str
    update_id: str  # the identity's name in an update
    delete: tuple[tuple[str, str, bool], ...]  # in this order: path, the identity's name, whether it wants a list
    fields: tuple[Field, ...]
    shown: tuple[str, ...]  # what is returned besides: never anything that authenticates

    def options(self) -> dict[str, dict[str, t.Any]]:
        """The part of a module's argument specification that this table says."""
        return {field.name: dict(field.option) for field in self.fields}

    def view(self, live: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
        """An object as a user knows it: the options, and what is worth knowing besides."""
        options = {field.name: field.read(live) for field in self.fields}
        options["metadata"] = {
            name: value for name, value in options["metadata"].items() if name not in KEPT_IN_METADATA
        }
        return {name: live.get(name) for name in self.shown} | options

    def wanted(self, params: t.Mapping[str, t.Any], given: t.Collection[str]) -> dict[str, t.Any]:
        """What is asked for: the options that were given. Empty ones are to be cleared."""
        asked = {}
        for field in self.fields:
            if field.name in given:
                value = params[field.name]
                asked[field.name] = copy.deepcopy(field.empty) if value in (None, "") else value
        return asked

    def refusals(self, wanted: t.Mapping[str, t.Any]) -> list[str]:
        """Why some of the values cannot be: LiteLLM would store some of them, or answer with an error of its own."""
        reasons = {field.name: field.refuse(wanted[field.name]) for field in self.fields if field.name in wanted}
        return [f"{name} is {wanted[name]!r}, {reason}" for name, reason in reasons.items() if reason]


def _no_limit(value: float | None) -> str | None:
    if value is None or (math.isfinite(value) and value >= 0):
        return None
    return "give a number of 0 or more, or null for no limit"


def _no_duration(value: str | None) -> str | None:
    if value is None or re.fullmatch(r"[1-9]\d*(s|m|h|d|w|mo)", value):
        return None
    return "give a number and a unit (s, m, h, d, w or mo), as in 30d, or null for none"


def _no_name(value: str | None) -> str | None:
    return None if value and value == value.strip() else "give a name that does not begin or end with a space"


_LIMITS = (
    Field("models", {"type": "list", "elements": "str"}, empty=[], unordered=True),
    Field("rpm_limit", {"type": "int"}, refuse=_no_limit),
    Field("tpm_limit", {"type": "int"}, refuse=_no_limit),
    Field("max_budget", {"type": "float"}, refuse=_no_limit),
    # Only sent when it changes: LiteLLM begins a new budget period whenever it is sent.
    Field("budget_duration", {"type": "str"}, refuse=_no_duration),
    Field("metadata", {"type": "dict"}, empty={}),
)

TEAM = Kind(
    noun="team",
    alias="team_alias",
    id="team_id",
    # Not /team/info, which answers "not found" when the database is away; nor /team/list, which ignores the filter.
    listing="/v2/team/list",
    items="teams",
    size="page_size",
    query={},
    by_id="team_id",
    create="/team/new",
    update="/team/update",
    update_id="team_id",
    delete=(("/team/delete", "team_ids", True),),
    fields=(Field("team_alias", {"type": "str", "required": True}, refuse=_no_name), *_LIMITS),
    shown=("team_id", "blocked", "spend", "budget_reset_at"),
)

KEY = Kind(
    noun="key",
    alias="key_alias",
    id="token",  # the SHA-256 of the key, which identifies it but does not authenticate
    # Not /key/info, which goes on to answer for a deleted key, and does not know aliases.
    listing="/key/list",
    items="keys",
    size="size",
    query={"return_full_object": "true"},
    by_id="key_hash",
    create="/key/generate",
    update="/key/update",
    update_id="key",
    # A replica goes on to accept a deleted key for a minute, a blocked one not for a moment.
    delete=(("/key/block", "key", False), ("/key/delete", "keys", True)),
    fields=(
        Field("key_alias", {"type": "str", "required": True, "no_log": False}, refuse=_no_name),
        Field("team_id", {"type": "str"}),
        *_LIMITS,
        Field("max_parallel_requests", {"type": "int"}, refuse=_no_limit),
        # LiteLLM only gives back the date that it made of it.
        Field("duration", {"type": "str"}, mark=DURATION_MARK, refuse=_no_duration),
    ),
    shown=("blocked", "spend", "expires", "budget_reset_at"),
)
