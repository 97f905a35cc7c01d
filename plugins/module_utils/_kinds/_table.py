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
# And of a key that takes another's place: which generation it is, whose alias it is to have, and whose it had.
GENERATION_MARK = "inference_gateway_generation"
SUCCEEDS_MARK = "inference_gateway_succeeds"
FORMERLY_MARK = "inference_gateway_formerly"

# Besides, what LiteLLM itself keeps there, for fields of other names (LiteLLM 1.80 to 1.109). A write of `metadata`
# replaces all of it: these must be sent along, or they are lost.
KEPT_IN_METADATA = frozenset(
    {
        DURATION_MARK,
        OWNER_MARK,
        GENERATION_MARK,
        SUCCEEDS_MARK,
        FORMERLY_MARK,
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
    mark: str | None = None  # the name in metadata that we write it under as well, where LiteLLM may not keep it
    unsent: bool = False  # whether the mark is all there is, for LiteLLM knows no such thing
    unordered: bool = False
    partial: bool = False  # a dictionary to which the server adds: only what is named is compared and changed
    merged: bool = False  # a dictionary that LiteLLM merges into what it has: what is to go is sent empty
    # Why it can only be said of a new object, or what tells that of the one that is there.
    fixed: str | t.Callable[[Object], str | None] | None = None
    stays: str | None = None  # why it cannot be cleared
    drops_metadata: bool = False  # when it changes alone, some versions of LiteLLM lose metadata
    by: Call | None = None  # the request that changes it, if not that of the kind
    tidy: t.Callable[[t.Any], t.Any] = lambda value: value  # what counts of a value, given or read
    refuse: t.Callable[[t.Any], str | None] = lambda value: None  # why a value is not to be sent

    @property
    def place(self) -> str:
        """The dotted path where LiteLLM gives it back."""
        return self.at or (f"metadata.{self.mark}" if self.mark else self.name)

    @property
    def name_in_metadata(self) -> str | None:
        """What it is called there, if it is kept there."""
        return self.place.removeprefix("metadata.") if self.place.startswith("metadata.") else None

    def read(self, live: Object) -> t.Any:
        """What LiteLLM has of it."""
        value: t.Any = live
        for name in self.place.split("."):
            value = value.get(name) if isinstance(value, dict) else None
        return copy.deepcopy(self.empty) if value is None else self.tidy(value)

    def same(self, one: t.Any, other: t.Any) -> bool:
        if self.unordered and isinstance(one, list) and isinstance(other, list):
            return sorted(map(str, one)) == sorted(map(str, other))
        return one == other

    def sent(self, value: t.Any, found: t.Any) -> t.Any:
        """A value as an update sends it, in the place of what is found there."""
        if self.merged:
            return {name: type(part)() for name, part in found.items()} | value
        return value if self.clear is ... or value != self.empty else self.clear


@dataclass(frozen=True)
class Call:
    """One request that changes an object, and where it names the object's identity."""

    path: str  # {id} stands for the identity, unless the body has it
    id: str | None = None  # the identity's name in the body
    many: bool = False  # whether the body wants a list of identities
    method: str = "POST"
    always: t.Mapping[str, t.Any] = field(default_factory=dict)  # what the body says besides, whatever is wanted
    shape: t.Callable[[dict[str, t.Any]], dict[str, t.Any]] = lambda body: body  # the body as this request wants it

    def request(self, identity: str | None, body: Object) -> Request:
        named = {} if self.id is None or identity is None else {self.id: [identity] if self.many else identity}
        path = self.path.replace("{id}", quote(identity or "", safe=""))
        return Request(self.method, path, self.shape({**self.always, **named, **body}))


class Request(t.NamedTuple):
    """One request that changes something. Its body may hold a secret."""

    method: str
    path: str
    body: dict[str, t.Any]


@dataclass(frozen=True)
class Detail:
    """The request that tells what a listing leaves out, for one of its entries at a time."""

    path: str
    id: str  # the field that names the entry, and the parameter for it
    read: t.Callable[[Object], list[Object]]  # the objects that the answer tells of, in the place of the entry
    query: t.Mapping[str, t.Any] = field(default_factory=dict)
    needed: t.Callable[[Object], bool] = lambda entry: True


@dataclass(frozen=True)
class Listing:
    """How LiteLLM lists the objects of a kind."""

    path: str
    items: str | None = None  # the name that the answer has the objects under; None: the answer is a list
    size: str | None = None  # the parameter for the size of a page; None: all objects come at once
    query: t.Mapping[str, t.Any] = field(default_factory=dict)
    filters: t.Mapping[str, str] = field(default_factory=dict)  # parameter by field, where the listing can filter
    detail: Detail | None = None


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
    within: str | None = None  # what says which object of another kind it belongs to, in answers and in every request
    shown: tuple[str, ...] = ()  # what is returned besides: never anything that authenticates
    metadata: str | None = "metadata"  # the field with data of the user's own, beside which marks are kept
    # What an answer must be turned into before the fields are found in it.
    read: t.Callable[[Object], Object] = lambda answer: answer

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

    def copy(self, live: Object, changes: Object) -> dict[str, t.Any]:
        """What is to be asked for to get another object like this one, but for the changes.

        What LiteLLM keeps in metadata stays there: by some of its names, it is only taken with a licence.
        """
        inside = {each.name: each.name_in_metadata for each in self.fields if each.name_in_metadata and not each.mark}
        kept = {name: value for name, value in self.kept(live).items() if name not in inside}
        own = {each.mark for each in self.fields} | {inside.get(name) for name in changes}
        metadata = {
            name: value for name, value in (live.get(self.metadata) or {}).items() if name in KEPT_IN_METADATA - own
        }
        return kept | changes | {self.metadata: metadata | changes.get(self.metadata, kept[self.metadata])}

    def wanted(self, params: Object, given: t.Collection[str]) -> dict[str, t.Any]:
        """What is asked for: the options that were given. Empty ones are to be cleared."""
        asked = {}
        for each in self.fields:
            if each.name in given:
                value = params[each.name]
                asked[each.name] = copy.deepcopy(each.empty) if value in (None, "") else each.tidy(value)
        return asked

    def refusals(self, wanted: Object) -> list[str]:
        """Why some of the values cannot be: LiteLLM would store some of them, or answer with an error of its own."""
        given = [each for each in self.fields if each.name in wanted]
        reasons = {each.name: each.refuse(wanted[each.name]) for each in given}
        refused = [f"{name} is {wanted[name]!r}, {reason}" for name, reason in reasons.items() if reason]
        twice = {each.name_in_metadata for each in given} & set(wanted.get(self.metadata) or ())
        return refused + [f"{name} is given twice, leave it out of {self.metadata}" for name in sorted(twice)]


def no_limit(value: float | None) -> str | None:
    if value is None or (math.isfinite(value) and value >= 0):
        return None
    return "give a number of 0 or more, or null for no limit"


def no_limits(value: t.Mapping[str, t.Any]) -> str | None:
    if all(isinstance(limit, int) and not isinstance(limit, bool) and limit >= 0 for limit in value.values()):
        return None
    return "give a whole number of 0 or more for each name, or {} for no limit"


def no_duration(value: str | None) -> str | None:
    if value is None or re.fullmatch(r"[1-9]\d*(s|m|h|d|w|mo)", value):
        return None
    return "give a number and a unit (s, m, h, d, w or mo), as in 30d, or null for none"


def no_name(value: str | None) -> str | None:
    return None if value and value == value.strip() else "give a name that does not begin or end with a space"


def no_route(value: t.Iterable[str]) -> str | None:
    return None if all(route.startswith("/") for route in value) else "give routes, as in /v1/embeddings"


def in_metadata(name: str, option: t.Mapping[str, t.Any], **more: t.Any) -> Field:
    """A field that LiteLLM takes by a name of its own and keeps in metadata."""
    return Field(name, option, at=f"metadata.{name}", **more)


NAMES: dict[str, t.Any] = {"type": "list", "elements": "str"}

MODELS = Field("models", NAMES, empty=[], unordered=True)
METADATA = Field("metadata", {"type": "dict"}, empty={})
RPM = Field("rpm_limit", {"type": "int"}, refuse=no_limit)
TPM = Field("tpm_limit", {"type": "int"}, refuse=no_limit)
PARALLEL = Field("max_parallel_requests", {"type": "int"}, refuse=no_limit)
MAX_BUDGET = Field("max_budget", {"type": "float"}, refuse=no_limit)
SOFT_BUDGET = Field("soft_budget", {"type": "float"}, refuse=no_limit)
# Only sent when it changes: LiteLLM begins a new budget period whenever it is sent.
BUDGET_DURATION = Field("budget_duration", {"type": "str"}, refuse=no_duration)
MODEL_RPM_LIMIT = in_metadata("model_rpm_limit", {"type": "dict"}, empty={}, refuse=no_limits)
MODEL_TPM_LIMIT = in_metadata("model_tpm_limit", {"type": "dict"}, empty={}, refuse=no_limits)
# Without an enterprise licence LiteLLM does not take these.
TAGS = in_metadata("tags", NAMES, empty=[], unordered=True)
GUARDRAILS = in_metadata("guardrails", NAMES, empty=[], unordered=True)
POLICIES = in_metadata("policies", NAMES, empty=[], unordered=True)
PROMPTS = in_metadata("prompts", NAMES, empty=[], unordered=True)
# It also tells of the limits that a model's budget could have and has not.
MODEL_MAX_BUDGET = Field(
    "model_max_budget",
    {"type": "dict"},
    empty={},
    tidy=lambda budgets: {
        model: {name: part for name, part in budget.items() if part is not None} if isinstance(budget, dict) else budget
        for model, budget in budgets.items()
    },
)
# LiteLLM adds an identity, and an empty value for each kind of object that is not named.
OBJECT_PERMISSION = Field(
    "object_permission",
    {"type": "dict"},
    empty={},
    merged=True,
    tidy=lambda value: {name: part for name, part in value.items() if part and name != "object_permission_id"},
)
# Which declaration an object belongs to.
OWNER = Field("owner", None, mark=OWNER_MARK, unsent=True)
