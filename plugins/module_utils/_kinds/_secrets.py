# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Secrets in dictionaries that LiteLLM takes and does not give back.

Words stand for them wherever they are shown, and a fingerprint that is kept beside them tells whether a value is the
one that LiteLLM has.
"""

from __future__ import annotations

import functools
import hashlib
import json
import secrets
import typing as t
from dataclasses import dataclass

from ansible.module_utils.common.validation import check_type_dict

from ansible_collections.inference.gateway.plugins.module_utils._secret_names import (
    is_reference,
    is_secret_name,
    is_secret_text,
    texts,
)

# What is shown of a secret, and of one that is to replace another.
HIDDEN = "(hidden)"
ANOTHER = "(hidden, another value)"

# Whoever may use a model can read the fingerprints: a guess at a weak secret is to cost something, and the comparison
# of a thousand secrets no more than some seconds. PBKDF2 is there on every machine, also on those in FIPS mode.
ROUNDS = 20_000

# What is shorter is no secret, and hiding it wherever it occurs would make everything unreadable.
SHORTEST = 8

Entries = t.Mapping[str, t.Any]


@dataclass(frozen=True)
class Secrets:
    """Which entries of a dictionary are secret, by their names, and at which dotted path their fingerprints are.

    So are, whatever their names, texts that look like secrets, and references, for which LiteLLM gives back what it has
    found there.
    """

    named: t.Callable[[str], bool]
    at: str = ""
    carriers: frozenset[str] = frozenset()  # the entries that may hold secrets of any name
    within: frozenset[str] | None = None  # the only entries of the dictionary that may hold secrets at all

    def hidden(self, entries: Entries, known: t.Collection[str] = ()) -> dict[str, t.Any]:
        """The entries as they may be shown; also those with a known fingerprint, which were secret when written.

        Where LiteLLM encrypts secrets and does not change them otherwise, what is there tells that itself.
        """
        written = () if self.within else known
        return {
            name: HIDDEN if self._hides(name, value) or (name in written and value is not None) else value
            for name, value in entries.items()
        }

    def foretold(self, wanted: Entries, found: Entries, known: Entries) -> dict[str, t.Any]:
        """The entries as `hidden` will have them once they are written, but for those that replace another value."""
        words = self.hidden(wanted)
        others = [name for name in wanted if HIDDEN == words[name] == found.get(name)]
        return words | {name: ANOTHER for name in others if not _fits(known.get(name), wanted[name])}

    def fingerprints(self, entries: Entries) -> dict[str, str]:
        return {name: _fingerprint(value) for name, value in entries.items() if self._hides(name, value)}

    def texts(self, option: t.Any) -> set[str]:
        """The texts in a module's option that must not be shown; Ansible may yet have to make a dictionary of it."""
        if option is None:
            return set()
        try:
            entries = check_type_dict(option)
        except TypeError:
            return set(texts(option))
        return {text for name, value in entries.items() if self._may_hold(name) for text in self._texts(name, value)}

    def _may_hold(self, name: str) -> bool:
        return self.within is None or name in self.within

    def _hides(self, name: str, value: t.Any) -> bool:
        return self._may_hold(name) and self._covers(name, value)

    def _covers(self, name: str, value: t.Any) -> bool:
        if value is None:
            return False
        secret = self.named(name) or name in self.carriers or is_reference(value) or is_secret_text(value)
        return secret or any(self._covers(*each) for each in _inner(value))

    def _texts(self, name: str, value: t.Any) -> set[str]:
        if self.named(name) or is_secret_text(value):
            return {text for text in texts(value) if not is_reference(text)}
        carried = {text for text in texts(value) if is_long_enough(text)} if name in self.carriers else set()
        return carried | {text for each in _inner(value) for text in self._texts(*each)}


def is_long_enough(text: str) -> bool:
    """Whether a text can be hidden wherever it occurs."""
    return len(text.strip()) >= SHORTEST


def told(value: t.Any) -> str:
    """A value as a sentence may repeat it: of a dictionary no text that could be a secret, whatever it is called."""
    if not isinstance(value, dict):
        return repr(value)

    def part(name: str, entry: t.Any) -> str:
        harmless = entry is None or isinstance(entry, (int, float)) or len(str(entry)) < SHORTEST
        return repr(entry) if harmless and not is_secret_name(name) else "..."

    return f"{{{', '.join(f'{name!r}: {part(name, entry)}' for name, entry in value.items())}}}"


def _fingerprint(secret: t.Any) -> str:
    """A new one each time, so that nobody sees that two objects have the same secret."""
    salt = secrets.token_hex(16)
    return f"{salt}:{_digest(salt, json.dumps(secret, sort_keys=True))}"


def _fits(fingerprint: t.Any, secret: t.Any) -> bool:
    if not isinstance(fingerprint, str) or ":" not in fingerprint:
        return False
    salt, digest = fingerprint.split(":", 1)
    return digest == _digest(salt, json.dumps(secret, sort_keys=True))


@functools.cache
def _digest(salt: str, text: str) -> str:
    return hashlib.pbkdf2_hmac("sha256", text.encode(), salt.encode(), ROUNDS).hex()


def _inner(value: t.Any) -> list[tuple[str, t.Any]]:
    """What is in a dictionary, with its names, or in a list."""
    if isinstance(value, t.Mapping):
        return list(value.items())
    return [("", each) for each in value] if isinstance(value, list) else []
