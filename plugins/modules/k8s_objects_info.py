#!/usr/bin/python
# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: k8s_objects_info
short_description: Read Kubernetes objects of many kinds at once
version_added: 0.3.0
description:
  - Does for a list of kinds what C(kubernetes.core.k8s_info) does for one, in one run and with one connection, which
    saves most of the time where many kinds are read.
  - A kind that cannot be read does not fail the task, unless O(fail_unreadable) is set. The result says why.
author:
  - inference.gateway contributors (@inference-gateway)
options:
  kinds:
    description:
      - What to read.
    type: list
    elements: dict
    required: true
    suboptions:
      kind:
        description: Kind of the objects.
        type: str
        required: true
      api_version:
        description: API that the kind is of.
        type: str
        default: v1
      namespace:
        description: Namespace to look in. All namespaces, or none for a kind of the cluster, when it is not given.
        type: str
      name:
        description: Name of a single object.
        type: str
      label_selectors:
        description: Labels that the objects must have.
        type: list
        elements: str
        default: []
      field_selectors:
        description: Fields that the objects must have.
        type: list
        elements: str
        default: []
      hidden_fields:
        description:
          - Fields to leave out of the result, such as C(status.images).
          - When it is not given, C(metadata.managedFields) is left out, which is half of an object and seldom of use.
            With an empty list nothing is left out.
        type: list
        elements: str
        version_added: 0.4.0
      metadata_only:
        description:
          - Whether the cluster is to send the metadata of the objects and nothing else, which is much less where they
            are large, as definitions of custom resources. The C(kind) of each is C(PartialObjectMetadata) then.
        type: bool
        default: false
        version_added: 0.5.0
  fail_unreadable:
    description:
      - Whether the task fails when something cannot be read, with the reasons as its message.
      - A kind that the cluster does not know has no objects, and is no failure.
    type: bool
    default: false
    version_added: 0.4.0
  kubeconfig:
    description:
      - Path to the kubeconfig, or the dictionary that is in it, of the cluster.
      - When it is not given, the environment variable E(K8S_AUTH_KUBECONFIG) is used, then the cluster that this runs
        in, then E(KUBECONFIG), then C(~/.kube/config). The other C(K8S_AUTH_) variables of C(kubernetes.core) work too.
    type: raw
  context:
    description:
      - Context in the kubeconfig.
      - When it is not given, the environment variable E(K8S_AUTH_CONTEXT) is used.
    type: str
requirements:
  - kubernetes
attributes:
  check_mode:
    support: full
    description: Can run in check mode.
    details: This module only reads.
  diff_mode:
    support: N/A
    description: Returns what has changed when in diff mode.
    details: This module only reads.
  action_group:
    support: full
    description: Use C(group/inference.gateway.k8s) in C(module_defaults) to set the connection options once.
    details: The modules of C(kubernetes.core) that reach a cluster are in this group, too.
    membership:
      - inference.gateway.k8s
seealso:
  - module: kubernetes.core.k8s_info
"""

EXAMPLES = r"""
- name: Read what a namespace has
  inference.gateway.k8s_objects_info:
    kinds:
      - kind: Pod
        namespace: inference-gateway
      - kind: Deployment
        api_version: apps/v1
        namespace: inference-gateway
  register: objects

- name: Show what could not be read
  ansible.builtin.debug:
    msg: "{{ objects.reads | selectattr('msg') }}"
"""

RETURN = r"""
reads:
  description: One entry for each of O(kinds), in their order.
  returned: success
  type: list
  elements: dict
  contains:
    item:
      description: What was asked for.
      type: dict
      returned: always
      sample: {kind: Pod, api_version: v1, namespace: inference-gateway}
    api_found:
      description: Whether the cluster knows the kind.
      type: bool
      returned: always
      sample: true
    resources:
      description: The objects. V(null) when they could not be read.
      type: list
      elements: dict
      returned: always
      sample: [{kind: Pod, metadata: {name: litellm-proxy-6d5db49f69-5g4rc}}]
    msg:
      description: Why they could not be read. Empty when they could.
      type: str
      returned: always
      sample: 'pods is forbidden: User "viewer" cannot list resource "pods" in API group ""'
"""

import json
import typing as t

from ansible.module_utils.basic import AnsibleModule

from ansible_collections.inference.gateway.plugins.module_utils import _kubeconfig
from ansible_collections.inference.gateway.plugins.module_utils._hiding import HidingModule

try:
    from ansible_collections.kubernetes.core.plugins.module_utils.k8s.client import get_api_client
    from ansible_collections.kubernetes.core.plugins.module_utils.k8s.core import AnsibleK8SModule
    from ansible_collections.kubernetes.core.plugins.module_utils.k8s.exceptions import CoreException
    from ansible_collections.kubernetes.core.plugins.module_utils.k8s.service import K8sService, hide_fields
except ImportError:
    # main says so in a sentence.
    AnsibleK8SModule = None
try:
    from kubernetes.dynamic.exceptions import DynamicApiError, NotFoundError
    from urllib3.exceptions import HTTPError
except ImportError:
    # AnsibleK8SModule says so.
    DynamicApiError = NotFoundError = HTTPError = None

KIND = {
    "kind": {"type": "str", "required": True},
    "api_version": {"type": "str", "default": "v1"},
    "namespace": {"type": "str"},
    "name": {"type": "str"},
    "label_selectors": {"type": "list", "elements": "str", "default": []},
    "field_selectors": {"type": "list", "elements": "str", "default": []},
    "hidden_fields": {"type": "list", "elements": "str"},
    "metadata_only": {"type": "bool", "default": False},
}
# Who set which field: half of an object.
UNSEEN = ["metadata.managedFields"]
METADATA = "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1"
ARGUMENT_SPEC = {
    "kinds": {"type": "list", "elements": "dict", "required": True, "options": KIND},
    "fail_unreadable": {"type": "bool", "default": False},
} | _kubeconfig.ARGUMENT_SPEC


def read(service: t.Any, wanted: t.Mapping[str, t.Any]) -> dict[str, t.Any]:
    asked = {name: value for name, value in wanted.items() if value}
    resource = service.find_resource(wanted["kind"], wanted["api_version"])
    if not resource:
        return {"item": asked, "api_found": False, "resources": [], "msg": ""}
    hidden = UNSEEN if wanted["hidden_fields"] is None else wanted["hidden_fields"]
    try:
        objects = [hide_fields(each, hidden) for each in objects_of(service, resource, wanted)]
    except CoreException as error:
        return {"item": asked, "api_found": True, "resources": None, "msg": reason(error)}
    return {"item": asked, "api_found": True, "resources": objects, "msg": ""}


def objects_of(service: t.Any, resource: t.Any, wanted: t.Mapping[str, t.Any]) -> list[dict[str, t.Any]]:
    """What the API server answers. `find` of the service would take a refused question for one that finds nothing."""
    name, fields = wanted["name"], wanted["field_selectors"]
    options: dict[str, t.Any] = {"name": name}
    if wanted["metadata_only"]:
        # The API server sends objects without what they say and are. Of a single one a list as well.
        options = {"header_params": {"Accept": METADATA}}
        fields = [*fields, *([f"metadata.name={name}"] if name else [])]
    try:
        answer = service.client.get(
            resource,
            namespace=wanted["namespace"],
            label_selector=",".join(wanted["label_selectors"]) or None,
            field_selector=",".join(fields) or None,
            serialize=False,
            **options,
        )
    except NotFoundError:
        return []
    except (DynamicApiError, HTTPError) as error:
        raise CoreException(str(error)) from error
    found = json.loads(answer.data)
    if options.get("name"):
        return [found]
    # Of nothing the API server says null, and what is in a list it does not call by its kind.
    named = {"apiVersion": found["apiVersion"], "kind": found["kind"].removesuffix("List")}
    return [named | each for each in found["items"] or []]


def reason(error: Exception) -> str:
    """What the API server says, where it is that which refuses; the client repeats all headers of its answer."""
    try:
        return json.loads(error.__context__.body)["message"]
    except (AttributeError, KeyError, TypeError, ValueError):
        return str(error)


def main() -> None:
    options = {"argument_spec": ARGUMENT_SPEC, "supports_check_mode": True}
    if AnsibleK8SModule is None:
        AnsibleModule(**options).fail_json(msg="The collection kubernetes.core is missing: install it.")
    module = AnsibleK8SModule(module_class=HidingModule, secrets=_kubeconfig.secret_texts, **options)
    wrong = _kubeconfig.no_kubeconfig(module.params["kubeconfig"])
    if wrong:
        module.fail_json(msg=wrong)
    try:
        service = K8sService(get_api_client(module), module)
    except CoreException as error:
        module.fail_from_exception(error)
    reads = [read(service, wanted) for wanted in module.params["kinds"]]
    unreadable = [each["msg"] for each in reads if each["msg"]]
    if unreadable and module.params["fail_unreadable"]:
        module.fail_json(msg="; ".join(dict.fromkeys(unreadable)))
    module.exit_json(changed=False, reads=reads)


if __name__ == "__main__":
    main()
