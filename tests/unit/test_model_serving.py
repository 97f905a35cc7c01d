# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The role model_serving: what it makes of a model, and what it refuses."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import yaml
from role_data import ROLES, RoleData, read

GPU = "nvidia.com/gpu"


def model_serving(*models: dict[str, Any], **variables: Any) -> RoleData:
    """Models are simulated and called tiny unless they say otherwise."""
    known: dict[str, Any] = {
        "model_serving_models": [{"name": "tiny", "runtime": "simulator"} | model for model in models],
        "gateway_cluster_info": {"apis": {}},
        "__model_serving_runtimes_there": [],
        "__model_serving_models_there": [],
        "__model_serving_read": read(),
        "__model_serving_nodes": {"resources": [{"status": {"allocatable": {"cpu": "8"}}}]},
        "__model_serving_secrets": {"resources": []},
    }
    return RoleData("model_serving", **known | variables)


def described(kind: str, *models: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in model_serving(*models)["__model_serving_described"] if each["kind"] == kind]


def predictor(**model: Any) -> dict[str, Any]:
    (service,) = described("InferenceService", model)
    return service["spec"]["predictor"]


# What a model becomes


def test_a_model_needs_a_name_and_a_runtime() -> None:
    made = predictor()
    made["annotations"].pop("inference.gateway/checksum")
    assert made == {
        "minReplicas": 1,
        "maxReplicas": 1,
        "enableServiceLinks": False,
        "automountServiceAccountToken": False,
        "terminationGracePeriodSeconds": 330,
        "annotations": {},
        "model": {
            "modelFormat": {"name": "huggingface"},
            "runtime": "simulator",
            "args": [],
            "env": [],
            "resources": {},
        },
    }


def test_where_the_pods_run() -> None:
    toleration = {"key": GPU, "operator": "Exists"}
    made = predictor(node_selector={"pool": "gpu"}, tolerations=[toleration], priority_class="models")
    assert (made["nodeSelector"], made["tolerations"]) == ({"pool": "gpu"}, [toleration])
    assert made["priorityClassName"] == "models"


def test_the_predictor_has_the_last_word() -> None:
    made = predictor(node_selector={"pool": "gpu"}, predictor={"nodeSelector": {"zone": "a"}, "timeout": 60})
    assert made["nodeSelector"] == {"pool": "gpu", "zone": "a"}
    assert made["timeout"] == 60


@pytest.mark.parametrize(
    ("model", "args"),
    [
        ({"gpus": 1}, []),
        ({"gpus": 4}, ["--tensor-parallel-size=4"]),
        (
            {"gpus": 4, "args": ["--pipeline-parallel-size=2", "--tensor-parallel-size=2"]},
            ["--tensor-parallel-size=4", "--pipeline-parallel-size=2", "--tensor-parallel-size=2"],
        ),
    ],
)
def test_a_model_is_spread_over_its_gpus(model: dict[str, Any], args: list[str]) -> None:
    server = predictor(runtime="vllm", resources={"limits": {"memory": "96Gi"}}, **model)["model"]
    assert server["resources"] == {"limits": {"memory": "96Gi", GPU: str(model["gpus"])}}
    assert server["args"] == args


def test_autoscaling() -> None:
    (fixed,) = described("InferenceService", {"cpu_target": 60})
    assert fixed["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"] == "none"
    assert "scaleTarget" not in fixed["spec"]["predictor"]
    (scaled,) = described("InferenceService", {"min_replicas": 2, "max_replicas": 5, "cpu_target": 60})
    assert scaled["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"] == "hpa"
    assert {scaled["spec"]["predictor"][name] for name in ("minReplicas", "maxReplicas", "scaleTarget")} == {2, 5, 60}


@pytest.mark.parametrize("scaler", ["keda", "external", "none"])
def test_another_autoscaler(scaler: str) -> None:
    model = {"min_replicas": 2, "max_replicas": 5, "cpu_target": 60, "autoscaler_class": scaler}
    (service,) = described("InferenceService", model)
    assert service["metadata"]["annotations"]["serving.kserve.io/autoscalerClass"] == scaler
    assert "scaleTarget" not in service["spec"]["predictor"]
    assert [each["metadata"]["name"] for each in described("PodDisruptionBudget", model)] == ["tiny"]


def scaler(kind: str, owner: str | None = "tiny") -> dict[str, Any]:
    owners = {"ownerReferences": [{"kind": "InferenceService", "name": owner}]} if owner else {}
    return {"apiVersion": f"{kind.lower()}/v1", "metadata": {"name": f"{owner}-predictor", **owners}}


@pytest.mark.parametrize(
    ("model", "left"),
    [
        ({"max_replicas": 2}, ["ScaledObject"]),
        ({"max_replicas": 2, "autoscaler_class": "keda"}, ["HorizontalPodAutoscaler"]),
        ({"autoscaler_class": "external"}, ["HorizontalPodAutoscaler", "ScaledObject"]),
        ({"min_replicas": 2, "max_replicas": 2}, ["HorizontalPodAutoscaler", "ScaledObject"]),
        ({"predictor": {"annotations": {"serving.kserve.io/autoscalerClass": "keda"}}}, ["HorizontalPodAutoscaler"]),
    ],
)
def test_the_autoscaler_of_another_class_goes(model: dict[str, Any], left: list[str]) -> None:
    """KServe leaves it. What is of no model that is described is somebody else's, or goes with its InferenceService."""
    others = ("gone", None)
    there = {
        kind: [scaler(kind), *(scaler(kind, other) for other in others)]
        for kind in ("HorizontalPodAutoscaler", "ScaledObject")
    }
    data = model_serving(model, __model_serving_read=read(**there))
    found = data["__model_serving_scalers_left"]
    assert [(each["kind"], each["metadata"]["name"]) for each in found] == [(kind, "tiny-predictor") for kind in left]


def test_autoscalers_are_removed_after_the_models_have_their_new_class() -> None:
    """Until then KServe would make them anew. A loop over what there is starts no module where there is nothing."""
    tasks = yaml.safe_load((ROLES / "model_serving" / "tasks" / "configure.yml").read_text())
    assert tasks[-1]["loop"] == "{{ __model_serving_scalers_left }}"
    assert tasks[-2]["ansible.builtin.include_role"]["tasks_from"] == "apply"
    assert model_serving({})["__model_serving_scalers_left"] == []


def test_autoscalers_are_read_as_far_as_the_cluster_knows_them() -> None:
    def kinds(**apis: dict[str, Any]) -> list[str]:
        own = model_serving(gateway_cluster_info={"apis": apis})["__model_serving_scalers_own"]
        assert {each["namespace"] for each in own} == {"models"}
        return [each["kind"] for each in own]

    assert kinds() == ["HorizontalPodAutoscaler"]
    assert kinds(**{"keda.sh/v1alpha1": {}}) == ["HorizontalPodAutoscaler", "ScaledObject"]


def test_scaling_does_not_make_pods_anew() -> None:
    assert predictor(max_replicas=2)["annotations"] == predictor(max_replicas=4, cpu_target=50)["annotations"]
    assert predictor(predictor={"autoScaling": {"metrics": []}})["annotations"] == predictor()["annotations"]
    assert predictor(priority_class="models")["annotations"] != predictor()["annotations"]


def test_only_models_with_several_pods_have_a_disruption_budget() -> None:
    models = ({}, {"name": "large", "min_replicas": 2}, {"name": "growing", "max_replicas": 2})
    budget, growing = described("PodDisruptionBudget", *models)
    assert growing["metadata"]["name"] == "growing"
    assert budget["metadata"]["name"] == "large"
    assert budget["spec"] == {
        "maxUnavailable": 1,
        "selector": {"matchLabels": {"serving.kserve.io/inferenceservice": "large"}},
    }


@pytest.mark.parametrize("uri", ["pvc://models/tiny", "oci://registry.example.com/tiny:1", "hf://org/tiny"])
def test_files_that_need_no_credentials(uri: str) -> None:
    made = predictor(storage_uri=uri)
    assert made["model"]["storageUri"] == uri
    assert "serviceAccountName" not in made
    assert described("ServiceAccount", {"storage_uri": uri}) == []


def test_files_that_are_fetched_with_credentials() -> None:
    role = {"eks.amazonaws.com/role-arn": "arn:aws:iam::111122223333:role/models"}
    models = (
        {"storage_uri": "s3://models/tiny", "storage_secret": "s3"},
        {"name": "large", "storage_uri": "s3://models/large", "service_account_annotations": role},
    )
    assert [each["spec"]["predictor"]["serviceAccountName"] for each in described("InferenceService", *models)] == [
        "tiny",
        "large",
    ]
    first, second = described("ServiceAccount", *models)
    assert (first["secrets"], first["metadata"]["annotations"]) == ([{"name": "s3"}], {})
    assert (second["secrets"], second["metadata"]["annotations"]) == ([], role)
    assert not first["automountServiceAccountToken"]


def test_what_is_no_longer_described_goes() -> None:
    there = {
        "InferenceService": ["tiny", "old"],
        "PodDisruptionBudget": ["tiny", "old"],
        "ServiceAccount": ["tiny"],
        # Of others.
        "Secret": ["old"],
    }
    data = model_serving({"min_replicas": 2})
    found = [
        {
            "item": next((own for own in data["__model_serving_own"] if own["kind"] == kind), {"kind": kind}),
            "resources": [
                {"apiVersion": "v1", "kind": kind, "metadata": {"name": name, "namespace": "models"}} for name in names
            ],
        }
        for kind, names in there.items()
    ]
    data.variables |= {
        "gateway_cluster_read": {"reads": found},
        "gateway_cluster_optional": data["__model_serving_own"],
        "__gateway_cluster_applied": {"results": [{"item": data["__model_serving_described"]}]},
    }
    gone = [(each["kind"], each["name"]) for each in data["__gateway_cluster_undescribed"]]
    assert gone == [("InferenceService", "old"), ("PodDisruptionBudget", "old"), ("ServiceAccount", "tiny")]


MANAGED = {"app.kubernetes.io/managed-by": "inference.gateway"}
MARK = "inference.gateway/gateway"


def test_what_is_in_the_namespace_tells_of_which_gateway_it_is() -> None:
    """Runtimes are the cluster's. What an earlier version made has no mark and is looked at as well."""
    data = model_serving(
        {"min_replicas": 2, "service_account_annotations": {"a": "b"}}, gateway_cluster_namespace="llm"
    )
    assert len(data["__model_serving_described"]) == 8
    for each in data["__model_serving_described"]:
        mark = {} if each["kind"] == "ClusterServingRuntime" else {MARK: "llm"}
        assert each["metadata"]["labels"] == MANAGED | mark
    assert {tuple(own["label_selectors"]) for own in data["__model_serving_own"]} == {
        ("app.kubernetes.io/managed-by=inference.gateway",)
    }


def test_models_of_another_gateway() -> None:
    def there(*namespaces: str) -> dict[str, Any]:
        labels = [MANAGED | ({MARK: namespace} if namespace else {}) for namespace in namespaces]
        return {"__model_serving_models_there": [{"metadata": {"labels": each}} for each in labels]}

    assert refused(**there("inference-gateway", "")) == []
    assert refused(**there("inference-gateway", "other", "other")) == [
        "Namespace models has models of another gateway, the one in namespace other: give this gateway a "
        "gateway_cluster_models_namespace of its own."
    ]


KNOWN = {"apis": {"monitoring.coreos.com/v1": {"PodMonitor": {}}}}


@pytest.mark.parametrize(
    ("variables", "kinds"),
    [
        ({}, []),
        ({"gateway_cluster_info": KNOWN}, ["PodMonitor"]),
        ({"gateway_cluster_info": KNOWN, "model_serving_pod_monitor": False}, []),
    ],
)
def test_models_are_monitored_where_the_cluster_knows_monitors(variables: dict[str, Any], kinds: list[str]) -> None:
    made = [each["kind"] for each in model_serving({}, **variables)["__model_serving_described"]]
    assert [kind for kind in made if kind == "PodMonitor"] == kinds


def test_metrics_are_asked_for_where_every_runtime_has_them() -> None:
    monitor = model_serving(gateway_cluster_monitor_labels={"release": "prometheus"})["__model_serving_monitor"]
    assert monitor["metadata"]["labels"]["release"] == "prometheus"
    (endpoint,) = monitor["spec"]["podMetricsEndpoints"]
    for name, runtime in model_serving()["__model_serving_specs"].items():
        assert endpoint["port"] in [port["name"] for port in runtime["containers"][0]["ports"]], name


# What a runtime is made of


def test_vllm_on_cpus() -> None:
    data = model_serving(model_serving_runtimes=["vllm", "vllm-cpu"], model_serving_vllm_cpu_cache=12)
    on_gpus, on_cpus = [
        each["spec"]["containers"][0]
        for each in data["__model_serving_described"]
        if each["kind"] == "ClusterServingRuntime"
    ]
    assert {"name": "VLLM_CPU_KVCACHE_SPACE", "value": "12"} in on_cpus["env"]
    assert on_cpus["env"][:-1] == on_gpus["env"]
    assert GPU not in on_cpus["resources"]["limits"]
    assert on_gpus["startupProbe"]["periodSeconds"] * on_gpus["startupProbe"]["failureThreshold"] == 3600


GRACE = {"model_serving_drain_seconds": 12, "model_serving_termination_grace_period": 60}


@pytest.mark.parametrize("runtime", ["vllm", "vllm-cpu", "simulator"])
def test_a_pod_that_goes_has_time_for_its_answers(runtime: str) -> None:
    data = model_serving({"runtime": runtime}, **GRACE)
    (container,) = data["__model_serving_specs"][runtime]["containers"]
    assert container["lifecycle"] == {"preStop": {"sleep": {"seconds": 12}}}
    (service,) = [each for each in data["__model_serving_described"] if each["kind"] == "InferenceService"]
    assert service["spec"]["predictor"]["terminationGracePeriodSeconds"] == 60
    assert ("--shutdown-timeout=43" in container["args"]) == runtime.startswith("vllm")


def test_a_vllm_that_does_not_know_the_argument_is_not_given_it() -> None:
    data = model_serving(model_serving_vllm_graceful=False)
    args = data["__model_serving_specs"]["vllm"]["containers"][0]["args"]
    assert args == ["--port=8080", "--served-model-name={{.Name}}", "--model=/mnt/models"]


@pytest.mark.parametrize("variables", [{"model_serving_drain_seconds": 12}, {"model_serving_vllm_graceful": False}])
def test_pods_that_end_in_another_way_are_waited_for(variables: dict[str, Any]) -> None:
    model = {"runtime": "vllm"}
    (old,), (new,) = (
        [each for each in model_serving(model, **given)["__model_serving_described"] if "predictor" in each["spec"]]
        for given in ({}, variables)
    )
    assert old["spec"]["predictor"]["annotations"] != new["spec"]["predictor"]["annotations"]


# What KServe is


def test_only_the_controller_of_kserve_by_default() -> None:
    data = model_serving()
    assert data["__model_serving_controllers"] == [{"kind": "Deployment", "name": "kserve-controller-manager"}]
    assert data["__model_serving_kserve_pod_security"] == "restricted"
    assert "localModel" not in data["__model_serving_settings"]


def test_models_that_are_kept_on_nodes() -> None:
    """Their agents mount a directory of the node, which no level but the lowest allows."""
    data = model_serving(model_serving_components=["llmisvc", "localmodel"])
    assert [(each["kind"], each["name"]) for each in data["__model_serving_controllers"]] == [
        ("Deployment", "kserve-controller-manager"),
        ("Deployment", "llmisvc-controller-manager"),
        ("Deployment", "kserve-localmodel-controller-manager"),
        ("DaemonSet", "kserve-localmodelnode-agent"),
    ]
    assert data["__model_serving_kserve_pod_security"] == "privileged"
    settings = json.loads(data["__model_serving_settings"]["localModel"])
    assert (settings["enabled"], settings["jobNamespace"]) == (True, "kserve")


def test_what_removes_a_part_of_kserve_is_what_the_part_is_made_of() -> None:
    for part in model_serving()["__model_serving_parts"].values():
        kinds = [{"kind": "CustomResourceDefinition", "name": name} for name in part["kinds"]]
        removed = [*kinds, *part["webhooks"], *part["wait"]]
        for each in removed:
            rules = [rule["name"] for rule in part["documents"] if rule["kind"] == each["kind"]]
            assert any(re.fullmatch(rule, each["name"]) for rule in rules), each
        acting = {rule["kind"] for rule in part["documents"]}
        acting = {
            kind for kind in acting if kind in ("Deployment", "DaemonSet") or kind.endswith("WebhookConfiguration")
        }
        assert {each["kind"] for each in removed} == acting | {"CustomResourceDefinition"}


def test_the_inventory_has_the_last_word_on_kserve() -> None:
    (install,) = yaml.safe_load((ROLES / "model_serving" / "tasks" / "install.yml").read_text())
    mine = {"kind": "Deployment", "name": "kserve-controller-manager", "definition": {"spec": {"replicas": 3}}}
    data = model_serving(model_serving_operator_overrides=[mine])
    changes = data.templated(install["vars"]["operator_overrides"])
    assert changes == [*data["__model_serving_operator_changes"], mine]


# What is waited for


def running(pods: list[dict[str, Any]], conditions: list[dict[str, Any]], attempts: int) -> RoleData:
    deployment = {"kind": "Deployment", "status": {"conditions": conditions}}
    reads = [{"resources": pods}, {"resources": [deployment]}, {"resources": described("InferenceService", {})}]
    return model_serving({}, __model_serving_state={"reads": reads, "attempts": attempts})


REFUSED = {"type": "ReplicaFailure", "status": "True", "message": 'violates PodSecurity "restricted:latest"'}


def test_pods_that_cannot_be_made_are_waited_for_a_minute() -> None:
    for attempts, hopeless in ((2, False), (31, True)):
        data = running([], [REFUSED], attempts)
        assert data["__model_serving_pending"] == ["tiny"]
        assert data["__model_serving_hopeless"] == hopeless
    assert data["__model_serving_complaints"] == ['violates PodSecurity "restricted:latest"']
    assert not running([], [{"type": "Progressing", "status": "True", "message": "is progressing"}], 31)[
        "__model_serving_hopeless"
    ]


def test_models_that_do_not_run_in_time_are_a_failure() -> None:
    """A task with its own failed_when does not fail by itself when its retries are used up."""
    (wait,) = yaml.safe_load((ROLES / "model_serving" / "tasks" / "wait.yml").read_text())
    task = wait["block"][0]
    data = running([], [], 1000)
    assert not data["__model_serving_hopeless"]
    assert data.templated("{{ " + task["failed_when"] + " }}") is True


def test_a_pod_whose_image_cannot_be_pulled_is_not_waited_for() -> None:
    annotations = predictor()["annotations"]
    waiting = {"reason": "ImagePullBackOff", "message": "not found"}
    pod = {
        "kind": "Pod",
        "metadata": {"labels": {"serving.kserve.io/inferenceservice": "tiny"}, "annotations": annotations},
        "status": {"phase": "Pending", "containerStatuses": [{"state": {"waiting": waiting}, "restartCount": 0}]},
    }
    assert running([pod], [], 1)["__model_serving_hopeless"]


# What is refused


def refused(*models: dict[str, Any], **variables: Any) -> list[str]:
    return model_serving(*models, **variables).problems("__model_serving_checks")


def test_a_part_of_kserve_that_is_left_out_and_runs() -> None:
    def workload(name: str, manager: str) -> dict[str, Any]:
        return {"metadata": {"name": name, "managedFields": [{"manager": manager}]}}

    def told(manager: str, **variables: Any) -> list[str]:
        there = read(
            Deployment=[workload("kserve-localmodel-controller-manager", manager)],
            DaemonSet=[workload("kserve-localmodelnode-agent", manager)],
        )
        return refused(__model_serving_read=there, **variables)

    assert told("helm") == []
    assert told("inference.gateway") == [
        "model_serving_components does not name localmodel, but the namespace kserve runs "
        "kserve-localmodel-controller-manager and kserve-localmodelnode-agent: add it to the list, or remove it "
        "first, with all that is made with it: kubectl delete --ignore-not-found crd "
        "localmodelcaches.serving.kserve.io localmodelnamespacecaches.serving.kserve.io "
        "localmodelnodegroups.serving.kserve.io localmodelnodes.serving.kserve.io && "
        "kubectl delete --ignore-not-found --namespace kserve "
        "validatingwebhookconfiguration/localmodelcache.serving.kserve.io "
        "deployment/kserve-localmodel-controller-manager daemonset/kserve-localmodelnode-agent"
    ]


@pytest.mark.parametrize(
    ("variables", "names"),
    [
        (
            {},
            ["llmisvc-controller-manager", "kserve-localmodel-controller-manager", "kserve-localmodelnode-agent"],
        ),
        ({"model_serving_components": ["localmodel"]}, ["llmisvc-controller-manager"]),
        ({"model_serving_components": ["llmisvc", "localmodel"]}, []),
        ({"model_serving_operator": False}, []),
    ],
)
def test_parts_of_kserve_are_looked_for_with_all_else(variables: dict[str, Any], names: list[str]) -> None:
    kinds = model_serving(**variables)["__model_serving_kinds"]
    found = [each for each in kinds if each["kind"] in ("Deployment", "DaemonSet")]
    assert [each["name"] for each in found] == names
    # With who has made them.
    assert all(each["hidden_fields"] == [] and each["namespace"] == "kserve" for each in found)


def nodes(gpus: int) -> dict[str, Any]:
    conditions = [{"type": "Ready", "status": "True"}]
    return {
        "__model_serving_nodes": {
            "resources": [{"spec": {}, "status": {"conditions": conditions, "allocatable": {GPU: str(gpus)}}}]
        }
    }


def test_gpus_that_the_nodes_do_not_have() -> None:
    model = {"runtime": "vllm", "storage_uri": "pvc://models/tiny", "gpus": 2}
    told = "the pods ask for 2 nvidia.com/gpu (model tiny 1 x 2 nvidia.com/gpu), but the nodes that take pods have 0"
    assert [sentence.startswith(told) for sentence in refused(model)] == [True]
    assert len(refused(model, **nodes(1))) == 1
    assert refused(model, **nodes(2)) == []
    assert len(refused(model, {"runtime": "vllm", "storage_uri": "pvc://models/more", "name": "more"}, **nodes(2))) == 1
    assert refused(model, model_serving_gpu_autoscaling=True) == []


def test_a_grace_period_without_time_for_answers() -> None:
    assert refused(model_serving_termination_grace_period=16) == []
    assert refused(model_serving_termination_grace_period=15) == [
        "model_serving_termination_grace_period (15) leaves a model's pod no time for its answers after "
        "model_serving_drain_seconds (10) and the 5 seconds that vLLM takes to end: set it to the sum of these and the "
        "longest answer."
    ]


def test_secrets_that_are_not_there() -> None:
    model = {"storage_uri": "s3://models/tiny", "storage_secret": "s3"}
    assert refused(model) == [
        "There is no Secret s3 in namespace models, which storage_secret in model_serving_models names; make it first."
    ]
    assert refused(model, __model_serving_secrets={"resources": [{"metadata": {"name": "s3"}}]}) == []


def test_a_token_that_would_be_shown() -> None:
    secrets = {"resources": [{"metadata": {"name": "hf"}}]}
    model = {"storage_uri": "hf://org/tiny", "storage_secret": "hf"}
    assert refused(model, __model_serving_secrets=secrets) == [
        "tiny: with a storage_secret for hf:// KServe would write the token into the pod for all to read; leave out "
        "storage_uri, and give --model=<organisation>/<name> in the args and HF_TOKEN in env."
    ]


def test_secrets_in_clear() -> None:
    clear, reference = {"name": "HF_TOKEN", "value": "s3cret"}, {"secretKeyRef": {"name": "hf", "key": "token"}}
    models = (
        {"env": [clear], "args": ["--api-key=s3cret"]},
        {"name": "large", "predictor": {"initContainers": [{"name": "fetch", "image": "x", "env": [clear]}]}},
    )
    assert refused(*models) == [
        "A secret is in clear text in model_serving_models[tiny].env[HF_TOKEN], "
        "model_serving_models[tiny].args[--api-key], "
        "model_serving_models[large].predictor.initContainers[fetch].env[HF_TOKEN], and would be so in the "
        "InferenceService and in its pods: keep it in a Secret, from which env takes it (valueFrom.secretKeyRef) as "
        "NAME, and write $(NAME) in args."
    ]
    named = {
        "env": [{"name": "HF_TOKEN", "valueFrom": reference}],
        "args": ["--api-key=$(HF_TOKEN)"],
        "service_account_annotations": {"eks.amazonaws.com/role-arn": "a"},
        "litellm_params": {"input_cost_per_token": "0.1", "api_key": "the proxy tells of it"},
        "predictor": {
            "affinity": {
                "podAntiAffinity": {"requiredDuringSchedulingIgnoredDuringExecution": [{"topologyKey": "zone"}]}
            },
            "imagePullSecrets": [{"name": "registry"}],
            "volumes": [{"name": "ca", "secret": {"secretName": "ca"}}],
        },
    }
    assert refused(named) == []
