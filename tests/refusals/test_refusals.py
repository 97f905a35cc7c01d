# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""What is wrong is said in one sentence each, and the running gateway is left as it is.

Each case applies playbooks/site.yml to the gateway that `make site` brought up, with something wrong in the inventory.
Needs KUBECONFIG and kubectl; `make molecule` runs it at its end.
"""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from cluster import NAMESPACE, kubectl
from playbook import PROGRAM, ROOT


def site(*options: str, playbook: str = "site.yml", **variables: Any) -> tuple[list[str], int]:
    """Apply the playbook with these variables; return what it failed with, and the number of changes it reported."""
    done = subprocess.run(
        [
            *(str(PROGRAM), "--inventory", "inventories/kind", f"playbooks/{playbook}"),
            *("--extra-vars", json.dumps(variables), *options),
        ],
        cwd=ROOT,
        env=os.environ
        | {
            "ANSIBLE_CONFIG": str(ROOT / "ansible.cfg"),
            "ANSIBLE_STDOUT_CALLBACK": "ansible.posix.json",
            "ANSIBLE_INVENTORY_UNPARSED_WARNING": "false",
        },
        capture_output=True,
        text=True,
        timeout=900,
        check=False,
    )
    assert done.returncode == 2, done.stdout[-3000:] + done.stderr
    report = json.loads(done.stdout)
    results = [task["hosts"]["localhost"] for play in report["plays"] for task in play["tasks"] if task["hosts"]]
    # A failure that is rescued was expected by the role, which then says what it means.
    failures = [result["msg"] for result in results if result.get("failed") and not result.get("rescued")]
    return failures, report["stats"]["localhost"]["changed"]


def generations() -> dict[str, int]:
    """What the description of every object of the gateway is numbered; any change of one counts its number up."""
    kinds = "deployments,statefulsets,httproutes,gateways,clusters.postgresql.cnpg.io,poolers,hpa,pdb"
    objects = json.loads(kubectl("get", kinds, "--namespace", NAMESPACE, "--output", "json"))["items"]
    return {f"{each['kind']}/{each['metadata']['name']}": each["metadata"].get("generation", 0) for each in objects}


def test_every_problem_of_an_inventory_is_told_at_once() -> None:
    before, app = generations(), {"name": "app", "namespace": NAMESPACE}
    failures, changed = site(
        prerequisites_kubernetes_min="1.99",
        prerequisites_kubernetes_before="2.0",
        gateway_cluster_storage_class="gold",
        proxy_master_key="sk-1234",
        proxy_replica=3,
        tenants_teams=[{"team_alias": "search"}, {"team_alias": "search"}],
        tenants_keys=[{"key_alias": "app", "team_alias": "search", "models": ["no-such-model"], "secret": app}],
    )
    sentences = failures[-1].splitlines()
    for wanted in (
        "but the components support 1.99 and newer",
        "There is no StorageClass gold",
        # The same name, for Valkey's servers are there already.
        "of the default StorageClass, which a StatefulSet never changes",
        "proxy_master_key is too weak",
        "proxy_replica",
        "tenants_teams[1] ('search'): team_alias is also that of teams[0] ('search')",
        "tenants_keys[0] ('app'): models has no-such-model",
    ):
        assert len([sentence for sentence in sentences if wanted in sentence]) == 1, sentences
    assert "sk-1234" not in "\n".join(failures)
    assert len(sentences) == 7, sentences
    assert changed == 0
    assert generations() == before


def test_a_cluster_that_does_not_answer(tmp_path: Path) -> None:
    kubeconfig = tmp_path / "kubeconfig"
    cluster = {"name": "none", "cluster": {"server": "https://127.0.0.1:9"}}
    context = {"name": "none", "context": {"cluster": "none", "user": "none"}}
    config = {"clusters": [cluster], "contexts": [context], "current-context": "none", "users": [{"name": "none"}]}
    kubeconfig.write_text(json.dumps({"apiVersion": "v1", "kind": "Config"} | config))
    failures, changed = site(gateway_cluster_kubeconfig=str(kubeconfig))
    assert failures[-1].startswith("No Kubernetes cluster answers (")
    assert "\n" not in failures[-1]
    assert changed == 0


Rules = list[dict[str, list[str]]]


def reads_all_but_secrets() -> Rules:
    """Rights add up and none is taken away, so that all else has to be named."""
    names = kubectl("api-resources", "--verbs=list", "-o", "name").split()
    return [
        {"apiGroups": [group], "resources": [resource], "verbs": ["get", "list", "watch"]}
        for resource, _dot, group in (name.partition(".") for name in names if name != "secrets")
    ]


def removes_nothing() -> Rules:
    return [{"apiGroups": ["*"], "resources": ["*"], "verbs": ["get", "list", "watch", "create", "patch"]}]


@pytest.fixture
def user(tmp_path: Path) -> Iterator[Callable[[Rules], str]]:
    """Makes a user who has these rights alone, and returns the path of a kubeconfig."""
    account = {"kind": "ServiceAccount", "namespace": NAMESPACE, "name": "test-user"}
    # A name for the whole cluster, which may serve other gateways.
    name = {"name": f"{NAMESPACE}-test-user"}
    role = {"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole"} | name

    def objects(rules: Rules) -> str:
        rbac = {"apiVersion": "rbac.authorization.k8s.io/v1", "metadata": name}
        items = [
            {
                "apiVersion": "v1",
                "kind": "ServiceAccount",
                "metadata": {"namespace": NAMESPACE, "name": account["name"]},
            },
            rbac | {"kind": "ClusterRole", "rules": rules},
            rbac | {"kind": "ClusterRoleBinding", "roleRef": role, "subjects": [account]},
        ]
        return json.dumps({"apiVersion": "v1", "kind": "List", "items": items})

    def made(rules: Rules) -> str:
        kubectl("apply", "--server-side", "-f", "-", stdin=objects(rules))
        config = json.loads(kubectl("config", "view", "--minify", "--raw", "--flatten", "-o", "json"))
        token = kubectl("create", "token", account["name"], "-n", NAMESPACE, "--duration=10m")
        config["users"][0]["user"] = {"token": token.strip()}
        kubeconfig = tmp_path / "kubeconfig"
        kubeconfig.touch(mode=0o600)
        kubeconfig.write_text(json.dumps(config))
        return str(kubeconfig)

    yield made
    kubectl("delete", "--ignore-not-found", "-f", "-", stdin=objects([]))


# Both stop at the same place. What must not write is site.yml.
@pytest.mark.parametrize("playbook", ["preflight.yml", "site.yml"])
@pytest.mark.parametrize(
    ("rights", "lacks", "besides"),
    [
        # To run a command in a pod is to create one of its subresources.
        (reads_all_but_secrets, ("__prerequisites_resources", "__prerequisites_removed"), {"pods"}),
        (removes_nothing, ("__prerequisites_removed",), set()),
    ],
)
def test_a_user_who_may_not_do_it_all(
    rights: Callable[[], Rules],
    lacks: tuple[str, ...],
    besides: set[str],
    playbook: str,
    user: Callable[[Rules], str],
) -> None:
    before = generations()
    permissions = yaml.safe_load((ROOT / "roles/prerequisites/vars/main/permissions.yml").read_text())
    wanted = {each for right in lacks for resources in permissions[right].values() for each in resources} | besides
    failures, changed = site(playbook=playbook, gateway_cluster_kubeconfig=user(rights()))
    start, end = "The user of this kubeconfig may not do all that the roles do with ", ": use one with the rights of"
    assert failures[-1].startswith(start), failures
    # What cannot be asked of the cluster is not judged.
    assert len(failures[-1].splitlines()) == 1, failures
    named = failures[-1].removeprefix(start).partition(end)[0].split(", ")
    assert set(named) == wanted, f"not named: {sorted(wanted - set(named))}, too much: {sorted(set(named) - wanted)}"
    assert len(named) == len(wanted), f"more than once: {sorted(name for name in wanted if named.count(name) > 1)}"
    assert changed == 0
    assert generations() == before


def test_a_gateway_that_does_not_answer() -> None:
    failures, changed = site(playbook="tenants.yml", gateway_cluster_url="http://127.0.0.1:9")
    assert "failed, no connection (connection refused): check api_base" in failures[-1]
    assert changed == 0


@pytest.fixture
def _migrated_again() -> Any:
    """Whatever the test does to the migration Job, it is put right at the end."""
    yield
    command = [str(PROGRAM), "--inventory", "inventories/kind", "playbooks/site.yml", "--tags", "proxy"]
    environment = os.environ | {"ANSIBLE_CONFIG": str(ROOT / "ansible.cfg")}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, timeout=900)


@pytest.mark.usefixtures("_migrated_again")
def test_a_migration_that_fails_leaves_the_proxy_alone_and_says_why() -> None:
    before = generations()
    failures, _changed = site("--tags", "proxy", proxy_database_direct_host="no-such-database.invalid")
    assert failures[-1].startswith("The database migration did not succeed, so the proxy was left as it is.")
    assert "no-such-database.invalid" in failures[-1]
    assert generations() == before
