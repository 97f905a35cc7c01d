# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""Find the container images that Kubernetes objects name, wherever operators look for them."""

from __future__ import annotations

DOCUMENTATION = r"""
name: manifest_images
short_description: List the container images that Kubernetes objects name
version_added: 0.3.0
author: inference.gateway contributors
description:
  - Returns the images of containers, and those that operators are told of for the containers that they make
    themselves, by an argument C(--...image=), or by an environment variable, a setting, or an entry of a ConfigMap or
    Secret whose name holds C(IMAGE) or ends in C(image), also inside of texts that are JSON or YAML.
  - Each image is returned once, with the registry that its name stands for when it has none, in alphabetical order.
  - Custom resource definitions name no image.
options:
  _input:
    description: The objects.
    type: list
    elements: dict
    required: true
"""

EXAMPLES = r"""
- name: List what an operator needs
  ansible.builtin.debug:
    msg: "{{ manifest | inference.gateway.amend_manifest | inference.gateway.manifest_images }}"
  vars:
    manifest: "{{ lookup('ansible.builtin.file', 'kserve-v0.20.0.yaml') }}"
"""

RETURN = r"""
_value:
  description: Names of images.
  type: list
  elements: str
"""

import re
from base64 import b64decode
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

import yaml

ARGUMENT = re.compile(r"--\S*image=(\S+)")
# What ends in "image" may also hold something else.
IMAGE = re.compile(r"[a-z0-9.-]+(:\d+)?(/[a-z0-9._-]+)*(:[\w.-]+)?(@sha256:[0-9a-f]{64})?")


def named(key: str, value: Any) -> Iterator[str]:
    """The images in a value that stands under a name."""
    if isinstance(value, Mapping):
        if "value" in value:
            yield from named(str(value.get("name")), value["value"])  # of an environment variable
        for name, inner in value.items():
            # A ConfigMap shows by this what could stand in it, which nobody reads.
            if name != "_example":
                yield from named(str(name), inner)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for inner in value:
            yield from named(key, inner)
    elif isinstance(value, str):
        if "IMAGE" in key or key.lower().endswith("image"):
            yield value
        yield from ARGUMENT.findall(value)
        if "image" in value.lower() and "\n" in value:
            yield from named(key, settings(value))


def settings(text: str) -> Any:
    """A value that is a document itself; None if it is not."""
    try:
        found = yaml.safe_load(text)
    # A date that no calendar has is no error of YAML's.
    except (yaml.YAMLError, ValueError):
        return None
    return found if isinstance(found, Mapping | list) else None


def readable(document: Mapping[str, Any]) -> Mapping[str, Any]:
    """The document; of a Secret with what its data are encoded of."""
    if document.get("kind") != "Secret":
        return document
    data = {key: b64decode(value).decode(errors="replace") for key, value in (document.get("data") or {}).items()}
    return {**document, "data": data}


def complete(image: str) -> bool:
    """Whether it is a name with a tag or a digest. To one without, an operator adds something."""
    return bool(IMAGE.fullmatch(image)) and ":" in image.rsplit("/", 1)[-1]


def with_registry(image: str) -> str:
    """The name as it is asked for: without a host it is one of Docker Hub's."""
    first, slash, _rest = image.partition("/")
    if slash and (set(first) & {".", ":"} or first == "localhost"):
        return image
    return f"docker.io/{image}" if slash else f"docker.io/library/{image}"


def manifest_images(documents: Sequence[Mapping[str, Any]]) -> list[str]:
    found = {
        with_registry(image)
        for document in documents
        if document.get("kind") != "CustomResourceDefinition"
        for image in named("", readable(document))
        if complete(image)
    }
    return sorted(found)


class FilterModule:
    def filters(self) -> dict[str, Any]:
        return {"manifest_images": manifest_images}
