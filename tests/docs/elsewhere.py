# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The commands of the documents that are not run as they stand: why, and what tests them instead."""

from __future__ import annotations

from typing import NamedTuple


class Elsewhere(NamedTuple):
    why: str
    #: A file, a test in it, or a target of the Makefile.
    tested_by: str


INSTALLED = "tests/docs/test_install.py::test_the_archive_is_installed_and_its_playbooks_are_found"
PINNED = "tests/docs/test_blocks.py::test_documents_name_the_versions_that_are_tested"

ELSEWHERE = {
    # The Makefile's targets that CI itself is made of, or that would take the cluster away.
    "make demo": Elsewhere("is made of what molecule does", "molecule/default/molecule.yml"),
    "make test": Elsewhere("is what CI runs", ".ci/run"),
    "make cluster-down": Elsewhere("takes the cluster away", "molecule/shared/destroy.yml"),
    'eval "$(python tests/cluster env)"': Elsewhere("the tests are told which cluster", "molecule/default/verify.yml"),
    "python tests/benchmark/sync.py": Elsewhere("prints figures, and is no test", "tests/benchmark/sync.py"),
    # What reaches out.
    "python -m pip install ansible==12.3.0 kubernetes requests": Elsewhere("changes the environment", PINNED),
    "python -m pip download --dest airgap/python ansible==12.3.0 kubernetes requests": Elsewhere("is large", PINNED),
    "python -m pip install --no-index --find-links airgap/python ansible kubernetes requests": Elsewhere(
        "changes the environment", PINNED
    ),
    "ansible-galaxy collection install git+https://github.com/inference-gateway/inference.gateway": Elsewhere(
        "would test another commit", INSTALLED
    ),
    "ansible-galaxy collection download --download-path airgap/collections"
    " git+https://github.com/inference-gateway/inference.gateway": Elsewhere("would test another commit", INSTALLED),
    "ansible-galaxy collection install --offline --requirements-file airgap/collections/requirements.yml": Elsewhere(
        "installs what the command before has downloaded", INSTALLED
    ),
    # The reader's own cluster, account, registry and backups. Here inventories/mine describes the kind cluster.
    "cp -r inventories/example-eks inventories/mine": Elsewhere(
        "is for a cluster on EKS",
        "tests/unit/test_inventories.py::test_every_variable_is_one_that_a_role_has",
    ),
    "kubectl apply --server-side -f letsencrypt.yml": Elsewhere(
        "would ask Let's Encrypt", "tests/docs/test_commands.py::test_the_cluster_takes_the_objects_of_the_documents"
    ),
    'while read -r image; do skopeo copy --all "docker://$image" "docker://registry.example.com/${image#*/}"'
    " done < airgap/images.txt": Elsewhere(
        "needs a registry; the test cluster's is filled the same way", "tests/cluster/images.py"
    ),
    "kubectl -n inference-gateway get objectstore litellm-db-backup -o jsonpath='{.status}'": Elsewhere(
        "needs backups; the role reads the same, and makes no second one", "molecule/database/molecule.yml"
    ),
    # As much as another document's command, which takes minutes.
    "ansible-playbook inference.gateway.verify": Elsewhere("is run by molecule", "molecule/default/verify.yml"),
    "ansible-playbook inference.gateway.verify --extra-vars verify_report_directory=reports": Elsewhere(
        "is run on the page on production", "docs/docsite/rst/production_eks.rst"
    ),
}
