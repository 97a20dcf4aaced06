"""The YAML language server as an editor drives it: JSON-RPC over a pipe."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

HERE = Path(__file__).parent
SERVER = HERE / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"

Json = dict[str, Any]


class Editor:
    """What an editor says to the server, and what it is told."""

    def __init__(self, process: subprocess.Popen[bytes], settings: Json) -> None:
        self._process, self._settings = process, settings
        self._asked = 0

    def start(self, root: Path) -> None:
        """Introduce the editor and its folder."""
        can = {"workspace": {"configuration": True, "workspaceFolders": True}}
        folders = [{"uri": root.as_uri(), "name": root.name}]
        self.ask("initialize", processId=None, rootUri=root.as_uri(), capabilities=can, workspaceFolders=folders)
        self._tell("initialized")
        self._tell("workspace/didChangeConfiguration", settings=self._settings)

    def open(self, file: Path) -> list[Json]:
        """Open a file; what is marked in it."""
        document = {"uri": file.as_uri(), "languageId": "yaml", "version": 1, "text": file.read_text()}
        self._tell("textDocument/didOpen", textDocument=document)
        for message in self._messages():
            if message.get("method") == "textDocument/publishDiagnostics" and message["params"]["uri"] == file.as_uri():
                found: list[Json] = message["params"]["diagnostics"]
                return found
        raise AssertionError("the server says nothing of the file")

    def offered(self, file: Path, after: str) -> list[str]:
        """What is offered where the file says ``after`` for the first time, behind it."""
        before = file.read_text().partition(after)[0] + after
        place = {"line": before.count("\n"), "character": len(before.rpartition("\n")[2])}
        said = self.ask("textDocument/completion", textDocument={"uri": file.as_uri()}, position=place)
        return [item["insertText"] for item in said["items"]]

    def ask(self, method: str, **params: Any) -> Any:
        """The answer to a request."""
        self._asked += 1
        number = self._asked
        self._send({"id": number, "method": method, "params": params})
        for message in self._messages():
            if message.get("id") == number and "method" not in message:
                return message["result"]
        raise AssertionError(f"no answer to {method}")

    def _tell(self, method: str, **params: Any) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Json) -> None:
        content = json.dumps({"jsonrpc": "2.0", **message}).encode()
        assert self._process.stdin
        self._process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(content), content))
        self._process.stdin.flush()

    def _messages(self) -> Iterator[Json]:
        """What the server says; its own questions are answered on the way."""
        assert self._process.stdout
        while head := self._process.stdout.readline():
            length = int(head.removeprefix(b"Content-Length: "))
            while self._process.stdout.readline().strip():
                pass
            message: Json = json.loads(self._process.stdout.read(length))
            if "id" in message and "method" in message:
                wanted = message["params"].get("items", []) if message["params"] else []
                self._send({"id": message["id"], "result": [self._settings.get(one["section"], {}) for one in wanted]})
            yield message


@contextmanager
def editor(root: Path, **settings: Any) -> Iterator[Editor]:
    """An editor in the folder, with the settings of the section ``yaml``; skips where the server is not there."""
    if not SERVER.is_file():
        pytest.skip("the language server is not there: make editor")
    call = ["node", str(SERVER), "--stdio"]
    with subprocess.Popen(call, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL) as process:
        try:
            # A store of schemas on the web is not asked.
            store = {"validate": True, "completion": True, "schemaStore": {"enable": False}}
            one = Editor(process, {"yaml": {**store, **settings}})
            one.start(root)
            yield one
        finally:
            process.kill()
