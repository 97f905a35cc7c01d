# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""What the names of models mean that teams, keys and users are given, without asking LiteLLM."""

from __future__ import annotations

import fnmatch
import typing as t

# Names that stand for models without being one.
SPECIAL_MODELS = frozenset({"all-team-models", "all-proxy-models", "no-default-models"})
# The fields that name models.
MODEL_LISTS = ("models", "allowed_models", "default_team_member_models")


def not_served(names: t.Iterable[str], served: t.Collection[str]) -> list[str]:
    """Those of the names that are not served, sorted. Either side may be a pattern."""
    return sorted(
        name
        for name in names
        if name not in served
        and not any(fnmatch.fnmatchcase(name, other) or fnmatch.fnmatchcase(other, name) for other in served)
    )
