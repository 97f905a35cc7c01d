# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What a declaration says, checked as far as that goes without LiteLLM."""

from __future__ import annotations

import difflib
import typing as t
from collections import Counter
from dataclasses import dataclass, field
from functools import cached_property

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.inference.gateway.plugins.module_utils._key_value import no_key
from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import is_long_enough
from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Kind, Object
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS, Section

HIDDEN = "VALUE_SPECIFIED_IN_NO_LOG_PARAMETER"  # as Ansible has it


class Problem(t.NamedTuple):
    """What is wrong with one object."""

    kind: str
    name: str
    error: str


@dataclass(frozen=True)
class Entry:
    """One object of a declaration."""

    section: Section
    index: int
    params: Object = field(repr=False)
    given: t.Collection[str] = ()

    @property
    def kind(self) -> Kind:
        return self.section.kind_of(self.params)

    @cached_property
    def alias(self) -> str:
        return self.kind.wanted(self.params, (self.kind.alias,))[self.kind.alias]

    def __str__(self) -> str:
        return _place(self.section, self.index, self.alias)

    def problem(self, error: object) -> Problem:
        # LiteLLM may repeat what it was sent.
        secrets = {*self.kind.secret_texts(self.params), self.params.get("key") or ""}
        text = remove_values(str(error).rstrip("."), {*filter(is_long_enough, secrets)})
        return Problem(self.kind.noun, self.alias, f"{self}: {text}")


def shown(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of a declaration without what must not be shown, nor what is in options that do not exist."""
    hidden = dict(params)
    for section in SECTIONS:
        entries = params.get(section.name)
        if isinstance(entries, list):
            harmless = {name for name, option in section.options().items() if not option.get("no_log")}
            harmless -= {each.name for each in section.kind.hiding()}
            hidden[section.name] = [_shown(section.kind, harmless, entry) for entry in entries]
        elif entries is not None:
            hidden[section.name] = HIDDEN
    return hidden


def _shown(kind: Kind, harmless: t.Collection[str], entry: t.Any) -> dict[str, t.Any]:
    given = entry if isinstance(entry, dict) else {}
    secrets = kind.secret_texts(given)
    return {name: remove_values(value, secrets) if name in harmless else HIDDEN for name, value in given.items()}


def read_entries(lists: t.Mapping[str, list[t.Any]]) -> tuple[list[Entry], list[Problem]]:
    """The entries of all sections that are given, and what is wrong with them."""
    entries, problems = [], []
    for section in SECTIONS:
        if section.name in lists:
            options = section.options()
            validator = ArgumentSpecValidator(
                options, mutually_exclusive=section.exclusive(), required_one_of=section.required()
            )
            read = [_read(section, options, validator, index, each) for index, each in enumerate(lists[section.name])]
            entries += [each for each in read if isinstance(each, Entry)]
            problems += [problem for each in read if isinstance(each, list) for problem in each]
    return entries, problems + _repeated(entries)


def _read(
    section: Section, options: t.Mapping[str, t.Any], validator: ArgumentSpecValidator, index: int, given: t.Any
) -> Entry | list[Problem]:
    kind = section.kind
    if not isinstance(given, dict):
        return [Problem(kind.noun, "", f"{_place(section, index, '')} is not a dictionary of options")]
    alias = str(given.get(section.kind_of(given).alias) or "")
    known = {name: value for name, value in given.items() if name in options}
    # An empty value is none of the choices, and clears what was chosen.
    chosen = {name for name, option in options.items() if "choices" in option and "default" not in option}
    validated = validator.validate(
        {name: value for name, value in known.items() if name not in chosen or value not in (None, "")}
    )
    wrong = [_unknown(str(name), options) for name in given if name not in options]
    # The texts may repeat a value.
    secrets = validated._no_log_values | kind.secret_texts(known)
    wrong += [remove_values(text, secrets) for text in validated.error_messages]
    entry = Entry(section, index, validated.validated_parameters, known.keys())
    if not wrong:
        # What is to be deleted need not be right, but for its name: an empty one means nothing.
        asked = entry.given if entry.params["state"] == "present" else ()
        wrong = entry.kind.refusals(entry.kind.wanted(entry.params, {entry.kind.alias, *asked}))
        wrong += _astray(entry) + _useless_key(entry)
    if entry.params.get("key"):
        entry.params["key"] = entry.params["key"].strip()
    return [Problem(kind.noun, alias, f"{_place(section, index, alias)}: {text}") for text in wrong] or entry


def _astray(entry: Entry) -> list[str]:
    """Why an object that is a part of another one belongs to none."""
    parent = entry.section.parent
    if not parent or entry.params[parent.name] or entry.params[parent.kind.alias]:
        return []
    return [f"{parent.name} is empty, say what the {entry.kind.noun} belongs to"]


def _useless_key(entry: Entry) -> list[str]:
    """Why the value cannot be that a key is to have."""
    given = entry.params["state"] == "present" and entry.params.get("key")
    reason = no_key(given) if given else None
    return [f"key {reason}"] if reason else []


def _place(section: Section, index: int, alias: str) -> str:
    return f"{section.name}[{index}]" + (f" ('{alias}')" if alias else "")


def _unknown(name: str, options: t.Collection[str]) -> str:
    similar = difflib.get_close_matches(name, options, 1)
    return f"unknown option {name}, {f'perhaps {similar[0]} is meant' if similar else f'known are {_names(options)}'}"


def _names(names: t.Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _repeated(entries: t.Collection[Entry]) -> list[Problem]:
    """What only one entry may have, and several do."""
    problems = []
    sharing = Counter((entry.section.name, entry.alias) for entry in entries if entry.kind.shared)
    for entry in entries:
        if sharing[entry.section.name, entry.alias] > 1 and not entry.params.get(entry.kind.id):
            problems.append(entry.problem(f"others have this {entry.kind.alias} too, give each its {entry.kind.id}"))
    first: dict[t.Any, Entry] = {}
    for entry in entries:
        for what, value in _unique(entry):
            other = first.setdefault((entry.section.name, what, value), entry)
            if other is not entry:
                problems.append(entry.problem(f"{what} is also that of {other}, give each its own"))
    return problems


def _unique(entry: Entry) -> t.Iterator[tuple[str, t.Any]]:
    kind, params = entry.kind, entry.params
    if kind.within:
        parent = entry.section.parent
        yield kind.alias, (params.get(parent.kind.alias), params.get(parent.name), entry.alias)
        return
    for name in dict.fromkeys((kind.alias, kind.id, "key")):
        if params.get(name) and not (kind.shared and name == kind.alias):
            yield name, params[name]
    for each in kind.fields:
        if each.unique and params.get(each.name):
            yield each.name, params[each.name].lower()
    if params.get("secret"):
        yield "secret", tuple(params["secret"][name] for name in ("namespace", "name", "key"))
