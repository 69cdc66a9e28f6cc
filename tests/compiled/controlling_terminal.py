"""Runs a command line of sh on a controlling terminal, and types into that when it is asked for an MFA code.

usage: controlling_terminal.py KEYS SCRIPT [ARGUMENT...]; prints {"shown", "status", "restored", "left"} as JSON: what the
terminal showed, how the shell ended, whether the terminal is as it was, and how many programs were left on it.
KEYS may be "signal:TERM" and the like, which goes to the process whose number is in $PID_FILE.
"""

import fcntl
import json
import os
import pty
import select
import signal
import subprocess
import sys
import termios
import time


def take_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def act(keys, master):
    name = keys.removeprefix("signal:")
    if name == keys:
        os.write(master, keys.encode())
        return
    with open(os.environ["PID_FILE"]) as file:
        os.kill(int(file.read()), getattr(signal, f"SIG{name}"))


def on_terminal(session):
    """The programs of the session, by the kernel's account, without those that have ended."""
    found = []
    for number in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{number}/stat") as file:
                state, _, _, its_session = file.read().rsplit(")", 1)[1].split()[:4]
        except OSError:
            continue
        if int(its_session) == session and state != "Z":
            found.append(number)
    return found


keys, *script = sys.argv[1:]
master, slave = pty.openpty()
before = termios.tcgetattr(slave)
child = subprocess.Popen(
    ["sh", "-c", *script], stdin=slave, stdout=slave, stderr=slave, preexec_fn=take_terminal
)
shown = b""
typed = False
deadline = time.monotonic() + 30
while child.poll() is None and time.monotonic() < deadline:
    if select.select([master], [], [], 0.02)[0]:
        shown += os.read(master, 65536)
    if not typed and b"MFA code for" in shown:
        act(keys, master)
        typed = True
# What was left needs a moment to see that its program has ended.
while on_terminal(child.pid) and time.monotonic() < deadline:
    time.sleep(0.02)
while select.select([master], [], [], 0)[0]:
    shown += os.read(master, 65536)
status = child.poll()
print(json.dumps({
    "shown": shown.decode(),
    "status": status if status is None or status >= 0 else 128 - status,
    "restored": termios.tcgetattr(slave) == before,
    "left": len(on_terminal(child.pid)),
}))
