# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role verify: which checks a run asks."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROOT = Path(__file__).parents[2]
ROLE = ROOT / "roles" / "verify"
PROOFS: dict[str, str] = yaml.safe_load((ROLE / "vars" / "main" / "main.yml").read_text())["__verify_proofs"]


def templated(template: str, **variables: Any) -> Any:
    """What Ansible makes of a template, with the variables that the role's own files give it."""
    loader = DataLoader()
    known: dict[str, Any] = {"ansible_run_tags": ["all"], "ansible_skip_tags": [], "ansible_check_mode": False}
    for path in (
        *ROOT.glob("roles/gateway_cluster/defaults/*.yml"),
        *ROLE.glob("defaults/*.yml"),
        *ROLE.glob("vars/main/*.yml"),
    ):
        known |= loader.load_from_file(str(path), trusted_as_template=True)
    return Templar(loader, known | variables).template(trust_as_template(template))


def asked(**variables: Any) -> set[str]:
    """The groups of which a run asks anything."""
    left = "{{ __verify_checks | rejectattr('name', 'in', __verify_on_purpose) | map(attribute='group') | unique }}"
    return set(templated(left, **variables))


@pytest.mark.parametrize(
    ("run", "skip", "groups"),
    [
        (["all"], [], set(PROOFS)),
        (["limits"], [], {"limits"}),
        (["limits", "streaming"], [], {"limits", "streaming"}),
        (["smoke"], [], set(PROOFS)),  # a tag of the play
        (["smoke", "limits"], [], {"limits"}),
        (["all"], ["limits", "slow"], set(PROOFS) - {"limits"}),
        (["limits", "budget"], ["budget"], {"limits"}),
        (["limits"], ["limits"], set()),
    ],
)
def test_tags_choose_groups(run: list[str], skip: list[str], groups: set[str]) -> None:
    assert asked(ansible_run_tags=run, ansible_skip_tags=skip) == groups


def test_every_reason_for_leaving_out_is_told_with_its_check() -> None:
    reasons = templated(
        "{{ __verify_on_purpose }}",
        ansible_run_tags=["limits", "metrics"],
        ansible_check_mode=True,
        verify_skip=["Served inside the cluster"],
    )
    assert reasons["A chat is answered"] == "the tags of this run leave it out"
    assert reasons["10 a minute for a key, in turn"] == "check mode: it needs a team and keys"
    assert reasons["Served inside the cluster"] == "verify_skip leaves it out"
    assert "Refused at the Gateway: /metrics" not in reasons


def test_a_step_has_only_the_checks_that_are_asked() -> None:
    steps = templated("{{ __verify_steps }}", ansible_run_tags=["metrics"])
    assert {step["tasks"]: len(step["checks"]) for step in steps} == {
        "rollouts.yml": 0,
        "visitor.yml": 2,
        "tenant.yml": 0,
        "metrics.yml": 1,
    }


def test_the_readme_says_what_each_group_proves() -> None:
    told = dict(re.findall(r"^\| `(\w+)` \| ([^|`]+?) \|$", (ROLE / "README.md").read_text(), re.MULTILINE))
    assert {group: told.get(group) for group in PROOFS} == PROOFS
