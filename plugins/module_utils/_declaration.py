# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What a declaration says, checked as far as that goes without LiteLLM."""

from __future__ import annotations

import difflib
import typing as t
from dataclasses import dataclass, field

from ansible.module_utils.common.arg_spec import ArgumentSpecValidator
from ansible.module_utils.common.parameters import remove_values

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
        return self.section.kind

    @property
    def alias(self) -> str:
        return self.params[self.kind.alias]

    def __str__(self) -> str:
        return _place(self.section, self.index, self.alias)

    def problem(self, error: object) -> Problem:
        return Problem(self.kind.noun, self.alias, f"{self}: {str(error).rstrip('.')}")


def shown(params: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    """The options of a declaration without what must not be shown, nor what is in options that do not exist."""
    hidden = dict(params)
    for section in SECTIONS:
        entries = params.get(section.name)
        if isinstance(entries, list):
            harmless = {name for name, option in section.options().items() if not option.get("no_log")}
            hidden[section.name] = [_shown(entry, harmless) for entry in entries]
        elif entries is not None:
            hidden[section.name] = HIDDEN
    return hidden


def _shown(entry: t.Any, harmless: t.Collection[str]) -> dict[str, t.Any]:
    given = entry if isinstance(entry, dict) else {}
    return {name: value if name in harmless else HIDDEN for name, value in given.items()}


def read_entries(lists: t.Mapping[str, list[t.Any]]) -> tuple[list[Entry], list[Problem]]:
    """The entries of all sections that are given, and what is wrong with them."""
    entries, problems = [], []
    for section in SECTIONS:
        if section.name in lists:
            options = section.options()
            validator = ArgumentSpecValidator(options, mutually_exclusive=section.exclusive())
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
    alias = str(given.get(kind.alias) or "")
    known = {name: value for name, value in given.items() if name in options}
    validated = validator.validate(known)
    wrong = [_unknown(str(name), options) for name in given if name not in options]
    # The texts may repeat a value.
    wrong += [remove_values(text, validated._no_log_values) for text in validated.error_messages]
    entry = Entry(section, index, validated.validated_parameters, known.keys())
    if not wrong and entry.params["state"] == "present":
        wrong = kind.refusals(kind.wanted(entry.params, entry.given))
    return [Problem(kind.noun, alias, f"{_place(section, index, alias)}: {text}") for text in wrong] or entry


def _place(section: Section, index: int, alias: str) -> str:
    return f"{section.name}[{index}]" + (f" ('{alias}')" if alias else "")


def _unknown(name: str, options: t.Collection[str]) -> str:
    similar = difflib.get_close_matches(name, options, 1)
    return f"unknown option {name}, {f'perhaps {similar[0]} is meant' if similar else f'known are {_names(options)}'}"


def _names(names: t.Iterable[str]) -> str:
    return ", ".join(sorted(names))


def _repeated(entries: t.Iterable[Entry]) -> list[Problem]:
    """What only one entry may have, and several do."""
    problems = []
    first: dict[t.Any, Entry] = {}
    for entry in entries:
        for what, value in _unique(entry):
            other = first.setdefault((entry.section.name, what, value), entry)
            if other is not entry:
                problems.append(entry.problem(f"{what} is also that of {other}, give each its own"))
    return problems


def _unique(entry: Entry) -> t.Iterator[tuple[str, t.Any]]:
    kind, params = entry.kind, entry.params
    for name in dict.fromkeys((kind.alias, kind.id, "key")):
        if params.get(name):
            yield name, params[name]
    if params.get("secret"):
        yield "secret", tuple(params["secret"][name] for name in ("namespace", "name", "key"))
