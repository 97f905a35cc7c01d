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
# Asked of the cluster, which judges it and keeps nothing.
FORETOLD = "tests/docs/test_commands.py::test_the_cluster_would_do_what_a_document_does"
# What a document writes into the file, it reads from it the same way.
RECOVERY = "docs/docsite/rst/recovery.rst"
PINNED = "tests/docs/test_blocks.py::test_documents_name_the_versions_that_are_tested"

# What takes the gateway, or a part of it, away.
TAKES_AWAY = (
    "kubectl delete job litellm-proxy-migration -n inference-gateway",
    "kubectl delete scheduledbackup litellm-db -n inference-gateway --ignore-not-found",
    "kubectl delete pooler litellm-db-pooler -n inference-gateway",
    "kubectl delete cluster litellm-db -n inference-gateway",
    "kubectl delete poddisruptionbudget litellm-db-pooler -n inference-gateway --ignore-not-found",
    "kubectl delete networkpolicy litellm-db litellm-db-pooler -n inference-gateway",
    "kubectl delete secret litellm-proxy-salt-key -n inference-gateway",
    "kubectl annotate configmaps -n inference-gateway -l app.kubernetes.io/name=litellm-proxy"
    " inference.gateway/salt-key-sha256-",
    "kubectl delete secret litellm-db-app -n inference-gateway",
    "kubectl delete secret valkey -n inference-gateway",
    "kubectl delete statefulset valkey valkey-sentinel -n inference-gateway",
    "kubectl delete httproutes --all -n inference-gateway",
    "kubectl delete inferenceservices -n models -l app.kubernetes.io/managed-by=inference.gateway",
    "kubectl delete gateway inference -n inference-gateway",
    "kubectl delete scheduledbackups,poolers,clusters.postgresql.cnpg.io --all -n inference-gateway",
    "kubectl delete namespace inference-gateway models",
    "kubectl delete networkpolicy inference-gateway-inference -n envoy-gateway-system --ignore-not-found",
    "kubectl delete secrets -n search -l app.kubernetes.io/managed-by=inference.gateway",
    "kubectl delete gatewayclass envoy-gateway",
    "kubectl delete clusterservingruntimes -l app.kubernetes.io/managed-by=inference.gateway",
)

ELSEWHERE = {command: Elsewhere("takes it away", FORETOLD) for command in TAKES_AWAY} | {
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
    "(cd airgap/collections"
    " && ansible-galaxy collection install --offline --requirements-file requirements.yml)": Elsewhere(
        "installs what the command before has downloaded", INSTALLED
    ),
    "ansible-galaxy collection install --force"
    " git+https://github.com/inference-gateway/inference.gateway,0.8.0": Elsewhere(
        "would test another commit", INSTALLED
    ),
    "grep -hE '^[a-z_]+_(version|image): .'"
    " ~/.ansible/collections/ansible_collections/inference/gateway/roles/*/defaults/main.yml": Elsewhere(
        "reads the collection where it is installed", INSTALLED
    ),
    # The reader's own cluster, account, registry and backups. Here inventories/mine describes the kind cluster.
    "cp -r ~/.ansible/collections/ansible_collections/inference/gateway/inventories/example-eks"
    " inventories/mine": Elsewhere("is for a cluster on EKS", INSTALLED),
    "kubectl create namespace search": Elsewhere("would stay in the cluster", "docs/docsite/rst/tenants.rst"),
    "kubectl create namespace support": Elsewhere("would stay in the cluster", "docs/docsite/rst/tenants.rst"),
    "kubectl rollout restart deployment -n envoy-gateway-system"
    " -l gateway.envoyproxy.io/owning-gateway-name=inference": Elsewhere(
        "is of use on EKS alone; that new pods get the gate is tested", "tests/unit/test_gateway.py"
    ),
    "kubectl run stranger --rm -i --restart=Never --image=docker.io/curlimages/curl:8.14.1 --"
    " curl -sS --max-time 5 http://litellm-proxy.inference-gateway.svc:4000/health/liveliness": Elsewhere(
        "has to fail", "tests/network/test_flows.py::test_a_stranger_reaches_the_gateway_only"
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
    # From LiteLLM's Helm chart, which is not there. That keys which are there are used is tested.
    "kubectl create namespace inference-gateway": Elsewhere("it is there", "docs/docsite/rst/production_eks.rst"),
    "kubectl create secret generic litellm-proxy-master-key -n inference-gateway --from-file=master-key=<(kubectl"
    " get secret litellm-masterkey -n litellm -o jsonpath='{.data.masterkey}' | base64 -d)": Elsewhere(
        "needs what the chart made", "tests/unit/test_proxy.py"
    ),
    "kubectl create secret generic litellm-proxy-salt-key -n inference-gateway --from-file=salt-key=<(kubectl"
    " get secret litellm-env -n litellm -o jsonpath='{.data.LITELLM_SALT_KEY}' | base64 -d)": Elsewhere(
        "needs what the chart made", "tests/unit/test_proxy.py"
    ),
    # Into a cluster where all of it is gone.
    "jq -r '.items[].metadata.namespace' gateway-secrets.json | sort -u"
    " | xargs -n 1 kubectl create namespace": Elsewhere("they are there", RECOVERY),
    "kubectl create -f gateway-secrets.json": Elsewhere("they are there", RECOVERY),
    """jq '.items[] | select(.metadata.name == "litellm-proxy-salt-key")' gateway-secrets.json"""
    " | kubectl create -f -": Elsewhere("it is there", RECOVERY),
    # Backups, and what is made of them.
    "kubectl create -f before-upgrade.yml": Elsewhere(
        "needs backups; the role makes its first one the same way", "molecule/database/molecule.yml"
    ),
    "kubectl wait backups.postgresql.cnpg.io/before-upgrade -n inference-gateway"
    " --for=jsonpath='{.status.phase}'=completed --timeout=1h": Elsewhere(
        "needs backups; the role waits for the same", "molecule/database/molecule.yml"
    ),
    "kubectl delete objectstore litellm-db-backup -n inference-gateway": Elsewhere(
        "needs backups; the name is the template's", "roles/database/templates/backup.yaml.j2"
    ),
    "kubectl delete podmonitor litellm-db litellm-db-pooler -n inference-gateway": Elsewhere(
        "needs the Prometheus operator; the names are the role's", "roles/database/vars/main/objects.yml"
    ),
    "kubectl delete prometheusrule litellm-db -n inference-gateway": Elsewhere(
        "needs the Prometheus operator; the name is the role's", "roles/database/vars/main/alerts.yml"
    ),
    "for operator in kserve envoy-gateway plugin-barman-cloud cloudnative-pg cert-manager metrics-server gateway-api;"
    " do kubectl delete --ignore-not-found -f airgap/manifests/$operator-*.yaml done": Elsewhere(
        "takes it away; only its list of operators is tested",
        "tests/docs/test_blocks.py::test_who_removes_a_gateway_is_told_of_every_operator",
    ),
}
