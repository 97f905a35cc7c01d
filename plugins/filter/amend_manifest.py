# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Make a published manifest one's own without keeping a copy of it."""

from __future__ import annotations

DOCUMENTATION = r"""
name: amend_manifest
short_description: Leave out and change documents of a Kubernetes manifest
version_added: 0.1.0
author: inference.gateway contributors
description:
  - Parses a manifest of many documents, leaves some out and merges changes into others.
  - The order of the documents is kept, and empty documents are dropped.
positional: exclude, overrides, unread
options:
  _input:
    description: The text of the manifest.
    type: str
    required: true
  exclude:
    description:
      - Documents to leave out.
      - One that matches nothing is no error, since what is not there needs no leaving out.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: Kind of the documents.
        type: str
        required: true
      name:
        description: A regular expression that the whole name must match.
        type: str
        default: .*
  overrides:
    description:
      - Changes, applied in this order.
      - One that matches nothing is an error, so that a renamed object never loses its change unnoticed.
    type: list
    elements: dict
    default: []
    suboptions:
      kind:
        description: Kind of the documents.
        type: str
        required: true
      name:
        description: A regular expression that the whole name must match.
        type: str
        default: .*
      definition:
        description:
          - Merged into each matching document.
          - Mappings are merged key by key, V(null) deletes a key, all else, lists included, replaces what is there.
          - A mapping for a list, such as C(containers) or C(env), is merged into the elements of these names; V(null)
            deletes the element of that name.
          - In such a mapping the name V(-), which is the end of a list in a JSON patch as well, has a list of elements
            that come after those that are there. A list that is not there begins with them.
        type: dict
        required: true
  unread:
    description:
      - Kinds of documents that are left out without being parsed, which saves the time that large ones take.
      - An override for such a kind matches nothing, and is no error.
    type: list
    elements: str
    default: []
    version_added: 0.3.0
"""

EXAMPLES = r"""
- name: Install cert-manager without ACME and with two replicas
  kubernetes.core.k8s:
    definition: "{{ manifest | inference.gateway.amend_manifest(exclude, overrides) }}"
  vars:
    manifest: "{{ lookup('ansible.builtin.file', 'cert-manager.yaml') }}"
    exclude:
      - {kind: CustomResourceDefinition, name: '.*\.acme\.cert-manager\.io'}
    overrides:
      - kind: Deployment
        name: cert-manager
        definition:
          spec:
            replicas: 2
            template:
              spec:
                containers:
                  cert-manager-controller:
                    resources: {requests: {cpu: 10m, memory: 64Mi}}
                    # After the arguments of the manifest.
                    args: {"-": [--dns01-recursive-nameservers-only]}
"""

RETURN = r"""
_value:
  description: The documents, amended.
  type: list
  elements: dict
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml
from ansible.errors import AnsibleFilterError


# The C parser reads the largest manifest in three seconds, the one in Python in half a minute.
class Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):
    """As Kubernetes reads YAML, to which `=` (in definitions of the Prometheus operator) and dates are texts."""


for tag in ("value", "timestamp"):
    Loader.add_constructor(f"tag:yaml.org,2002:{tag}", lambda loader, node: loader.construct_scalar(node))

# The name under which elements are added to a list.
END = "-"

# A line that begins a document, and the line that says its kind.
BEGINNING = re.compile(r"^---(?=\s|$)", re.MULTILINE)
KIND = re.compile(r"""^kind:\s*["']?(\w+)["']?\s*(?:#.*)?$""", re.MULTILINE)


def without(text: str, kinds: Sequence[str]) -> str:
    """The manifest without the documents of these kinds, told by the line with their kind."""
    if not kinds:
        return text
    parts = BEGINNING.split(text)
    return "---".join(part for part in parts if not (kind := KIND.search(part)) or kind[1] not in kinds)


def parse(text: str) -> Iterator[dict[str, Any]]:
    try:
        # A variable of Ansible is a string of a class of its own, which the C parser does not take.
        for number, document in enumerate(yaml.load_all(str(text), Loader=Loader), start=1):
            if document is None:
                continue
            metadata = document.get("metadata") if isinstance(document, dict) else None
            if not (isinstance(metadata, dict) and metadata.get("name") and document.get("kind")):
                raise AnsibleFilterError(
                    f"Document {number} of the manifest is no Kubernetes object: it needs kind and metadata.name."
                )
            yield document
    except yaml.YAMLError as error:
        raise AnsibleFilterError(f"The manifest is not valid YAML: {' '.join(str(error).split())}.") from None


def matches(rule: Mapping[str, Any], document: dict[str, Any]) -> bool:
    try:
        return rule["kind"] == document["kind"] and bool(
            re.fullmatch(rule.get("name", ".*"), document["metadata"]["name"])
        )
    except KeyError as error:
        raise AnsibleFilterError(f"The rule {dict(rule)} needs {error}.") from None
    except re.error as error:
        raise AnsibleFilterError(f"The name {rule['name']!r} is no regular expression: {error}.") from None


def merged(there: Any, change: Any) -> Any:
    if not isinstance(change, Mapping):
        return change
    if isinstance(there, list) or (there is None and END in change):
        return merged_by_name(there or [], change)
    result = dict(there) if isinstance(there, Mapping) else {}
    for key, value in change.items():
        if value is None:
            result.pop(key, None)
        else:
            result[key] = merged(result.get(key), value)
    return result


def merged_by_name(there: list[Any], change: Mapping[str, Any]) -> list[Any]:
    names = [element.get("name") if isinstance(element, Mapping) else None for element in there]
    added = change.get(END, [])
    if not isinstance(added, list):
        raise AnsibleFilterError(f"An override has {added!r} at the end of a list ({END!r}), which has to be a list.")
    for name in change:
        if name not in [*names, END]:
            raise AnsibleFilterError(f"An override names {name!r}, which is not among {names} in the manifest.")
    kept = [
        merged(element, change[name]) if name in change else element
        for name, element in zip(names, there, strict=True)
        if not (name in change and change[name] is None)
    ]
    return [*kept, *added]


def amend_manifest(
    text: str,
    exclude: Sequence[Mapping[str, Any]] = (),
    overrides: Sequence[Mapping[str, Any]] = (),
    unread: Sequence[str] = (),
) -> list[dict[str, Any]]:
    documents = [
        document for document in parse(without(text, unread)) if not any(matches(rule, document) for rule in exclude)
    ]
    for rule in overrides:
        if not isinstance(rule.get("definition"), Mapping):
            raise AnsibleFilterError(f"The override {dict(rule)} needs a definition, which is a mapping.")
        hits = [position for position, document in enumerate(documents) if matches(rule, document)]
        if not hits and rule.get("kind") not in unread:
            raise AnsibleFilterError(
                f"An override is for {rule['kind']} {rule.get('name', '.*')!r}, which the manifest does not hold."
            )
        for position in hits:
            documents[position] = merged(documents[position], rule["definition"])
    return documents


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"amend_manifest": amend_manifest}
