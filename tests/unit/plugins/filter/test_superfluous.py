# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

from typing import Any

from ansible_collections.inference.gateway.plugins.filter.superfluous import superfluous


def thing(kind: str, name: str, **metadata: str) -> dict[str, Any]:
    return {"kind": kind, "metadata": {"name": name} | metadata}


def test_what_is_described_stays() -> None:
    there = [thing("Service", "a", namespace="x"), thing("Namespace", "x")]
    assert superfluous(there, there) == []
    assert superfluous([], there) == []


def test_an_object_is_told_by_kind_namespace_and_name() -> None:
    there = [thing("Service", "a", namespace="x")]
    for other in (thing("Job", "a", namespace="x"), thing("Service", "b", namespace="x"), thing("Service", "a")):
        assert superfluous(there, [other]) == there
    assert superfluous(there, []) == there


def test_what_somebody_else_has_made_stays() -> None:
    def made_by(*managers: str) -> dict[str, Any]:
        thing: dict[str, Any] = {"kind": "Certificate", "metadata": {"name": "inference", "namespace": "x"}}
        thing["metadata"]["managedFields"] = [{"manager": name} for name in managers]
        return thing

    ours, theirs = made_by("cert-manager", "inference.gateway"), made_by("helm")
    assert superfluous([ours, theirs, thing("Job", "unknown")], [], manager="inference.gateway") == [ours]
    assert superfluous([ours], [ours], manager="inference.gateway") == []


def test_what_the_server_adds_tells_nothing() -> None:
    there = thing("Service", "a", namespace="x", uid="1") | {"status": {}, "apiVersion": "v1"}
    assert superfluous([there], [thing("Service", "a", namespace="x")]) == []
