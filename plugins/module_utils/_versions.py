# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What depends on LiteLLM's version. A field that came later says so itself, with `since` in its kind's table."""

from __future__ import annotations

import re
import typing as t
from collections.abc import Mapping


class Version(t.NamedTuple):
    """The three numbers of a release. A release candidate counts as the release that it is for."""

    major: int
    minor: int
    patch: int

    @classmethod
    def parse(cls, text: t.Any) -> Version | None:
        """The version in what LiteLLM says of itself or in the tag of its image; None if there is none."""
        found = re.match(r"(?:main-)?v?(\d{1,6})\.(\d{1,6})\.(\d{1,6})(?!\d)", str(text))
        return cls(*map(int, found.groups())) if found else None

    def __str__(self) -> str:
        return ".".join(map(str, self))


class Feature(t.NamedTuple):
    """Something that the collection relies on, and the first release that has it."""

    since: str
    what: str


FEATURES: Mapping[str, Feature] = {
    "sentinel_password": Feature("1.85.0", "Sentinels with a password"),
    "prepared_statements_off": Feature("1.90.0", "a pooler in transaction mode (database_disable_prepared_statements)"),
    "coordination_redis": Feature(
        "1.95.0", "limits that all replicas count together (general_settings.coordination_redis)"
    ),
    "database_tls": Feature("1.106.0", "a database whose certificate is checked (DATABASE_SSLROOTCERT)"),
}

# The newest line of releases that the collection knows. Its patches change nothing that matters here.
NEWEST = (1, 109)

# Uploaded to the package index in March 2026 by somebody who had stolen the right to: they send off every credential
# that they find.
STEALING = frozenset({Version(1, 82, 7), Version(1, 82, 8)})


def too_old(version: Version | None, needs: Mapping[str, str], where: str = "") -> str | None:
    """The sentence about a version that is older than something needs; `needs` has the first release by what needs it.

    A version that is not known lacks nothing: reading back what was written tells then.
    """
    lacking = {what: since for what, since in needs.items() if version and version < Version.parse(since)}
    if not lacking:
        return None
    newest = max(map(Version.parse, lacking.values()))
    return f"LiteLLM {version}{where} is too old for {', '.join(lacking)}: it takes {newest} or newer."


def stealing(version: Version | None, where: str = "") -> str | None:
    """The sentence about a release that must not run."""
    if version not in STEALING:
        return None
    return (
        f"LiteLLM {version}{where} is one of the two releases that steal credentials ({_listed(STEALING)}): replace it,"
        " and change every key and password that it could read."
    )


def unknown(version: Version | None, where: str = "") -> str | None:
    """The sentence about a version that is newer than those which the collection knows."""
    if version is None or version[:2] <= NEWEST:
        return None
    newest = ".".join(map(str, NEWEST))
    return (
        f"LiteLLM {version}{where} is newer than {newest}, the newest that this collection knows: look for a newer"
        " inference.gateway, and check what it changes."
    )


def _listed(versions: t.Iterable[Version]) -> str:
    return ", ".join(map(str, sorted(versions)))
