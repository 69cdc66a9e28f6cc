"""Types lines at a shell in a terminal, each when the text before it has been seen.

usage: job_control.py SCRIPT, a JSON list of [LINE, TEXT TO WAIT FOR]; prints all that was shown. Exit status 1 and what
was waited for on standard error when a text does not come.
"""

import json
import os
import pty
import select
import sys
import time

steps = json.loads(sys.argv[1])
pid, terminal = pty.fork()
if pid == 0:
    os.environ.update(PS1="OUTER> ", TERM="dumb")
    os.execvp("bash", ["bash", "--norc", "--noprofile", "-i"])
shown = ""


def wait_for(text):
    global shown
    unseen = ""
    deadline = time.monotonic() + 20
    while text not in unseen:
        if time.monotonic() > deadline:
            sys.exit(f"waited for {text!r} in:\n{shown}")
        ready, _, _ = select.select([terminal], [], [], 0.1)
        if ready:
            part = os.read(terminal, 65536).decode()
            unseen += part
            shown += part


wait_for("OUTER> ")
for line, text in steps:
    os.write(terminal, (line + "\n").encode())
    wait_for(text)
print(shown)
