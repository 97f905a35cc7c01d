# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

# Where the collection is `ansible_collections.inference.gateway`: `make setup` links it there.
sys.path.insert(0, str(Path(__file__).parents[2] / "collections"))
# For the Kubernetes of the unit tests: it is LiteLLM that must be real here.
sys.path.append(str(Path(__file__).parents[1] / "stand_ins"))

import io
import json
import os
import secrets
from collections.abc import Callable, Iterator
from contextlib import redirect_stdout
from importlib import import_module
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from kubernetes_stand_in import KubernetesStandIn
from stack import VERSION, Stack, versions

Run = Callable[..., dict[str, Any]]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "once: does not depend on LiteLLM's version; with the first one only")


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if versions()[0] != VERSION:
        once = [item for item in items if item.get_closest_marker("once")]
        config.hook.pytest_deselected(items=once)
        items[:] = [item for item in items if item not in once]


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The servers, for the whole session. They go away at its end, however it ends.

    For quick repetition while tests are written, INTEGRATION_STACK names a file: the servers stay, and the next session
    finds them by it. `python tests/integration/stack.py stop FILE` takes them away. INTEGRATION_LITELLM is another
    version of LiteLLM than the first one of tests/cluster/images.toml.
    """
    kept = os.environ.get("INTEGRATION_STACK")
    servers = Stack.found(kept) if kept else None
    if servers:
        assert servers.version == VERSION
        yield servers
        return
    servers = Stack(tmp_path_factory.mktemp("litellm"), VERSION)
    try:
        servers.start()
        if kept:
            servers.keep(kept)
        yield servers
    finally:
        if not kept:
            servers.stop()


@pytest.fixture
def name() -> str:
    """A name that nothing else has: LiteLLM keeps what every test leaves."""
    return f"test-{secrets.token_hex(4)}"


@pytest.fixture
def organizations_need_a_licence(stack: Stack) -> bool:
    """That of an older LiteLLM does not."""
    return stack.request("GET", "/organization/list").status_code == 403


@pytest.fixture
def kubernetes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[KubernetesStandIn]:
    # The client keeps what it has learnt of a cluster in the temporary folder, by the cluster's address.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with KubernetesStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def run(stack: Stack) -> Run:
    """Run a whole module as Ansible does, against the real LiteLLM: options in, the JSON that it prints out."""

    def run_module(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        main = import_module(f"ansible_collections.inference.gateway.plugins.modules.{module}").main
        arguments = {"api_base": stack.url, "api_key": stack.master_key, "_ansible_check_mode": check} | options
        output = io.StringIO()
        with patch_module_args(arguments), redirect_stdout(output), pytest.raises(SystemExit):
            main()
        assert stack.master_key not in output.getvalue()
        return json.loads(output.getvalue())

    return run_module
