# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

import pytest
import yaml
from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.filter import litellm_version_problem as filter_file
from ansible_collections.inference.gateway.plugins.filter.litellm_version_problem import litellm_version_problem
from ansible_collections.inference.gateway.plugins.module_utils._versions import FEATURES

ALL = list(FEATURES)
SENTINEL = FEATURES["sentinel_password"].what
POOLER = FEATURES["prepared_statements_off"].what
LIMITS = FEATURES["coordination_redis"].what
ALWAYS = ["sentinel_password", "prepared_statements_off", "coordination_redis"]


@pytest.mark.parametrize(
    ("version", "problem"),
    [
        ("1.95.0", ""),
        ("1.108.11", ""),
        ("2.0.0", ""),
        ("v1.95.0-stable", ""),
        ("1.94.9", f"LiteLLM 1.94.9 is too old for {LIMITS}: it takes 1.95.0 or newer."),
        ("1.85.0", f"LiteLLM 1.85.0 is too old for {POOLER}, {LIMITS}: it takes 1.95.0 or newer."),
        ("1.84.99", f"LiteLLM 1.84.99 is too old for {SENTINEL}, {POOLER}, {LIMITS}: it takes 1.95.0 or newer."),
        ("main-stable", "'main-stable' is no version of LiteLLM: give one with all three numbers, as in 1.108.11."),
        (1.1, "'1.1' is no version of LiteLLM: give one with all three numbers, as in 1.108.11."),
        (None, "'None' is no version of LiteLLM: give one with all three numbers, as in 1.108.11."),
    ],
)
def test_what_the_gateway_needs(version: Any, problem: str) -> None:
    assert litellm_version_problem(version, ALWAYS) == problem


def test_a_need_of_some_sites_only() -> None:
    assert "1.106.0 or newer" in litellm_version_problem("1.105.9", [*ALWAYS, "database_tls"])


@pytest.mark.parametrize("version", ["1.82.7", "v1.82.8"])
@pytest.mark.parametrize("needs", [[], ALL])
def test_the_releases_that_steal_are_refused(version: str, needs: list[str]) -> None:
    assert "is one of the two releases that steal credentials" in litellm_version_problem(version, needs)


def test_an_old_version_is_good_for_who_needs_nothing_of_it() -> None:
    assert litellm_version_problem("1.80.0") == ""


def test_a_need_that_the_table_does_not_know() -> None:
    with pytest.raises(AnsibleFilterError, match="knows no telepathy, only sentinel_password"):
        litellm_version_problem("1.108.11", ["telepathy"])


def test_the_documentation_lists_the_table() -> None:
    assert yaml.safe_load(filter_file.DOCUMENTATION)["options"]["needs"]["choices"] == ALL
