"""Runs the command line in forked children, so that a run begins at once: ``python -m tests.crash.driver``.

Each line on stdin is a JSON list: the folder to run in, then the words of the command. The child's process ID is
answered on stdout, and when it has ended, its exit status. What it says goes to ``said.txt`` in its folder. Stdout is a
socket, and sending over one is another system call than those that a test makes fail.
"""

from __future__ import annotations

import json
import os
import socket
import sys
from pathlib import Path

from runner import render, sending
from runner.cli import cli, main, posting, send_command

LOADED = (render, sending, posting, send_command, cli)
"""Imported once, here, so that a child needs not."""


def child(folder: str, words: list[str]) -> None:
    os.chdir(folder)
    said = os.open("said.txt", os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(said, 1)
    os.dup2(said, 2)
    sys.argv = ["runner", *words]
    main()


def serve() -> None:
    answers = socket.socket(fileno=os.dup(1))
    for line in sys.stdin:
        folder, *words = json.loads(line)
        started = os.fork()
        if not started:
            try:
                child(folder, words)
            except SystemExit as ended:
                os._exit(int(ended.code or 0))
            os._exit(0)
        answers.sendall(f"{started}\n".encode())
        _, status = os.waitpid(started, 0)
        answers.sendall(f"{os.waitstatus_to_exitcode(status)}\n".encode())


if __name__ == "__main__":
    assert Path.cwd().is_dir()
    serve()
