# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the parts of the collection say of each other is true."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.inference.gateway.plugins.module_utils._kinds._table import Kind
from ansible_collections.inference.gateway.plugins.module_utils._kinds.all import SECTIONS, Section

ROOT = Path(__file__).parents[2]
NAME = "inference.gateway"
UTILS = f"ansible_collections.{NAME}.plugins.module_utils"
MODULES = sorted(path.stem for path in (ROOT / "plugins" / "modules").glob("*.py"))
ROLES = sorted(path.name for path in (ROOT / "roles").iterdir() if path.is_dir())
# Taken apart, so that this file does not name what it looks for.
REGISTRIES = ["pypi" + ".org", "files.python" + "hosted.org", "proxy." + "golang.org", "sum." + "golang.org"]
REGISTRIES += ["registry." + "npmjs.org", "deb." + "debian.org", "security." + "debian.org"]


def read(path: Path) -> Any:
    return yaml.safe_load(path.read_text())


@cache
def documentation() -> dict[str, Any]:
    """What a user is shown of every module."""
    names = [f"{NAME}.{module}" for module in MODULES]
    program = str(Path(sys.executable).with_name("ansible-doc"))
    shown = subprocess.run([program, "--json", *names], cwd=ROOT, check=True, capture_output=True, text=True)
    return json.loads(shown.stdout)


def samples(returned: dict[str, Any], where: str = "") -> list[str]:
    """The values that are returned without a sample."""
    missing = []
    for name, value in (returned or {}).items():
        if value.get("contains"):
            missing += samples(value["contains"], f"{where}{name}.")
        elif "sample" not in value:
            missing.append(where + name)
    return missing


@pytest.mark.parametrize("module", MODULES)
def test_a_module_is_documented_and_tested(module: str) -> None:
    document = documentation()[f"{NAME}.{module}"]
    assert document["doc"]["short_description"]
    assert all(option.get("description") for option in document["doc"]["options"].values())
    assert samples(document["return"]) == []
    assert (ROOT / "tests" / "unit" / "plugins" / "modules" / f"test_{module}.py").exists()


@pytest.mark.parametrize("module", MODULES)
def test_the_examples_of_a_module_have_options_that_it_has(module: str) -> None:
    document = documentation()[f"{NAME}.{module}"]
    tasks = yaml.safe_load(document["examples"])
    assert tasks
    for task in tasks:
        assert task["name"]
        if f"{NAME}.{module}" in task:
            assert task[f"{NAME}.{module}"].keys() <= document["doc"]["options"].keys()


KINDS = sorted(path.stem for path in (ROOT / "plugins" / "module_utils" / "_kinds").glob("[!_]*.py"))


@pytest.mark.parametrize("noun", [noun for noun in KINDS if f"litellm_{noun}" in MODULES])
def test_a_module_refuses_what_cannot_be(noun: str) -> None:
    """Where a table says that something cannot be, the module asks it: LiteLLM would accept that silently."""
    kind = getattr(import_module(f"{UTILS}._kinds.{noun}"), noun.upper())
    limited = kind.locked is not Kind.locked or kind.lacks is not Kind.lacks
    if limited or any(each.fixed or each.stays for each in kind.fields):
        assert "plan.refuse_impossible()" in (ROOT / "plugins" / "modules" / f"litellm_{noun}.py").read_text()


@pytest.mark.parametrize("noun", [noun for noun in KINDS if f"litellm_{noun}" in MODULES])
def test_a_module_says_what_an_older_litellm_cannot_do(noun: str) -> None:
    kind = getattr(import_module(f"{UTILS}._kinds.{noun}"), noun.upper())
    told = documentation()[f"{NAME}.litellm_{noun}"]["doc"]["options"]
    limited = False
    for each in kind.fields:
        for since in filter(None, (each.since, each.changes_since, each.clears_since, each.removes_since)):
            limited = True
            assert f"LiteLLM {since.removesuffix('.0')} or newer" in " ".join(told[each.name]["description"])
    if limited:
        assert (
            "module.stop_or_foretell(lacking(client, "
            in (ROOT / "plugins" / "modules" / f"litellm_{noun}.py").read_text()
        )


# What an entry of a declaration does not take: keys are rotated and renamed one by one.
OF_THE_MODULE_ALONE = {"rotation", "token"}


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.name)
def test_an_entry_of_a_declaration_takes_the_options_of_its_module(section: Section) -> None:
    of_the_run = documentation()[f"{NAME}.litellm_sync"]["doc"]["options"].keys() - {each.name for each in SECTIONS}
    of_the_module = documentation()[f"{NAME}.litellm_{section.name.removesuffix('s')}"]["doc"]["options"].keys()
    assert section.options().keys() == of_the_module - of_the_run - OF_THE_MODULE_ALONE


def test_the_action_groups_have_every_module() -> None:
    groups = read(ROOT / "meta" / "runtime.yml")["action_groups"]
    assert groups["litellm"] == [module for module in MODULES if module.startswith("litellm_")]
    of_a_cluster = [name for name in MODULES if "kubeconfig" in documentation()[f"{NAME}.{name}"]["doc"]["options"]]
    assert [name for name in groups["k8s"] if name in MODULES] == of_a_cluster


def test_the_connection_is_set_for_all_that_asks_the_cluster() -> None:
    """Playbooks set it once, for the group: what is not in it would look for a cluster of its own."""
    core = Path(import_module("ansible_collections.kubernetes.core").__path__[0])
    groups = read(ROOT / "meta" / "runtime.yml")["action_groups"]["k8s"]
    known = {f"kubernetes.core.{name}" for name in read(core / "meta" / "runtime.yml")["action_groups"]["k8s"]}
    files = [path for part in ("roles", "playbooks", "molecule") for path in (ROOT / part).rglob("*.yml")]
    used = {name for path in files for name in re.findall(r"kubernetes\.core\.k8s\w*(?=:)", path.read_text())}
    assert used - known - {name for name in groups if isinstance(name, str)} == set()


@pytest.mark.parametrize("role", ROLES)
def test_a_role_has_its_files(role: str) -> None:
    for name in ("README.md", "defaults/main.yml", "meta/main.yml", "meta/argument_specs.yml", "tasks/main.yml"):
        assert (ROOT / "roles" / role / name).exists(), name


@pytest.mark.parametrize("role", ROLES)
def test_a_role_says_of_each_default_what_it_is(role: str) -> None:
    defaults = read(ROOT / "roles" / role / "defaults" / "main.yml") or {}
    options = read(ROOT / "roles" / role / "meta" / "argument_specs.yml")["argument_specs"]["main"]["options"]
    without_default = {name for name, option in options.items() if option.get("required")}
    assert options.keys() - without_default == defaults.keys()
    assert all(option.get("type") and option.get("description") for option in options.values())
    told = {name: option["default"] for name, option in options.items() if "default" in option}
    assert told == {name: defaults[name] for name in told}
    assert all(name.startswith(f"{role}_") for name in options)


def mappings(value: Any) -> Iterator[dict[str, Any]]:
    """All mappings in what a file holds."""
    if isinstance(value, dict):
        yield value
    for inner in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from mappings(inner)


def test_whoever_asks_the_gateway_trusts_the_same_certificates() -> None:
    found = [each for path in (ROOT / "roles").glob("*/tasks/*.yml") for each in mappings(read(path))]
    asking = [each for each in found if "gateway_cluster_endpoint" in str(each.get("api_base", each.get("url")))]
    assert len(asking) >= 6
    for each in asking:
        assert each["validate_certs"] == "{{ gateway_cluster_validate_certs }}"
        assert each["ca_path"] == "{{ gateway_cluster_ca_path or omit }}"


@cache
def texts() -> dict[str, str]:
    """Every text that version control has or would have."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    listed = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout
    files = [ROOT / name for name in listed.split("\0") if name and (ROOT / name).is_file()]
    return {str(path.relative_to(ROOT)): path.read_text(errors="replace") for path in files}


def test_no_text_names_the_host_of_a_package_registry() -> None:
    pattern = re.compile("|".join(map(re.escape, REGISTRIES)))
    assert [name for name, text in texts().items() if pattern.search(text)] == []


def test_every_source_says_its_licence() -> None:
    sources = {name: text for name, text in texts().items() if name.endswith(".py") and text}
    assert [name for name, text in sources.items() if "SPDX-License-Identifier: GPL-3.0-or-later" not in text] == []


def test_filters_and_tests_bring_no_client_along() -> None:
    """Ansible loads all of them in the worker of every task that uses one, and what they import with them."""
    plugins = [path for kind in ("filter", "test") for path in (ROOT / "plugins" / kind).glob("*.py")]
    names = [f"ansible_collections.{NAME}.plugins.{path.parent.name}.{path.stem}" for path in plugins]
    told = "import importlib, sys; [importlib.import_module(name) for name in sys.argv[1:]]; print(*sys.modules)"
    search = {"PYTHONPATH": str(ROOT / "collections")}
    done = subprocess.run([sys.executable, "-c", told, *names], env=search, check=True, capture_output=True, text=True)
    loaded = set(done.stdout.split())
    assert set(names) <= loaded
    assert not {"requests", "urllib3", "kubernetes"} & loaded


@pytest.mark.parametrize("playbook", sorted(path.name for path in (ROOT / "playbooks").glob("*.yml")))
def test_no_playbook_writes_the_arguments_of_modules_into_files(playbook: str) -> None:
    """Master keys are among them. See test_play.py for that it works."""
    for play in read(ROOT / "playbooks" / playbook):
        asks = "module_defaults" in play
        assert not asks or play["vars"]["ansible_pipelining"] is True
