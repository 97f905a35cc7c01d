# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Tell whether a workload is what it asks to be."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ansible.errors import AnsibleFilterError

from ansible_collections.inference.gateway.plugins.plugin_utils._rollouts import Thing, workload

KINDS = ("DaemonSet", "Deployment", "StatefulSet")


def rolled_out(thing: Thing) -> bool:
    if thing["kind"] not in KINDS:
        raise AnsibleFilterError(f"A {thing['kind']} has no rollout that could be judged; {', '.join(KINDS)} have.")
    met, _expected, _found = workload(thing)
    return met


class TestModule:
    def tests(self) -> dict[str, Callable[..., Any]]:
        return {"rolled_out": rolled_out}
