# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""tests/scenarios.py: what it says of a scenario that failed, and that none takes for ever."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "scenarios.py"
LOG = """
TASK [Write] ****
ok: [localhost]
TASK [Rescued] ****
fatal: [localhost]: FAILED! => {"msg": "expected"}
TASK [Wait] ****
  [ERROR]: Task failed: nobody answers
fatal: [localhost]: FAILED! => {"msg": "nobody answers"}
PLAY RECAP ****
localhost : failed=1
"""


@pytest.fixture
def scenarios(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    spec = importlib.util.spec_from_file_location("scenarios", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    monkeypatch.setattr(module, "OUTPUT", tmp_path)
    return module


def test_a_scenario_that_passes(scenarios: ModuleType, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    assert scenarios.run("one", ["sh", "-c", 'echo "$@"', "molecule"]) == ""
    assert (tmp_path / "molecule-one.log").read_text() == "test --scenario-name one\n"
    assert capfd.readouterr().out == "test --scenario-name one\n"


def test_the_last_task_that_failed_is_told(scenarios: ModuleType, tmp_path: Path) -> None:
    (tmp_path / "log").write_text(LOG)
    why = scenarios.run("one", ["sh", "-c", f"cat {tmp_path / 'log'}; exit 2", "molecule"])
    assert why.startswith("TASK [Wait]")
    assert why.endswith('FAILED! => {"msg": "nobody answers"}')


def test_a_task_that_failed_for_one_of_many(scenarios: ModuleType) -> None:
    log = (
        'TASK [Write] ***\nok: [localhost]\nTASK [Apply] ***\nfailed: [localhost] (item=Cluster) => {"msg": "denied"}\n'
    )
    assert scenarios.failed_task(log + "PLAY RECAP ***\nlocalhost : failed=1\n").startswith("TASK [Apply]")


def test_a_scenario_that_fails_without_a_task(scenarios: ModuleType) -> None:
    assert scenarios.run("one", ["sh", "-c", "exit 3", "molecule"]) == "it ended with 3"


def test_a_scenario_that_does_not_end_is_ended_with_what_it_started_and_cleared_away(
    scenarios: ModuleType, tmp_path: Path
) -> None:
    script = f'echo "$1" >> {tmp_path}/told; if [ "$1" = test ]; then sleep 60 & wait; fi'
    assert scenarios.run("one", ["sh", "-c", script, "molecule"], 0.5) == "it was not done within 0 minutes"
    assert (tmp_path / "told").read_text() == "test\ndestroy\n"
