# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import sys
from pathlib import Path

# Where the collection is `ansible_collections.inference.gateway`: `make setup` links it there.
sys.path.insert(0, str(Path(__file__).parents[2] / "collections"))
sys.path.insert(0, str(Path(__file__).parents[1] / "stand_ins"))

import json
from collections.abc import Callable, Iterator
from importlib import import_module
from typing import Any

import pytest
from ansible.module_utils.testing import patch_module_args
from kubernetes_stand_in import KubernetesStandIn
from litellm_stand_in import MASTER_KEY, LiteLLMStandIn

Run = Callable[..., dict[str, Any]]


@pytest.fixture
def litellm() -> Iterator[LiteLLMStandIn]:
    with LiteLLMStandIn() as stand_in:
        yield stand_in


@pytest.fixture
def kubernetes(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[KubernetesStandIn]:
    # The client keeps what it has learnt of a cluster in the temporary folder, by the cluster's address.
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    with KubernetesStandIn() as stand_in:
        yield stand_in


@pytest.fixture(autouse=True)
def _short_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    utils = "ansible_collections.inference.gateway.plugins.module_utils"
    monkeypatch.setattr(f"{utils}._client.PAUSES", (0.01, 0.01, 0.01))
    monkeypatch.setattr(f"{utils}._reconcile.REFRESH", 0.2)
    monkeypatch.setattr(f"{utils}._reconcile.REFRESH_PAUSE", 0.01)


@pytest.fixture(autouse=True)
def _clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("LITELLM_API_BASE", "LITELLM_MASTER_KEY", "LITELLM_API_KEY", "KUBECONFIG", "K8S_AUTH_KUBECONFIG"):
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def run(litellm: LiteLLMStandIn, capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a module as Ansible does: options in, the JSON that it prints out, with the text of its warnings.

    All that it ever printed is kept in `printed`, for tests that look for secrets.
    """

    def run_module(module: str, *, check: bool = False, **options: Any) -> dict[str, Any]:
        options = {"api_base": litellm.url, "api_key": MASTER_KEY} | options
        main = import_module(f"ansible_collections.inference.gateway.plugins.modules.{module}").main
        arguments = {name: value for name, value in options.items() if value is not OMIT}
        with patch_module_args(arguments | {"_ansible_check_mode": check}), pytest.raises(SystemExit):
            main()
        output, warnings = capsys.readouterr()
        run_module.printed += output + warnings  # type: ignore[attr-defined]
        # In the test's own process, warnings are displayed and not returned.
        return json.loads(output) | {"warnings": " ".join(warnings.split())}

    run_module.printed = ""  # type: ignore[attr-defined]
    return run_module


# For an option that a test's defaults have, and that it does not want to give.
OMIT = object()
