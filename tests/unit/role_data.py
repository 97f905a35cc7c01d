# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The data of roles as Ansible sees it: defaults and variables, worked out without a cluster."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLES = Path(__file__).parents[2] / "roles"
RUN = {
    "ansible_run_tags": ["all"],
    "ansible_skip_tags": [],
    "ansible_check_mode": False,
    "ansible_inventory_sources": ["/inventories/mine", "more,"],
    "groups": {"all": ["localhost"]},
}


@cache
def loaded(*paths: Path) -> dict[str, Any]:
    """The variables of files, of which the later ones win."""
    variables: dict[str, Any] = {}
    for path in paths:
        variables |= DataLoader().load_from_file(str(path), trusted_as_template=True)
    return variables


def read(**resources: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """What inference.gateway.k8s_objects_info finds in a cluster that has these objects, told by their kind."""
    found = {kind: [{"kind": kind} | each for each in objects] for kind, objects in resources.items()}
    return {"reads": [{"item": {"kind": kind}, "resources": objects, "msg": ""} for kind, objects in found.items()]}


class RoleData:
    """One role's variables, with the defaults of the roles that it reads from."""

    def __init__(self, role: str, *others: str, **variables: Any) -> None:
        files = [ROLES / each / "defaults" / "main.yml" for each in ("gateway_cluster", *others, role)]
        known = {**RUN, "ansible_search_path": [str(ROLES / role)]}
        self.templates = ROLES / role / "templates"
        files += [path for each in ("gateway_cluster", role) for path in sorted((ROLES / each / "vars").rglob("*.yml"))]
        self.variables = known | loaded(*files) | variables

    def __getitem__(self, name: str) -> Any:
        """The value of a variable, without what is omitted."""
        return self.templated("{{ " + name + " }}")

    def templated(self, text: str) -> Any:
        return Templar(DataLoader(), self.variables).template(trust_as_template(text))

    def documents(self, template: str) -> list[dict[str, Any]]:
        """The Kubernetes objects that a file of the role's templates becomes."""
        text = self.templated((self.templates / template).read_text())
        return [document for document in yaml.safe_load_all(text or "") if document]

    def problems(self, checks: str) -> list[str]:
        """The sentences of the checks that are not met, as the role reports them."""
        # One by one, for a sentence may name what is there only if something is wrong.
        failed = [each for each in range(self[f"{checks} | length"]) if not self[f"{checks}[{each}].ok"]]
        return [self[f"{checks}[{each}].problem"].strip() for each in failed]
