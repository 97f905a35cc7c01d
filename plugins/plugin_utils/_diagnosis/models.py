# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This plugin_util is private to the inference.gateway collection. It may change at any time.
"""The models, and the way of the proxy to each."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from urllib.parse import urlsplit

from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis._seen import (
    Check,
    Finding,
    Seen,
    Thing,
    condition,
    get,
    name_of,
    said,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.cluster import (
    SITE,
    described,
    images_of,
    of_each_workload,
)
from ansible_collections.inference.gateway.plugins.plugin_utils._diagnosis.database import ADVICE

# LiteLLM's names for servers with the interface of OpenAI, whose paths begin where api_base ends.
VLLM = "hosted_vllm/"
OPENAI_LIKE = (VLLM, "openai/", "litellm_proxy/")
# Where a model says itself how KServe makes it, and what means plain Deployments and Services.
MODE, PLAIN = "serving.kserve.io/deploymentMode", ("Standard", "RawDeployment")
# What KServe says of a model's runtime, and what it means.
RUNTIMES = {
    "RuntimeNotRecognized": "there is no runtime {runtime}",
    "RuntimeDisabled": "the runtime {runtime} is disabled",
    "NoSupportingRuntime": "no runtime is for a model of its kind",
}
# Tags that are moved from one version to the next.
MOVING = re.compile(r"(.*-)?(latest|nightly|main)(-.*)?")


def deployment_mode(seen: Seen) -> Iterator[Finding]:
    settings = seen.one("ConfigMap", "inferenceservice-config", "kserve")
    ours = seen.all("InferenceService", seen.names.models_namespace)
    if settings is None or not ours:
        return
    told = _json(get(settings, "data", "deploy", default=""))
    mode = told.get("defaultDeploymentMode")
    if mode not in PLAIN and any(get(each, "metadata", "annotations", MODE) not in PLAIN for each in ours):
        yield Finding(
            "KServe makes Knative services of models, for which nothing is here.",
            f"deploy.defaultDeploymentMode in ConfigMap inferenceservice-config is {mode or 'not set'}",
            f"{SITE} --tags model_serving",
        )
    if _json(get(settings, "data", "service", default="")).get("serviceClusterIPNone"):
        yield Finding(
            "KServe makes headless Services of models, which do not lead port 80 to the model's port.",
            "service.serviceClusterIPNone in ConfigMap inferenceservice-config is true",
            f"{SITE} --tags model_serving, then delete the predictors' Services to have them made anew",
        )


def _json(text: str) -> Thing:
    try:
        return json.loads(text)
    except ValueError:
        return {}


def making(seen: Seen) -> Iterator[Finding]:
    """What KServe cannot make it leaves as it was, so that the model may be ready, and an older one."""
    for service in seen.all("InferenceService"):
        if get(service, "status", "modelStatus", "transitionStatus") != "InvalidSpec":
            continue
        name = name_of(service)
        failure = get(service, "status", "modelStatus", "lastFailureInfo", default={})
        runtime = get(service, "spec", "predictor", "model", "runtime", default="of that name")
        why = RUNTIMES.get(failure.get("reason"), "its description is not valid").format(runtime=runtime)
        yield Finding(
            f"KServe cannot make the model {name} as it is described: {why}.",
            f"status.modelStatus of InferenceService {name}: {said(failure) or 'InvalidSpec'}",
            "correct it in model_serving_models, or add its runtime to model_serving_runtimes, then "
            f"{SITE} --tags model_serving",
        )


def readiness(seen: Seen) -> Iterator[Finding]:
    for service in seen.all("InferenceService"):
        ready = condition(service, "Ready")
        if ready.get("status") != "True":
            name, home = name_of(service), service["metadata"]["namespace"]
            conditions = get(service, "status", "conditions", default=[])
            told = [said(each) for each in [ready, *conditions] if each.get("status") == "False" and said(each)]
            yield Finding(
                f"The model {name} is not ready.",
                "; ".join(dict.fromkeys(told)) or "KServe says nothing of it yet",
                f"{seen.kubectl(f'describe inferenceservice {name}', home)}; "
                + seen.kubectl(f"logs -l serving.kserve.io/inferenceservice={name}", home),
            )


def versions(seen: Seen) -> Iterator[Finding]:
    return of_each_workload(
        (
            (pod, ", ".join(found))
            for pod in seen.pods(seen.names.models_namespace, {"component": "predictor"})
            if (found := [image for image in images_of(pod) if moving(image)])
        ),
        "The image of {workload} has no version: its next pod may serve with another one than this.",
        lambda pod: (
            "set model_serving_vllm_image, or the image in the model's predictor, to a version or a digest, then "
            f"{SITE} --tags model_serving; {described(seen, pod)}"
        ),
    )


def moving(image: str) -> bool:
    """Whether what an image is may change. One without a tag is the latest."""
    tag = image.rpartition("/")[2].partition(":")[2] or "latest"
    return "@" not in image and bool(MOVING.fullmatch(tag))


def flaw(api_base: str) -> str:
    """What makes an address none. Empty if it is one."""
    try:
        urlsplit(api_base).port  # noqa: B018 (it is read when it is asked for)
    except ValueError as error:
        return str(error)
    return ""


def inside(seen: Seen, api_base: str) -> tuple[str, str, int] | None:
    """Service, namespace and port of an address inside the cluster; None for one outside of it."""
    if flaw(api_base):
        return None
    url = urlsplit(api_base)
    place = seen.place(url.hostname or "")
    return (*place, url.port or (443 if url.scheme == "https" else 80)) if place else None


def configured(seen: Seen) -> list[Thing]:
    return [
        {"name": each.get("model_name"), "model": str(get(each, "litellm_params", "model", default=""))}
        | {"api_base": str(get(each, "litellm_params", "api_base", default=""))}
        for each in get(seen.config, "model_list", default=[])
    ]


def urls(seen: Seen) -> Iterator[Finding]:
    for model in configured(seen):
        if flaw(model["api_base"]):
            yield Finding(
                f"The address of the model {model['name']} is no URL, so LiteLLM cannot ask there.",
                f"api_base is {model['api_base']}: {flaw(model['api_base'])}",
                f"correct api_base of {model['name']} in proxy_models",
            )


def addresses(seen: Seen) -> Iterator[Finding]:
    """What can be said of an address by looking at it, and at the Service that it names."""
    for model in configured(seen):
        base, name = model["api_base"], model["name"]
        place = inside(seen, base)
        # Where a provider's interface begins is the provider's own affair.
        if place is None:
            continue
        path = urlsplit(base).path.rstrip("/")
        if model["model"].startswith(OPENAI_LIKE) and not path.endswith("/v1"):
            yield Finding(
                f"The address of the model {name} does not end in /v1, where its interface begins.",
                f"api_base is {base}",
                f"set api_base of {name} to {base.rstrip('/')}/v1, or /openai/v1 for KServe's own Hugging Face server",
            )
        if place[1] not in (seen.names.namespace, seen.names.models_namespace):
            continue
        service = seen.one("Service", place[0], place[1])
        if service is None:
            yield Finding(
                f"The model {name} is at a Service that is not there.",
                f"api_base is {base}; kubectl -n {place[1]} get service {place[0]}: not found",
                f"deploy the model ({SITE} --tags model_serving), or correct its api_base in proxy_models",
            )
        elif get(service, "spec", "clusterIP") == "None" and place[2] == 80:
            yield Finding(
                f"The Service of the model {name} is headless: port 80 does not lead to the model's port.",
                f"clusterIP of Service {place[0]} in namespace {place[1]} is None",
                f"{SITE} --tags model_serving, then {seen.kubectl(f'delete service {place[0]}', place[1])}",
            )
        elif get(service, "spec", "type") != "ExternalName" and seen.endpoints(place[0], place[1]) == 0:
            yield Finding(
                f"The model {name} is down: no pod of it is ready.",
                f"Service {place[0]} in namespace {place[1]} has no endpoint",
                f"{seen.kubectl('get inferenceservice,pods', place[1])}",
            )


def answers(seen: Seen) -> Iterator[Finding]:
    """What a replica of the proxy gets where it asks the models' addresses what they serve."""
    known = {finding.cause for finding in (*urls(seen), *addresses(seen))}
    for model in seen.answer().get("models") or []:
        name, base, better = model["name"], model["api_base"], model.get("better")
        if any(f"model {name} " in cause for cause in known):
            continue
        if model.get("error"):
            yield Finding(
                f"The proxy cannot connect to the model {name}: {model['error']}.",
                f"api_base is {base}",
                ADVICE.get(model["kind"], ADVICE["other"]),
            )
        elif not model["model"].startswith(OPENAI_LIKE):
            continue  # its interface has no /models
        elif model["status"] == 404 and (better or model["model"].startswith(VLLM)):
            # Without a better address it may be one of the providers that have no list of models.
            yield Finding(
                f"The address of the model {name} has a wrong path: nothing is served there.",
                f"{base}/models answers 404" + (f", {better}/models answers 200" if better else ""),
                f"set api_base of {name} to {better or 'the address whose /models lists it, which mostly ends in /v1'}",
            )
        elif model["status"] >= 500:
            yield Finding(
                f"The server of the model {name} fails.",
                f"{base}/models answers {model['status']}",
                "look into the log of the model's server",
            )
        elif model.get("ids") and model["model"].startswith(VLLM) and wanted(model) not in model["ids"]:
            yield Finding(
                f"The server of the model {name} knows it by another name.",
                f"LiteLLM asks for {wanted(model)}, {base}/models lists {', '.join(model['ids'][:5])}",
                f"set litellm_params.model of {name} to hosted_vllm/{model['ids'][0]}",
            )


def wanted(model: Thing) -> str:
    return model["model"].partition("/")[2]


CHECKS = (
    Check("KServe makes plain Services", deployment_mode),
    Check("KServe can make the models", making),
    Check("Models are ready", readiness),
    Check("Models' addresses are URLs", urls),
    Check("Models' addresses lead somewhere", addresses),
    Check("Models answer the proxy", answers),
    Check("Models' images have versions", versions, risk=True),
)
