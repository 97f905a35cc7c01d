# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What can be said of the documents without a cluster: their YAML is right, and each command has its test."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import ROOT, Block, all_blocks, blocks, commands, names, words
from elsewhere import ELSEWHERE

from ansible_collections.inference.gateway.plugins.filter.variable_problems import specifications, variable_problems
from ansible_collections.inference.gateway.plugins.module_utils._declaration import read_entries

ROLES = ROOT / "roles"
# The playbooks read these, not a role.
OF_THE_PLAYBOOKS = {"gateway_cluster_kubeconfig", "gateway_cluster_context"}
YAML = all_blocks("yaml")


def test_every_block_says_what_it_is() -> None:
    languages = {"console", "yaml", "text", "toml"}
    assert [str(block) for name in names() for block in blocks(name) if block.language not in languages] == []


def test_what_is_tested_elsewhere_is_there_and_is_tested() -> None:
    there = {words(command) for block in all_blocks("console") for command in commands(block)}
    assert ELSEWHERE.keys() - there == set()
    for command, (_why, tested_by) in ELSEWHERE.items():
        file, _colons, test = tested_by.partition("::")
        if file.startswith("make "):
            file, test = "Makefile", f"{file.removeprefix('make ')}:"
        assert (ROOT / file).is_file(), command
        assert test in (ROOT / file).read_text(), command


def test_documents_name_the_versions_that_are_tested() -> None:
    pins = set((ROOT / "requirements-dev.txt").read_text().split())
    said = {
        word for block in all_blocks("console") for word in block.text.split() if re.fullmatch(r"[\w.-]+==\S+", word)
    }
    assert said
    assert said - pins == set()


def test_toml_is_toml() -> None:
    for block in all_blocks("toml"):
        assert tomllib.loads(block.text), block


def variables(content: Any) -> dict[str, Any] | None:
    """What a block says to roles: as variables of an inventory, or as an inventory of its own."""
    if isinstance(content, dict) and content.keys() == {"all"}:
        return content["all"]["hosts"]["localhost"]
    return content if isinstance(content, dict) and "apiVersion" not in content else None


@pytest.mark.parametrize("block", [each for each in YAML if variables(yaml.safe_load(each.text))], ids=str)
def test_an_inventory_says_what_roles_take(block: Block) -> None:
    said = variables(yaml.safe_load(block.text))
    assert said
    known = {option for options in specifications(ROLES).values() for option in options} | OF_THE_PLAYBOOKS
    assert said.keys() - known == set()
    assert variable_problems({name: said[name] for name in said.keys() - OF_THE_PLAYBOOKS}, str(ROLES)) == []
    lists = {name.removeprefix("tenants_"): value for name, value in said.items() if name.startswith("tenants_")}
    assert read_entries({name: value for name, value in lists.items() if isinstance(value, list)})[1] == []


def test_plays_and_tasks_are_taken_by_ansible(tmp_path: Path) -> None:
    files = []
    for number, block in enumerate(YAML):
        content = yaml.safe_load(block.text)
        if isinstance(content, list):
            play = content if "hosts" in content[0] else [{"hosts": "localhost", "tasks": content}]
            files.append(tmp_path / f"{number}-{Path(block.document).stem}.yml")
            files[-1].write_text(yaml.safe_dump(play, sort_keys=False))
    assert files
    checked = subprocess.run(
        [Path(sys.executable).with_name("ansible-playbook"), "--inventory", "localhost,", "--syntax-check", *files],
        env=os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert checked.returncode == 0, checked.stderr
    assert "[WARNING]" not in checked.stderr


def test_links_between_documents_lead_somewhere() -> None:
    broken = []
    for name in names():
        for target in re.findall(r"\]\((?!https?:)([^)#]+)", (ROOT / name).read_text()):
            if not ((ROOT / name).parent / target).exists():
                broken.append(f"{name}: {target}")
    assert broken == []


def test_who_removes_a_gateway_is_told_of_every_operator() -> None:
    tasks = "".join(path.read_text() for path in ROLES.glob("*/tasks/*.yml"))
    operators = set(re.findall(r"^    operator_name: ([\w-]+)$", tasks, flags=re.MULTILINE))
    [told] = re.findall(r"for operator in (.+); do", (ROOT / "docs" / "docsite" / "rst" / "upgrades.rst").read_text())
    assert operators
    assert set(told.split()) == operators
