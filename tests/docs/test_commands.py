# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Every command of the documents, run as it stands against the running gateway.

A document is one session: its commands run one after the other in one shell, in a folder that looks like a checkout and
where inventories/mine, the reader's own inventory, is the kind cluster's. A block with a file's name is written to that
file first. What stands right after commands is what they print, with "..." for what varies.
Needs KUBECONFIG, kubectl, curl and jq. `make commands` runs it; it takes too long for `make test`.
"""

from __future__ import annotations

import doctest
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from documents import ROOT, Block, all_blocks, blocks, commands, words
from elsewhere import ELSEWHERE, FORETOLD

from ansible_collections.inference.gateway.plugins.filter.manifest_images import with_registry

DOCUMENTS = sorted({block.document for block in all_blocks("console")})
# What a document begins in the background would hold its output open, and the test would wait for ever.
BEGIN = """\
set -eo pipefail
trap 'kill $(jobs -p) 2>/dev/null || true' EXIT
"""
MARK = "=== the block that ends here begins in line"
# What takes minutes and leaves everything as it is: it is run for the first document that says it.
SAME_ANYWHERE = re.compile(r"ansible-playbook --inventory inventories/mine inference\.gateway\.(?!tenants)")
ALREADY_RUN: set[str] = set()


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    for entry in ROOT.iterdir():
        if entry.name not in (".git", "inventories", "reports"):
            (tmp_path / entry.name).symlink_to(entry)
    shutil.copytree(ROOT / "inventories", tmp_path / "inventories")
    shutil.copytree(ROOT / "inventories" / "kind", tmp_path / "inventories" / "mine")
    return tmp_path


def to_run(block: Block) -> str:
    """The commands of a block that are run here."""
    chosen = []
    for command in commands(block):
        if words(command) in ELSEWHERE or words(command) in ALREADY_RUN:
            continue
        if SAME_ANYWHERE.match(command):
            ALREADY_RUN.add(words(command))
        chosen.append(command)
    return "".join(chosen)


def session(document: str, checkout: Path) -> tuple[str, list[tuple[Block, str]]]:
    """The script of a document, and what each of its blocks is to print."""
    script, expected = BEGIN, []
    last = None
    for block in blocks(document):
        if block.language == "console":
            last = block if (chosen := to_run(block)) else None
            script += f"{chosen}printf '\\n{MARK} {block.line}\\n'\n"
        elif block.file:
            # Written when its turn comes, for a document may write a file twice.
            (checkout / ".blocks").mkdir(exist_ok=True)
            (checkout / ".blocks" / str(block.line)).write_text(block.text)
            script += f"cp .blocks/{block.line} {block.file}\n"
        elif block.language == "text" and block.follows and last:
            expected.append((last, block.text))
    return script, expected


@pytest.mark.parametrize("document", DOCUMENTS)
def test_what_a_document_says_to_type(document: str, checkout: Path) -> None:
    script, expected = session(document, checkout)
    environment = os.environ | {
        "ANSIBLE_CONFIG": str(checkout / "ansible.cfg"),
        "ANSIBLE_NOCOLOR": "1",
        "GATEWAY_URL": os.environ.get("GATEWAY_URL") or "http://localhost",
        "PATH": f"{Path(sys.executable).parent}:{os.environ['PATH']}",
    }
    done = subprocess.run(
        ["bash", "-c", script],
        cwd=checkout,
        env=environment,
        # For commands that ask for a secret.
        input="sk-nobody-made-this-key\n",
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        timeout=3600,
        check=False,
    )
    assert done.returncode == 0, f"{document} ended with exit code {done.returncode}:\n{done.stdout[-8000:]}"
    printed, begun = {}, ""
    for part in re.split(rf"^{MARK} (\d+)\n", done.stdout, flags=re.MULTILINE):
        if part.isdecimal():
            printed[int(part)] = begun
        begun = part
    for block, wanted in expected:
        assert alike(wanted, printed[block.line]), f"{block} prints\n{printed[block.line]}\nand not\n{wanted}"


def alike(wanted: str, printed: str) -> bool:
    options = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
    return doctest.OutputChecker().check_output(wanted, printed, options)


def kubernetes_objects() -> list[Any]:
    found = [pytest.param(yaml.safe_load(block.text), id=str(block)) for block in all_blocks("yaml")]
    return [each for each in found if isinstance(each.values[0], dict) and "apiVersion" in each.values[0]]


@pytest.mark.parametrize("definition", kubernetes_objects())
def test_the_cluster_takes_the_objects_of_the_documents(definition: dict[str, Any]) -> None:
    # The namespace is the reader's.
    definition["metadata"].pop("namespace", None)
    command = ["kubectl", "apply", "--server-side", "--dry-run=server", "--validate=strict", "--filename=-"]
    judged = subprocess.run(command, input=yaml.safe_dump(definition), capture_output=True, text=True, check=False)
    assert judged.returncode == 0, judged.stderr


@pytest.mark.parametrize("command", [command for command, (_why, by) in ELSEWHERE.items() if by == FORETOLD])
def test_the_cluster_would_do_what_a_document_does(command: str) -> None:
    asked = [*shlex.split(command), "--dry-run=server"]
    judged = subprocess.run(asked, capture_output=True, text=True, timeout=60, check=False)
    assert judged.returncode == 0, judged.stderr


def test_no_image_that_runs_is_missing_in_the_list(checkout: Path) -> None:
    command = ["ansible-playbook", "--inventory", "inventories/kind", "playbooks/artifacts.yml"]
    command += ["--extra-vars", "artifacts_directory=airgap"]
    program = Path(sys.executable).with_name(command[0])
    environment = os.environ | {"ANSIBLE_CONFIG": str(checkout / "ansible.cfg")}
    subprocess.run([program, *command[1:]], cwd=checkout, env=environment, check=True, capture_output=True, timeout=300)
    listed = (checkout / "airgap" / "images.txt").read_text().split()
    running: set[str] = set()
    for namespace in ("inference-gateway", "models", "envoy-gateway-system", "cnpg-system", "cert-manager", "kserve"):
        shown = ["kubectl", "get", "pods", "--namespace", namespace, "--output", "json"]
        pods = json.loads(subprocess.run(shown, check=True, capture_output=True, timeout=60).stdout)["items"]
        containers = [pod["spec"].get(kind, []) for pod in pods for kind in ("initContainers", "containers")]
        running |= {with_registry(container["image"]) for group in containers for container in group}
    assert running
    assert running - set(listed) == set()
