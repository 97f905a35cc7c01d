# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

# This module_util is private to the inference.gateway collection. It may change at any time.

"""Options of which only a part is secret."""

from __future__ import annotations

import typing as t

from ansible.module_utils.basic import AnsibleModule
from ansible.module_utils.common.parameters import remove_values

from ansible_collections.inference.gateway.plugins.module_utils._kinds._secrets import is_long_enough


class HidingModule(AnsibleModule):
    """An AnsibleModule that is told which texts in its options must not be shown.

    With `no_log`, every text and number in a dictionary would be hidden wherever it occurs: also `v1` and `default`.
    What is as short is hidden among the options alone: an `api_key` that is `x` would take every x out of the result.
    """

    def __init__(
        self,
        argument_spec: dict[str, dict[str, t.Any]],
        *,
        secrets: t.Callable[[dict[str, t.Any]], set[str]] = lambda params: set(),
        **more: t.Any,
    ) -> None:
        self._secrets = secrets
        self._short: set[str] = set()
        super().__init__(argument_spec, **more)
        # What is blank tells nothing, and would be hidden between any two words.
        filled = {secret for secret in self.no_log_values if secret.strip()}
        self.no_log_values = {*filter(is_long_enough, filled)}
        self._short = filled - self.no_log_values

    def _load_params(self) -> None:
        super()._load_params()
        # Before AnsibleModule writes the options into the system's log, where it quotes what is in a dictionary.
        for secret in self._secrets(self.params):
            self.no_log_values.update((secret, repr(secret)[1:-1]))

    def exit_json(self, **result: t.Any) -> t.NoReturn:
        super().exit_json(**self._invocation | result)

    def fail_json(self, msg: str, **result: t.Any) -> t.NoReturn:
        super().fail_json(msg, **self._invocation | result)

    @property
    def _invocation(self) -> dict[str, t.Any]:
        return {"invocation": {"module_args": remove_values(self.params, self._short)}}
