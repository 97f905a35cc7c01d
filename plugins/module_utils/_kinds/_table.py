# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What the table of a kind of object can say: its fields, its requests, and how to read what LiteLLM answers.

Each kind has a table in a module of its own beside this one: what LiteLLM calls each thing, where it gives it back and
how it is cleared.
"""

from __future__ import annotations

import copy
import math
import re
import typing as t
from dataclasses import dataclass, field
from urllib.parse import quote

Object = t.Mapping[str, t.Any]

# What this collection keeps inside `metadata`: how long a key was made valid, and which declaration owns an object.
DURATION_MARK = "inference_gateway_duration"
OWNER_MARK = "inference_gateway_owner"

# Besides, what LiteLLM itself keeps there, for fields of other names (LiteLLM 1.80 to 1.109). A write of `metadata`
# replaces all of it: these must be sent along, or they are lost.
KEPT_IN_METADATA = frozenset(
    {
        DURATION_MARK,
        OWNER_MARK,
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


@dataclass(frozen=True)
class Field:
    """One option: its name (here and in LiteLLM's requests), and how LiteLLM treats it."""

    name: str
    option: t.Mapping[str, t.Any] | None  # its argument specification; None: for this collection's own use
    empty: t.Any = None  # what it reads as when LiteLLM has nothing
    clear: t.Any = ...  # what is sent to clear it; the same as `empty`, unless said
    at: str | None = None  # the dotted path where LiteLLM gives it back, if not under its own name
    mark: str | None = None  # where in metadata we remember it, for LiteLLM does not give it back
    trace: str | None = None  # what LiteLLM made of it, when that was not through us and there is no mark
    unsent: bool = False  # whether the mark is all there is, for LiteLLM knows no such thing
    unordered: bool = False
    partial: bool = False  # a dictionary to which the server adds: only what is named is compared and changed
    fixed: str | None = None  # why it can only be said of a new object
    stays: str | None = None  # why it cannot be cleared
    refers: str | None = None  # the noun of the kind whose identity it is; a declaration may give its alias instead
    falls_with: bool = False  # whether LiteLLM deletes the object together with the one that it refers to
    refuse: t.Callable[[t.Any], str | None] = lambda value: None  # why a value is not to be sent

    def read(self, live: Object) -> t.Any:
        """What LiteLLM has of it."""
        value: t.Any = live
        for name in (self.at or (f"metadata.{self.mark}" if self.mark else self.name)).split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return copy.deepcopy(self.empty) if value is None else value

    def same(self, one: t.Any, other: t.Any) -> bool:
        return sorted(map(str, one)) == sorted(map(str, other)) if self.unordered else one == other

    def sent(self, value: t.Any) -> t.Any:
        """A value as an update sends it."""
        return value if self.clear is ... or value != self.empty else self.clear


@dataclass(frozen=True)
class Call:
    """One request that changes an object, and where it names the object's identity."""

    path: str  # {id} stands for the identity, unless the body has it
    id: str | None = None  # the identity's name in the body
    many: bool = False  # whether the body wants a list of identities
    method: str = "POST"
    always: t.Mapping[str, t.Any] = field(default_factory=dict)  # what the body says besides, whatever is wanted

    def request(self, identity: str | None, body: Object) -> Request:
        named = {} if self.id is None or identity is None else {self.id: [identity] if self.many else identity}
        path = self.path.replace("{id}", quote(identity or "", safe=""))
        return Request(self.method, path, {**self.always, **named, **body})


class Request(t.NamedTuple):
    """One request that changes something. Its body may hold a secret."""

    method: str
    path: str
    body: dict[str, t.Any]


@dataclass(frozen=True)
class Listing:
    """How LiteLLM lists the objects of a kind."""

    path: str
    items: str | None = None  # the name that the answer has the objects under; None: the answer is a list
    size: str | None = None  # the parameter for the size of a page; None: all objects come at once
    query: t.Mapping[str, t.Any] = field(default_factory=dict)
    filters: t.Mapping[str, str] = field(default_factory=dict)  # parameter by field, where the listing can filter


@dataclass(frozen=True)
class Kind:
    """One kind of object: where it is listed and written, what identifies it, and its fields."""

    noun: str
    alias: str  # the field that names it
    id: str  # the field that identifies it, in what LiteLLM answers; may be the same
    listing: Listing
    create: Call
    update: Call
    delete: tuple[Call, ...]  # in this order
    fields: tuple[Field, ...]
    shown: tuple[str, ...] = ()  # what is returned besides: never anything that authenticates
    metadata: str | None = "metadata"  # the field with data of the user's own, beside which marks are kept
    # What an answer must be turned into before the fields are found in it.
    read: t.Callable[[Object], Object] = lambda answer: answer

    def identity(self, live: Object) -> str:
        """What tells an object from all others of its kind."""
        return live[self.id]

    def options(self) -> dict[str, dict[str, t.Any]]:
        """The part of a module's argument specification that this table says."""
        return {each.name: dict(each.option) for each in self.fields if each.option is not None}

    def view(self, live: Object) -> dict[str, t.Any]:
        """An object as a user knows it: the options, and what is worth knowing besides."""
        options = self.kept(live)
        return {name: live.get(name) for name in self.shown} | {name: options[name] for name in self.options()}

    def kept(self, live: Object) -> dict[str, t.Any]:
        """What would have to be asked for to get an object like this one."""
        options = {each.name: each.read(live) for each in self.fields}
        if self.metadata:
            options[self.metadata] = {
                name: value for name, value in options[self.metadata].items() if name not in KEPT_IN_METADATA
            }
        return options

    def wanted(self, params: Object, given: t.Collection[str]) -> dict[str, t.Any]:
        """What is asked for: the options that were given. Empty ones are to be cleared."""
        asked = {}
        for each in self.fields:
            if each.name in given:
                value = params[each.name]
                asked[each.name] = copy.deepcopy(each.empty) if value in (None, "") else value
        return asked

    def refusals(self, wanted: Object) -> list[str]:
        """Why some of the values cannot be: LiteLLM would store some of them, or answer with an error of its own."""
        reasons = {each.name: each.refuse(wanted[each.name]) for each in self.fields if each.name in wanted}
        return [f"{name} is {wanted[name]!r}, {reason}" for name, reason in reasons.items() if reason]


def no_limit(value: float | None) -> str | None:
    if value is None or (math.isfinite(value) and value >= 0):
        return None
    return "give a number of 0 or more, or null for no limit"


def no_duration(value: str | None) -> str | None:
    if value is None or re.fullmatch(r"[1-9]\d*(s|m|h|d|w|mo)", value):
        return None
    return "give a number and a unit (s, m, h, d, w or mo), as in 30d, or null for none"


def no_name(value: str | None) -> str | None:
    return None if value and value == value.strip() else "give a name that does not begin or end with a space"


MODELS = Field("models", {"type": "list", "elements": "str"}, empty=[], unordered=True)
METADATA = Field("metadata", {"type": "dict"}, empty={})
RPM = Field("rpm_limit", {"type": "int"}, refuse=no_limit)
TPM = Field("tpm_limit", {"type": "int"}, refuse=no_limit)
PARALLEL = Field("max_parallel_requests", {"type": "int"}, refuse=no_limit)
MAX_BUDGET = Field("max_budget", {"type": "float"}, refuse=no_limit)
# Only sent when it changes: LiteLLM begins a new budget period whenever it is sent.
BUDGET_DURATION = Field("budget_duration", {"type": "str"}, refuse=no_duration)
# Which declaration an object belongs to.
OWNER = Field("owner", None, mark=OWNER_MARK, unsent=True)
