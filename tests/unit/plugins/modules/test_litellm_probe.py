# Copyright (c) 2026 inference.gateway contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
"""The whole module over real HTTP against a server in this process."""

from __future__ import annotations

import json
import socket
import threading
import time
from collections import Counter
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any, ClassVar

import pytest
from ansible.module_utils.testing import patch_module_args
from servers import Authority, Server, over_tls

from ansible_collections.inference.gateway.plugins.modules import litellm_probe

MASTER = "sk-master-0123456789"
APP = "sk-app-0123456789"
OTHER = "sk-other-0123456789"
LIMIT = 10
CHAT = {"model": "tiny", "messages": [{"role": "user", "content": "Hi"}]}


class Gateway(BaseHTTPRequestHandler):
    """As much of a gateway as the probe can tell apart."""

    protocol_version = "HTTP/1.1"
    lock = threading.Lock()
    used: ClassVar[Counter[str]] = Counter()
    connections: ClassVar[set[tuple[str, int]]] = set()
    pause = 0.03

    def log_message(self, *unused: object) -> None:
        pass

    def do_GET(self) -> None:
        getattr(self, self.path.strip("/").replace("/", "_").replace("-", "_"))()

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self.do_GET()

    def answer(self, status: int, text: str, kind: str = "application/json", **headers: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(text.encode())))
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(text.encode())

    def events(self, number: int, end: bytes = b"data: [DONE]\n\n") -> Iterator[bytes]:
        for place in range(number):
            yield b'data: {"choices": [{"delta": {"content": "%d"}}]}\n\n' % place
        yield end

    def stream_events(self, events: Iterator[bytes], pause: float) -> None:
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream; charset=utf-8")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for event in events:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(event), event))
            self.wfile.flush()
            time.sleep(pause)

    def v1_models(self) -> None:
        key = self.headers.get("Authorization", "")
        if key not in (f"Bearer {MASTER}", f"Bearer {APP}"):
            self.answer(401, json.dumps({"error": {"message": f"Invalid key {'ab' * 32}", "code": "401"}}))
        else:
            self.answer(200, json.dumps({"data": [{"id": "tiny"}, {"id": "small"}]}))

    def v1_chat(self) -> None:
        self.answer(200, json.dumps({"choices": [{"message": {"content": "Hello"}}], "echo": self.headers["Host"]}))

    def readiness(self) -> None:
        self.answer(503, json.dumps({"status": "healthy", "db": "disconnected"}))

    def limited(self) -> None:
        with self.lock:
            self.used[self.headers["Authorization"]] += 1
            self.connections.add(self.client_address)
            over = sum(self.used.values()) > LIMIT
        if over:
            self.answer(429, json.dumps({"error": {"message": "Rate limit exceeded", "code": "429"}}))
        else:
            self.answer(200, "{}")

    def echo_key(self) -> None:
        self.answer(500, json.dumps({"error": {"message": f"no such key: {self.headers['Authorization']}"}}))

    def portal(self) -> None:
        self.answer(200, "<html><head><title>Sign in\n here</title></head></html>", "text/html; charset=utf-8")

    def plain(self) -> None:
        self.answer(200, "everything is fine", "text/plain")

    def cut(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"{")
        self.close_connection = True

    def moved(self) -> None:
        self.answer(307, "", "text/plain", Location="/v1/models")

    def stream(self) -> None:
        self.stream_events(self.events(8), self.pause)
        self.wfile.write(b"0\r\n\r\n")

    def stream_buffered(self) -> None:
        self.answer(200, b"".join(self.events(8)).decode(), "text/event-stream")

    def stream_without_end(self) -> None:
        self.stream_events(self.events(8, end=b""), self.pause)

    def stream_stalled(self) -> None:
        self.stream_events(self.events(3, end=b'data: {"choices": []}\n\n'), self.pause)
        time.sleep(2)

    def stream_cut(self) -> None:
        self.stream_events(self.events(3, end=b'data: {"choices": []}\n\n'), self.pause)
        self.connection.shutdown(socket.SHUT_RDWR)

    def silent(self) -> None:
        time.sleep(2)


@pytest.fixture
def gateway() -> Iterator[str]:
    Gateway.used, Gateway.connections = Counter(), set()
    with Server(("127.0.0.1", 0), Gateway) as server:
        threading.Thread(target=server.serve_forever, args=[0.01], daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture
def secure_gateway(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The same with a certificate that nobody trusts, and the file to trust it with."""
    authority = Authority(tmp_path)
    with over_tls(Gateway, authority.issue()) as address:
        yield address, authority.path


@pytest.fixture
def probe(capsys: pytest.CaptureFixture[str]):
    def run(api_base: str, *checks: dict[str, Any], **options: Any) -> dict[str, Any]:
        arguments = {
            "api_base": api_base,
            "api_key": MASTER,
            "keys": {"app": APP, "other": OTHER},
            "timeout": 1,
            "checks": [{"name": f"check {place}"} | check for place, check in enumerate(checks)],
        } | options
        with patch_module_args(arguments), pytest.raises(SystemExit):
            litellm_probe.main()
        output = capsys.readouterr().out
        assert MASTER not in output
        assert APP not in output
        return json.loads(output)

    return run


@pytest.fixture
def one(probe):
    def run(api_base: str, **check: Any) -> tuple[bool, str, str]:
        result = probe(api_base, check)["results"][0]
        return result["passed"], result["expected"], result["found"]

    return run


def test_results_come_in_order_with_name_and_seconds(probe, gateway: str) -> None:
    result = probe(
        gateway,
        {"name": "a", "path": "/v1/chat", "body": CHAT, "expect": {"status": [200]}},
        {"name": "b", "path": "/readiness", "expect": {"status": [200]}},
    )
    assert not result["changed"]
    assert [(entry["name"], entry["passed"]) for entry in result["results"]] == [("a", True), ("b", False)]
    assert all(0 < entry["seconds"] < 1 for entry in result["results"])


def test_fields_of_the_answer(one, gateway: str) -> None:
    assert one(
        gateway,
        path="/v1/models",
        key="app",
        expect={"status": [200], "json": {"data.1.id": "small"}, "includes": {"data.*.id": ["tiny", "small"]}},
    ) == (
        True,
        "200, data.1.id=small, data.*.id with tiny, small",
        "200, data.1.id=small, data.*.id with tiny, small",
    )


def test_a_missing_value_is_named(one, gateway: str) -> None:
    expect = {"status": [200], "includes": {"data.*.id": ["tiny", "large"]}, "filled": ["data.0.owner"]}
    assert one(gateway, path="/v1/models", key="master", expect=expect) == (
        False,
        "200, data.*.id with tiny, large, data.0.owner filled",
        "200, data.*.id without large, data.0.owner=nothing",
    )


def test_content_must_be_filled(one, gateway: str) -> None:
    expect = {"status": [200], "filled": ["choices.0.message.content"]}
    passed, _expected, found = one(gateway, path="/v1/chat", body=CHAT, expect=expect)
    assert (passed, found) == (True, "200, choices.0.message.content=Hello")


def test_another_status_brings_what_the_gateway_said_without_the_hash_of_the_key(one, gateway: str) -> None:
    expect = {"status": [200], "includes": {"data.*.id": ["tiny"]}}
    assert one(gateway, path="/v1/models", expect=expect) == (
        False,
        "200, data.*.id with tiny",
        "401 (Invalid key ***)",
    )


def test_the_status_decides_even_if_the_body_fits(one, gateway: str) -> None:
    expect = {"status": [200], "json": {"status": "healthy"}}
    assert one(gateway, path="/readiness", expect=expect)[0] is False


def test_one_of_several_statuses(one, gateway: str) -> None:
    expect = {"status": [403, 503], "json": {"db": "disconnected"}}
    assert one(gateway, path="/readiness", expect=expect) == (
        True,
        "403 or 503, db=disconnected",
        "503, db=disconnected",
    )


def test_a_key_that_the_gateway_repeats_is_hidden(one, gateway: str) -> None:
    _passed, _expected, found = one(gateway, path="/echo-key", key="app", expect={"status": [200]})
    assert found == "500 (no such key: Bearer sk-***)"


def test_no_key_is_sent_where_none_is_named(one, gateway: str, tmp_path: Path, monkeypatch) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password something\n")
    monkeypatch.setenv("NETRC", str(netrc))
    _passed, _expected, found = one(gateway, path="/echo-key", expect={"status": [200]})
    assert found == "500 (no such key: None)"


def test_exactly_the_limit_in_order(one, gateway: str) -> None:
    expect = {"statuses": {200: 10, 429: 5}}
    assert one(gateway, path="/limited", key="app", expect=expect) == (
        True,
        "10 x 200, then 5 x 429",
        "10 x 200, then 5 x 429",
    )
    assert len(Gateway.connections) == 15


@pytest.mark.parametrize(("first", "second"), [(9, 6), (11, 4)])
def test_one_too_many_or_too_few_is_not_the_limit(one, gateway: str, first: int, second: int) -> None:
    passed, _expected, found = one(gateway, path="/limited", key="app", expect={"statuses": {200: first, 429: second}})
    assert (passed, found) == (False, "10 x 200, then 5 x 429")


def test_the_right_counts_in_the_wrong_order_are_not_the_limit(one, gateway: str) -> None:
    passed, _expected, found = one(gateway, path="/limited", key="app", expect={"statuses": {429: 5, 200: 10}})
    assert (passed, found) == (False, "10 x 200, then 5 x 429")


def test_exactly_the_limit_at_once(one, gateway: str) -> None:
    expect = {"statuses": {200: 10, 429: 5}}
    assert one(gateway, path="/limited", key="app", parallel=True, expect=expect) == (
        True,
        "10 x 200 and 5 x 429, sent at once",
        "10 x 200 and 5 x 429",
    )


def test_several_keys_take_turns(one, gateway: str) -> None:
    assert one(gateway, path="/limited", key=["app", "other"], expect={"statuses": {200: 8}})[0]
    assert Gateway.used == {f"Bearer {APP}": 4, f"Bearer {OTHER}": 4}


def test_an_odd_answer_within_a_series_is_described(one, gateway: str) -> None:
    passed, _expected, found = one(gateway, path="/readiness", expect={"statuses": {200: 2}})
    assert not passed
    assert found == '2 x 503 (503 ({"status": "healthy", "db": "disconnected"}))'


def test_a_stream_comes_bit_by_bit(one, gateway: str) -> None:
    passed, expected, found = one(gateway, path="/stream", stream=True, expect={"status": [200], "spread": 0.2})
    assert passed, found
    assert expected == "200, a stream of events, the first at least 0.2 s before the last, [DONE] at the end"
    assert found.startswith("200, 9 events of text/event-stream, the first 0.2")
    assert found.endswith(" s before the last, [DONE] at the end")


@pytest.mark.parametrize(
    ("path", "spread", "found"),
    [
        ("/stream", 5, " s before the last, [DONE] at the end"),
        ("/stream-buffered", 0, "the first 0.000 s before the last, [DONE] at the end"),
        ("/stream-without-end", 0.1, " s before the last, no [DONE] at the end"),
        ("/stream-stalled", 0, "broken off: nothing came within 1 s"),
        ("/stream-cut", 0, "broken off: "),
        ("/v1/chat", 0, "0 events of application/json, the first 0.000 s before the last, no [DONE] at the end"),
        ("/readiness", 0, '503 ({"status": "healthy", "db": "disconnected"})'),
    ],
)
def test_a_stream_that_is_none(one, gateway: str, path: str, spread: float, found: str) -> None:
    passed, _expected, there = one(gateway, path=path, stream=True, expect={"status": [200], "spread": spread})
    assert not passed
    assert found in there


def test_html_in_front_of_the_gateway(one, gateway: str) -> None:
    passed, _expected, found = one(gateway, path="/portal", expect={"status": [200], "json": {"db": "connected"}})
    assert (passed, found) == (False, "200 with a page of HTML (Sign in here)")


def test_an_answer_that_is_not_json(one, gateway: str) -> None:
    passed, _expected, found = one(gateway, path="/plain", expect={"status": [200], "json": {"db": "connected"}})
    assert (passed, found) == (False, "200 (everything is fine)")


def test_half_an_answer_is_none(one, gateway: str) -> None:
    assert one(gateway, path="/cut", expect={"status": [200]}) == (
        False,
        "200",
        "no answer: the connection broke before the answer was complete",
    )


def test_a_redirect_is_not_followed(one, gateway: str) -> None:
    assert one(gateway, path="/moved", key="app", expect={"status": [200]})[2] == "307"


def test_nobody_listens(one) -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    passed, expected, found = one(f"http://127.0.0.1:{port}", path="/", expect={"status": [200]})
    assert (passed, expected, found) == (False, "200", "no answer: no connection (connection refused)")


def test_an_unknown_host(one) -> None:
    found = one("http://gateway.invalid", path="/", expect={"statuses": {200: 2}})[2]
    assert found == "2 x no answer (no answer: the name of the host is unknown)"


def test_no_answer_in_time(one, gateway: str) -> None:
    assert one(gateway, path="/silent", expect={"status": [200]})[2] == "no answer: nothing came within 1 s"


def test_a_certificate_that_is_not_trusted(one, secure_gateway: tuple[str, Path]) -> None:
    found = one(secure_gateway[0], path="/v1/chat", expect={"status": [200]})[2]
    assert found == "no answer: the server's certificate is not accepted (unable to get local issuer certificate)"


def test_tls_where_there_is_none(one, gateway: str) -> None:
    found = one(gateway.replace("http:", "https:"), path="/v1/chat", expect={"status": [200]})[2]
    assert found == "no answer: TLS is not spoken there"


@pytest.mark.filterwarnings("ignore:Unverified HTTPS request")
@pytest.mark.parametrize("bundle", [None, "/dev/null"])
def test_a_certificate_that_is_trusted(
    probe, secure_gateway: tuple[str, Path], monkeypatch, bundle: str | None
) -> None:
    """An environment variable that names other authorities must not win over the option."""
    if bundle:
        monkeypatch.setenv("REQUESTS_CA_BUNDLE", bundle)
    address, chain = secure_gateway
    check = {"path": "/v1/chat", "expect": {"status": [200]}}
    for options in ({"ca_path": str(chain)}, {"validate_certs": False}):
        assert probe(address, check, **options)["results"][0]["found"] == "200"


def test_check_mode_only_reads(probe, gateway: str) -> None:
    result = probe(
        gateway,
        {"name": "read", "path": "/limited", "key": "app", "expect": {"status": [200]}},
        {"name": "write", "path": "/limited", "key": "app", "body": CHAT, "expect": {"status": [200]}},
        _ansible_check_mode=True,
    )
    assert [entry["name"] for entry in result["results"]] == ["read"]
    assert sum(Gateway.used.values()) == 1


GOOD = {"path": "/", "expect": {"status": [200]}}


@pytest.mark.parametrize(
    ("checks", "sentence"),
    [
        ([], "checks is empty: name at least one."),
        ([GOOD | {"path": "v1"}], "checks[0] (check 0): path is 'v1', it must start with '/'."),
        (
            [GOOD | {"key": "ap"}],
            "checks[0] (check 0): key 'ap' is not among keys (app, other, master).",
        ),
        ([GOOD | {"name": "x"}, GOOD | {"name": "x"}], "checks[1] (x): checks[0] has the same name."),
        ([GOOD | {"expect": {}}], "expect needs either status (one request) or statuses (many)."),
        ([GOOD | {"expect": {"status": [200], "statuses": {200: 1}}}], "expect needs either status"),
        ([GOOD | {"stream": True, "expect": {"statuses": {200: 1}}}], "a stream is one request"),
        ([GOOD | {"expect": {"statuses": {200: 1}, "json": {"a": 1}}}], "expect.json looks into the body of one"),
        ([GOOD | {"expect": {"statuses": {200: 1}, "includes": {"a": [1]}}}], "expect.includes looks into"),
        ([GOOD | {"stream": True, "expect": {"status": [200], "filled": ["a"]}}], "expect.filled looks into"),
        ([GOOD | {"expect": {"status": [200], "spread": 0.1}}], "expect.spread looks at a stream, set stream to true."),
        ([GOOD | {"parallel": True}], "parallel is for many requests"),
        ([GOOD | {"expect": {"statuses": {"ok": 1}}}], "statuses has ok: 1; it maps HTTP status codes to numbers"),
        ([GOOD | {"expect": {"statuses": {200: 0}}}], "statuses has 200: 0; it maps HTTP status codes to numbers"),
        ([GOOD | {"expect": {"statuses": {200: 500}}}], "more than 200 requests, which is a load test."),
        ([{"path": "/"}], "missing required arguments: expect found in checks"),
    ],
)
def test_bad_input_is_one_sentence(probe, checks: list[dict[str, Any]], sentence: str) -> None:
    result = probe("http://127.0.0.1:1", *checks)
    assert result["failed"]
    assert sentence in result["msg"]
    assert "\n" not in result["msg"]


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ({"api_base": "llm.example.com"}, "api_base is 'llm.example.com'"),
        ({"keys": {"app": f"{APP}\n"}}, "keys.app is empty or holds a space, a line break or a letter"),
    ],
)
def test_bad_options_are_one_sentence(probe, options: dict[str, Any], sentence: str) -> None:
    result = probe(options.pop("api_base", "http://127.0.0.1:1"), GOOD, **options)
    assert sentence in result["msg"]


def test_all_complaints_come_at_once(probe) -> None:
    message = probe("http://127.0.0.1:1", GOOD | {"path": "v1"}, GOOD | {"key": "nobody"})["msg"]
    assert len(message.splitlines()) == 2
