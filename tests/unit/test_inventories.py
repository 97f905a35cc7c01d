# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The inventories say nothing that no role listens to."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.inference.gateway.plugins.module_utils._declaration import read_entries

ROOT = Path(__file__).parents[2]
INVENTORIES = sorted(path.name for path in (ROOT / "inventories").iterdir() if path.is_dir())
# The playbooks read these, not a role.
OF_THE_PLAYBOOKS = {"gateway_cluster_kubeconfig", "gateway_cluster_context"}


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


def options() -> dict[str, dict[str, Any]]:
    specs = (read(path)["argument_specs"] for path in ROOT.glob("roles/*/meta/argument_specs.yml"))
    return {name: option for spec in specs for name, option in spec["main"]["options"].items()}


def unknown(value: Any, option: dict[str, Any], where: str) -> Iterator[str]:
    """Names inside the value that the option's own options do not have."""
    if isinstance(value, list):
        for position, item in enumerate(value):
            yield from unknown(item, option, f"{where}[{position}]")
    elif isinstance(value, dict) and "options" in option:
        for name, inner in value.items():
            if name in option["options"]:
                yield from unknown(inner, option["options"][name], f"{where}.{name}")
            else:
                yield f"{where}.{name}"


@pytest.mark.parametrize("inventory", INVENTORIES)
def test_every_variable_is_one_that_a_role_has(inventory: str) -> None:
    known = options() | {name: {} for name in OF_THE_PLAYBOOKS}
    files = sorted((ROOT / "inventories" / inventory / "group_vars" / "all").glob("*.yml"))
    given = [(path.name, name, value) for path in files for name, value in read(path).items()]
    assert given
    strangers = [f"{file}: {name}" for file, name, _value in given if name not in known]
    strangers += [
        f"{file}: {where}" for file, name, value in given for where in unknown(value, known.get(name, {}), name)
    ]
    assert strangers == []


@pytest.mark.parametrize("inventory", INVENTORIES)
def test_no_variable_is_said_twice(inventory: str) -> None:
    files = sorted((ROOT / "inventories" / inventory / "group_vars" / "all").glob("*.yml"))
    names = [name for path in files for name in read(path)]
    assert sorted(set(names)) == sorted(names)


@pytest.mark.parametrize("inventory", [*INVENTORIES, "company.yml"])
def test_tenants_are_declared_as_the_modules_take_them(inventory: str) -> None:
    if inventory == "company.yml":
        said = read(ROOT / "inventories" / inventory)["all"]["hosts"]["localhost"]
        assert {len(said[name]) for name in ("tenants_models", "tenants_teams", "tenants_keys")} == {2, 3, 10}
    else:
        said = read(ROOT / "inventories" / inventory / "group_vars" / "all" / "tenants.yml")
    lists = {name.removeprefix("tenants_"): value for name, value in said.items() if isinstance(value, list)}
    assert lists
    entries, problems = read_entries(lists)
    assert problems == []
    assert len(entries) == sum(map(len, lists.values()))
