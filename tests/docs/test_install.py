# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The collection as a user has it: built, installed without a way out, and found by its name."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
BIN = Path(sys.executable).parent


def test_the_archive_is_installed_and_its_playbooks_are_found(tmp_path: Path) -> None:
    # Nothing of the checkout is in reach from here.
    environment = {name: value for name, value in os.environ.items() if not name.startswith("ANSIBLE_")}
    environment |= {"ANSIBLE_COLLECTIONS_PATH": str(tmp_path / "collections"), "HOME": str(tmp_path)}

    def run(*command: str | Path, cwd: Path = tmp_path) -> str:
        done = subprocess.run(
            [BIN / command[0], *command[1:]], cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    run("ansible-galaxy", "collection", "build", "--output-path", tmp_path, ROOT)
    [archive] = tmp_path.glob("inference-gateway-*.tar.gz")
    # As for a site without a way out: from the file in whose folder the archives are.
    carried = tmp_path / "airgap" / "collections"
    run("ansible-galaxy", "collection", "download", "--no-deps", "--download-path", carried, archive)
    run("ansible-galaxy", "collection", "install", "--offline", "--requirements-file", "requirements.yml", cwd=carried)
    assert "litellm_key" in run("ansible-doc", "inference.gateway.litellm_key")
    for playbook in sorted((ROOT / "playbooks").glob("*.yml")):
        run("ansible-playbook", "--inventory", "localhost,", "--syntax-check", f"inference.gateway.{playbook.stem}")
    # What a reader takes from it.
    installed = tmp_path / "collections" / "ansible_collections" / "inference" / "gateway"
    assert (installed / "inventories" / "example-eks" / "group_vars" / "all" / "cluster.yml").is_file()
    defaults = "".join(path.read_text() for path in (installed / "roles").glob("*/defaults/main.yml"))
    assert re.findall(r"^proxy_version: .+$", defaults, flags=re.MULTILINE)
