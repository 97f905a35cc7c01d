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
from functools import cached_property
from urllib.parse import quote

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.parsing.convert_bool import BOOLEANS_FALSE, BOOLEANS_TRUE

from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import Secrets, told
from ansible_collections.inference.gateway.plugins.module_utils._secret_names import is_withheld_name

Object = t.Mapping[str, t.Any]
Identity = t.Union[str, tuple[str, str]]  # noqa: UP007 - as pylint wants it

# What this collection keeps inside `metadata`: how long a key was made valid, which declaration owns an object, and
# fingerprints of the secrets that LiteLLM does not give back.
DURATION_MARK = "inference_gateway_duration"
OWNER_MARK = "inference_gateway_owner"
FINGERPRINTS_MARK = "inference_gateway_fingerprints"
# And of a key that takes another's place: which generation it is, whose alias it is to have, and whose it had.
GENERATION_MARK = "inference_gateway_generation"
SUCCEEDS_MARK = "inference_gateway_succeeds"
FORMERLY_MARK = "inference_gateway_formerly"
MARKS = frozenset({DURATION_MARK, OWNER_MARK, FINGERPRINTS_MARK, GENERATION_MARK, SUCCEEDS_MARK, FORMERLY_MARK})

# Says of a field's `removal` that an update takes out what it sends as null.
BY_NULL = "null"

# Besides, what LiteLLM itself keeps there, for fields of other names (LiteLLM 1.80 to 1.109). A write of `metadata`
# replaces all of it: these must be sent along, or they are lost.
KEPT_IN_METADATA = MARKS | frozenset(
    {
        "allowed_passthrough_routes",
        "allowed_vector_store_indexes",
        "callback_settings",
        "created_via",
        "default_estimated_output_tokens",
        "default_estimated_output_tokens_per_model",
        "denied_passthrough_routes",
        "disable_global_guardrails",
        "enable_prompt_caching",
        "end_user_budget_id",
        "enforced_batch_output_expires_after",
        "enforced_file_expires_after",
        "enforced_params",
        "externalId",
        "guardrails",
        "logging",
        "mcp_rpm_limit",
        "model_itpm_limit",
        "model_otpm_limit",
        "model_rpm_limit",
        "model_tpm_limit",
        "policies",
        "prompts",
        "require_trace_id",
        "rpm_limit_type",
        "scim_active",
        "scim_blocked",
        "scim_data",
        "scim_enterprise",
        "scim_entitlements",
        "scim_managed",
        "scim_metadata",
        "scim_roles",
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


def look_up(live: Object, path: str) -> t.Any:
    """What is at a dotted path, None if nothing is."""
    value: t.Any = live
    for name in path.split("."):
        value = value.get(name) if isinstance(value, dict) else None
    return value


def equal(one: t.Any, other: t.Any) -> bool:
    """Whether two values are the same in JSON, where true and false are no numbers as they are to Python."""
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(equal(one[name], other[name]) for name in one)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(equal, one, other))
    return isinstance(one, bool) == isinstance(other, bool) and one == other


def alike(found: t.Any, wanted: t.Any) -> bool:
    """Whether two entries of a dictionary are the same: LiteLLM makes a number or a truth value of what says one."""
    if not isinstance(wanted, str) or not isinstance(found, (bool, int, float)):
        return equal(found, wanted)
    if isinstance(found, bool):
        return wanted.lower() in (BOOLEANS_TRUE if found else BOOLEANS_FALSE)
    try:
        return float(wanted) == found
    except ValueError:
        return False


@dataclass(frozen=True)
class Field:
    """One option: its name (here and in LiteLLM's requests), and how LiteLLM treats it."""

    name: str
    option: t.Mapping[str, t.Any] | None  # its argument specification; None: for this collection's own use
    empty: t.Any = None  # what it reads as when LiteLLM has nothing
    clear: t.Any = ...  # what is sent to clear it; the same as `empty`, unless said
    at: str | None = None  # the dotted path where LiteLLM gives it back, if not under its own name
    mark: str | None = None  # the name in metadata that we write it under as well, where LiteLLM may not keep it
    trace: str | None = None  # what LiteLLM made of it, when that was not through us and there is no mark
    unsent: bool = False  # whether the mark is all there is, for LiteLLM knows no such thing
    unordered: bool = False
    partial: bool = False  # a dictionary to which the server adds: only what is named is compared and changed
    merged: bool = False  # a dictionary that LiteLLM merges into what it has: what is to go is sent empty
    # How an update takes entries out of a dictionary, if it merges it: BY_NULL, or the name of the list that it wants.
    removal: str | None = None
    # Entries of a partial dictionary that null takes out although it `stays`, and the first release that does so.
    removable: t.Mapping[str, str | None] = field(default_factory=dict)
    secrets: Secrets | None = None  # what in a dictionary LiteLLM does not give back
    # Why it can only be said of a new object, or what tells that of the one that is there.
    fixed: str | t.Callable[[Object], str | None] | None = None
    stays: str | None = None  # why it cannot be cleared
    since: str | None = None  # the first release of LiteLLM that has it; older ones drop it silently
    changes_since: str | None = None  # the first that changes it, or takes it, of an object that is there
    clears_since: str | None = None  # the first that clears it
    removes_since: str | None = None  # the first that takes entries out of it
    values_since: t.Mapping[str, str] = field(default_factory=dict)  # of a list, the first that knows each newer value
    drops_metadata: bool = False  # when it changes alone, some versions of LiteLLM lose metadata
    by: Call | None = None  # the request that changes it, if not that of the kind
    tidy: t.Callable[[t.Any], t.Any] = lambda value: value  # what counts of a value, given or read
    refers: str | None = None  # the noun of the kind whose identity it is; a declaration may give its alias instead
    falls_with: bool = False  # whether LiteLLM deletes the object together with the one that it refers to
    unique: bool = False  # whether no two objects may have the same, in any case of letters
    refuse: t.Callable[[t.Any], str | None] = lambda value: None  # why a value is not to be sent

    @property
    def place(self) -> str:
        """The dotted path where LiteLLM gives it back."""
        return self.at or (f"metadata.{self.mark}" if self.mark else self.name)

    def name_in(self, metadata: str | None) -> str | None:
        """What it is called in the field with the user's own data, if it is kept there."""
        prefix = f"{metadata}."
        return self.place.removeprefix(prefix) if self.place.startswith(prefix) else None

    def read(self, live: Object) -> t.Any:
        """What LiteLLM has of it, with words for what is secret.

        An empty string is nothing: where null is ignored, one is sent to clear.
        """
        value = look_up(live, self.place)
        # Of what somebody else has cleared, the mark is still there.
        if value in (None, "") or (self.trace and not live.get(self.trace)):
            return copy.deepcopy(self.empty)
        return self.tidy(self.secrets.hidden(value, self._known(live)) if self.secrets else value)

    def in_words(self, value: t.Any, live: Object) -> t.Any:
        """A value that is wanted, with words for what is secret, which tell whether that is what is there."""
        return self.secrets.foretold(value, self.read(live), self._known(live)) if self.secrets else value

    def fingerprints(self, value: Object, live: Object) -> dict[str, str] | None:
        """Those to be kept once the value is written over what is there; None when there are none, and never were."""
        known, new = self._known(live), self.secrets.fingerprints(value)
        # What LiteLLM keeps in metadata stays there as well, unless it is named.
        stays = self.partial or self.secrets.within
        left = {name: known[name] for name in known if stays and name not in value}
        return left | new if known or new else None

    def takes(self, value: t.Any) -> bool:
        """Whether the option can be given this value, and stays as it is."""
        validated = self._validator.validate({self.name: value})
        return not validated.error_messages and equal(validated.validated_parameters[self.name], value)

    @cached_property
    def _validator(self) -> ArgumentSpecValidator:
        return ArgumentSpecValidator({self.name: dict(self.option)})

    def same(self, one: t.Any, other: t.Any) -> bool:
        if self.unordered and isinstance(one, list) and isinstance(other, list):
            return sorted(map(str, one)) == sorted(map(str, other))
        return equal(one, other)

    def needs(self, name: str, before: t.Any, after: t.Any) -> dict[str, str | None]:
        """What LiteLLM must be able to do for a change, in words that have this name, and the first release that is.

        Before is `...` where the object is new.
        """
        needs: dict[str, str | None] = {}
        if after != self.empty:
            needs[name] = self.since
            needs |= {f"{value} in {name}": since for value, since in self.values_since.items() if value in after}
        if before is not ...:
            needs[f"changing {name}"] = self.changes_since
            if after == self.empty:
                needs[f"clearing {name}"] = self.clears_since
            if self.removal and before.keys() - after:
                needs[f"removing entries of {name}"] = self.removes_since
            gone = {entry: since for entry, since in self.removable.items() if after.get(entry, ...) is None}
            needs |= {f"removing {entry} of {name}": since for entry, since in gone.items()}
        return needs

    def sent(self, value: t.Any, found: t.Any) -> t.Any:
        """A value as an update sends it, in the place of what is found there."""
        if self.merged:
            return {name: type(part)() for name, part in found.items()} | value
        return value if self.clear is ... or value != self.empty else self.clear

    def _known(self, live: Object) -> dict[str, str]:
        known = look_up(live, self.secrets.at)
        return known if isinstance(known, dict) else {}


@dataclass(frozen=True)
class Call:
    """One request that changes an object, and where it names the object's identity."""

    path: str  # {id} stands for the identity, unless the body has it
    id: str | None = None  # the identity's name in the body, or its dotted path
    many: bool = False  # whether the body wants a list of identities
    method: str = "POST"
    always: t.Mapping[str, t.Any] = field(default_factory=dict)  # what the body says besides, whatever is wanted
    shape: t.Callable[[dict[str, t.Any]], dict[str, t.Any]] = lambda body: body  # the body as this request wants it

    def request(self, identity: str | None, body: Object) -> Request:
        path = self.path.replace("{id}", quote(identity or "", safe=""))
        said = {**self.always, **body}
        if self.id is not None and identity is not None:
            outer, _dot, name = self.id.rpartition(".")
            named = {name: [identity] if self.many else identity}
            said = {**said, outer: {**named, **said.get(outer, {})}} if outer else {**named, **said}
        return Request(self.method, path, self.shape(said))


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
    read: t.Callable[[Object, Object], list[Object]]  # the objects that the answer tells of, in the place of the entry
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
    # Where it cannot: the path that tells of one object, and the parameter for which.
    one: tuple[str, str] | None = None
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
    reserved: frozenset[str] = KEPT_IN_METADATA  # what else is kept there, which is no data of the user's
    shared: bool = False  # whether several objects may have one alias
    exclusive: tuple[tuple[str, str], ...] = ()  # options of which only one can be given, the one that says more first
    # The alias of the object whose place this one takes or had, if it is not an object of its own right.
    beside: t.Callable[[Object], str | None] = lambda live: None
    cached: bool = False  # whether LiteLLM lists from memory, so that its replicas learn of a change only after a while
    gone: frozenset[int] = frozenset({404})  # how it answers when what is to be deleted is not there
    # What an answer must be turned into before the fields are found in it.
    read: t.Callable[[Object], Object] = lambda answer: answer
    # What a request says of an object that LiteLLM has without an identity, to tell which one is meant.
    instead: t.Callable[[Object], dict[str, str]] = lambda live: {}
    locked: t.Callable[[Object], str | None] = lambda live: None  # why an object can be neither changed nor deleted
    lacks: t.Callable[[Object], str | None] = lambda options: None  # why the options are not enough for a new object

    def identity(self, live: Object) -> Identity:
        """What tells an object from all others of its kind: of a part of another, that of both."""
        own = next(iter(self.instead(live).values()), live[self.id])
        return (live[self.within], own) if self.within else own

    def options(self) -> dict[str, dict[str, t.Any]]:
        """The part of a module's argument specification that this table says."""
        return {each.name: dict(each.option) for each in self.fields if each.option is not None}

    def view(self, live: Object) -> dict[str, t.Any]:
        """An object as a user knows it: the options, and what is worth knowing besides."""
        options = self.kept(live)
        return {name: live.get(name) for name in self.shown} | {name: options[name] for name in self.options()}

    def misshapen(self, live: Object) -> tuple[str, t.Any] | None:
        """A field, and what an answer has in its place, that is no dictionary or list as LiteLLM's is.

        What is inside metadata may have any shape, for everybody can write there.
        """
        for each in self.fields:
            value, shape = look_up(live, each.place), type(each.empty)
            inside = each.name_in(self.metadata) is not None
            if shape in (dict, list) and value not in (None, "") and not inside and not isinstance(value, shape):
                return each.name, value
        return None

    def kept(self, live: Object) -> dict[str, t.Any]:
        """What would have to be asked for to get an object like this one."""
        options = {each.name: each.read(live) for each in self.fields}
        if self.metadata:
            options[self.metadata] = {
                name: value for name, value in options[self.metadata].items() if name not in self.reserved
            }
        return options

    def copy(self, live: Object, changes: Object) -> dict[str, t.Any]:
        """What is to be asked for to get another object like this one, but for the changes.

        What LiteLLM keeps in metadata stays there: by some of its names, it is only taken with a licence.
        """
        inside = {each.name: name for each in self.fields if not each.mark and (name := each.name_in(self.metadata))}
        kept = {name: value for name, value in self.kept(live).items() if name not in inside}
        # The fingerprints are made anew, of what is written.
        own = {FINGERPRINTS_MARK, *(each.mark for each in self.fields), *(inside.get(name) for name in changes)}
        metadata = {
            name: value for name, value in (live.get(self.metadata) or {}).items() if name in self.reserved - own
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

    def secret_texts(self, params: Object) -> set[str]:
        """The texts in a module's options that must not be shown anywhere."""
        return {text for each in self.hiding() for text in each.secrets.texts(params.get(each.name))}

    def hiding(self) -> list[Field]:
        """The fields that may hold a secret."""
        return [each for each in self.fields if each.secrets]

    def refusals(self, wanted: Object) -> list[str]:
        """Why some of the values cannot be: LiteLLM would store some of them, or answer with an error of its own."""
        given = [each for each in self.fields if each.name in wanted]
        reasons = {each.name: each.refuse(wanted[each.name]) for each in given}
        refused = [f"{name} is {told(wanted[name])}, {reason}" for name, reason in reasons.items() if reason]
        twice = {each.name_in(self.metadata) for each in given} & set(wanted.get(self.metadata) or ())
        refused += [f"{name} is given twice, leave it out of {self.metadata}" for name in sorted(twice)]
        # Numbers that are limits have said that themselves.
        nested = {name: value for name, value in wanted.items() if isinstance(value, (dict, list))}
        return refused + [f"{place} is {value}, which JSON has no word for" for place, value in unwritable(nested)]


def unwritable(value: t.Any, place: str = "") -> t.Iterator[tuple[str, float]]:
    """The numbers that JSON cannot say, infinity and what is none, each with its dotted path."""
    if isinstance(value, float) and not math.isfinite(value):
        yield place, value
    entries = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, entry in entries:
        yield from unwritable(entry, f"{place}.{name}" if place else str(name))


def without_nulls(value: Object) -> dict[str, t.Any]:
    return {name: entry for name, entry in value.items() if entry is not None}


# What LiteLLM's database can count to.
LARGEST = 2**63 - 1


def no_limit(value: float | None) -> str | None:
    if value is None or 0 <= value <= LARGEST:
        return None
    return "give a number of 0 or more, or null for no limit"


def no_limits(value: t.Mapping[str, t.Any]) -> str | None:
    # To Python, true and false are numbers.
    numbers = all(isinstance(limit, int) and not isinstance(limit, bool) for limit in value.values())
    if numbers and all(0 <= limit <= LARGEST for limit in value.values()):
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


# The options of every module, and of those that delete other things as well.
STATE: dict[str, dict[str, t.Any]] = {
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
}
FORCE: dict[str, dict[str, t.Any]] = {"force": {"type": "bool", "default": False}}
NAMES: dict[str, t.Any] = {"type": "list", "elements": "str"}


def without_ends(windows: list[Object]) -> list[Object]:
    """Budget windows without the time at which each ends, which LiteLLM adds."""
    return [{name: look_up(window, name) for name in ("max_budget", "budget_duration")} for window in windows]


def no_windows(windows: list[Object]) -> str | None:
    reasons = (no_limit(window["max_budget"]) or no_duration(window["budget_duration"]) for window in windows)
    return next(filter(None, reasons), None)


MODELS = Field("models", NAMES, empty=[], unordered=True)
# LiteLLM encrypts the variables of callbacks, and gives them back like that.
METADATA = Field(
    "metadata",
    {"type": "dict"},
    empty={},
    secrets=Secrets(
        is_withheld_name, f"metadata.{FINGERPRINTS_MARK}", within=frozenset({"callback_settings", "logging"})
    ),
)
RPM = Field("rpm_limit", {"type": "int"}, refuse=no_limit)
TPM = Field("tpm_limit", {"type": "int"}, refuse=no_limit)
TPD = Field("tpd_limit", {"type": "int"}, since="1.103.0", refuse=no_limit)
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
MCP_RPM_LIMIT = in_metadata("mcp_rpm_limit", {"type": "dict"}, empty={}, refuse=no_limits)
ESTIMATED_OUTPUT = in_metadata("default_estimated_output_tokens", {"type": "int", "no_log": False}, refuse=no_limit)
ESTIMATED_OUTPUT_PER_MODEL = in_metadata(
    "default_estimated_output_tokens_per_model", {"type": "dict", "no_log": False}, empty={}, refuse=no_limits
)
ROUTES = NAMES | {"no_log": False}
ALLOWED_PASSTHROUGH_ROUTES = in_metadata(
    "allowed_passthrough_routes", ROUTES, empty=[], unordered=True, refuse=no_route
)
DENIED_PASSTHROUGH_ROUTES = in_metadata(
    "denied_passthrough_routes", ROUTES, empty=[], unordered=True, since="1.106.0", refuse=no_route
)
DISABLE_GLOBAL_GUARDRAILS = in_metadata("disable_global_guardrails", {"type": "bool"}, empty=False)
BUDGET_WINDOWS = Field(
    "budget_limits",
    {
        "type": "list",
        "elements": "dict",
        "options": {
            "max_budget": {"type": "float", "required": True},
            "budget_duration": {"type": "str", "required": True},
        },
    },
    empty=[],
    tidy=without_ends,
    refuse=no_windows,
)
VECTOR_STORE_INDEXES = in_metadata(
    "allowed_vector_store_indexes",
    {
        "type": "list",
        "elements": "dict",
        "options": {
            "index_name": {"type": "str", "required": True},
            "index_permissions": NAMES | {"choices": ["read", "write"], "required": True},
        },
    },
    empty=[],
)
# Which declaration an object belongs to.
OWNER = Field("owner", None, mark=OWNER_MARK, unsent=True, tidy=str)
