# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""A role's variables as Ansible sees them, without a play: what its templates make of an inventory."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml
from ansible.parsing.dataloader import DataLoader
from ansible.template import Templar, trust_as_template

ROLES = Path(__file__).parents[2] / "roles"
RUN = {"ansible_run_tags": ["all"], "ansible_skip_tags": [], "ansible_check_mode": False}


def templated(role: str, template: str, **variables: Any) -> Any:
    """What becomes of a template with the role's own variables, those that all roles share, and these."""
    loader = DataLoader()
    known: dict[str, Any] = dict(RUN)
    for name in ("gateway_cluster", role):
        for path in (*ROLES.glob(f"{name}/defaults/*.yml"), *ROLES.glob(f"{name}/vars/**/*.yml")):
            known |= loader.load_from_file(str(path), trusted_as_template=True)
    return Templar(loader, known | variables).template(trust_as_template(template))


def documents(role: str, template: str, **variables: Any) -> list[Any]:
    """The Kubernetes objects that a file of the role's templates becomes."""
    text = templated(role, (ROLES / role / "templates" / template).read_text(), **variables)
    return [document for document in yaml.safe_load_all(text or "") if document]


def problems(role: str, **variables: Any) -> list[str]:
    """The sentences that the role's preflight has to say."""
    failed = f"{{{{ __{role}_checks | rejectattr('ok') | map(attribute='problem') | map('trim') }}}}"
    return templated(role, failed, **variables)
