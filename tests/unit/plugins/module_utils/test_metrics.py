# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
from __future__ import annotations

import math
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.inference.gateway.plugins.module_utils._metrics import Sample, parse

# The example of the format's own description, as far as Prometheus takes it.
TEXT = r"""
# HELP http_requests_total The total number of HTTP requests.
# TYPE http_requests_total counter
http_requests_total{method="post",code="200"} 1027 1395066363000
http_requests_total{method="post",code="400"}    3 1395066363000

# Escaping in label values:
msdos_file_access_time_seconds{path="C:\\DIR\\FILE.TXT",error="Cannot find file:\n\"FILE.TXT\""} 1.458255915e9

# Minimalistic line:
metric_without_timestamp_and_labels 12.47

something_weird{problem="division by zero"} +Inf -3982045

# TYPE http_request_duration_seconds histogram
http_request_duration_seconds_bucket{le="0.05"} 24054
http_request_duration_seconds_bucket{le="+Inf"} 144320
http_request_duration_seconds_sum 53423

# TYPE rpc_duration_seconds summary
rpc_duration_seconds{quantile="0.5",} 4773
empty{} NaN
"""


def test_the_example_of_the_format() -> None:
    metrics = parse(TEXT)
    assert metrics.families == {
        "http_requests_total": "counter",
        "http_request_duration_seconds": "histogram",
        "rpc_duration_seconds": "summary",
    }
    *samples, empty = metrics.samples
    assert samples == [
        ("http_requests_total", {"method": "post", "code": "200"}, 1027),
        ("http_requests_total", {"method": "post", "code": "400"}, 3),
        (
            "msdos_file_access_time_seconds",
            {"path": r"C:\DIR\FILE.TXT", "error": 'Cannot find file:\n"FILE.TXT"'},
            1.458255915e9,
        ),
        ("metric_without_timestamp_and_labels", {}, 12.47),
        ("something_weird", {"problem": "division by zero"}, math.inf),
        ("http_request_duration_seconds_bucket", {"le": "0.05"}, 24054),
        ("http_request_duration_seconds_bucket", {"le": "+Inf"}, 144320),
        ("http_request_duration_seconds_sum", {}, 53423),
        ("rpc_duration_seconds", {"quantile": "0.5"}, 4773),
    ]
    assert (empty.name, empty.labels, math.isnan(empty.value)) == ("empty", {}, True)


@pytest.mark.parametrize(
    "line",
    [
        "metric",
        "metric{a=1} 2",
        'metric{a="b" 2',
        'metric{a="b"} two',
        '{a="b"} 2',
        "<html>",
        'm{a="b"c="d"} 1',
        "m 1 x",
    ],
)
def test_a_line_that_says_nothing(line: str) -> None:
    with pytest.raises(ValueError, match="line 2 is no sample: "):
        parse(f"metric 1\n{line}\n")


NAMES = st.from_regex(r"[a-zA-Z_:][a-zA-Z0-9_:]{0,8}", fullmatch=True)
LABELS = st.dictionaries(NAMES.map(lambda name: name.replace(":", "_")), st.text(max_size=8), max_size=4)
SAMPLES = st.builds(Sample, NAMES, LABELS, st.floats(allow_nan=False))


def written(sample: Sample) -> str:
    """A sample as a client library writes it."""
    escaped = {
        name: value.replace("\\", r"\\").replace("\n", r"\n").replace('"', r"\"")
        for name, value in sample.labels.items()
    }
    labels = ",".join(f'{name}="{value}"' for name, value in escaped.items())
    return f"{sample.name}{{{labels}}} {sample.value}" if labels else f"{sample.name} {sample.value}"


@settings(deadline=None)
@given(st.lists(SAMPLES, max_size=5))
def test_what_is_written_is_read(samples: list[Sample]) -> None:
    assert parse("\n".join(map(written, samples)) + "\n").samples == samples


@settings(deadline=None)
@given(st.text())
def test_any_text_is_metrics_or_a_value_error(text: str) -> None:
    with suppress(ValueError):
        parse(text)
