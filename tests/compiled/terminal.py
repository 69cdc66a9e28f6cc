"""Runs a program on three terminals, one for each standard stream, and types into the first.

usage: terminal.py KEYS PROGRAM [ARGUMENT...]; prints {"stdout", "stderr", "status"} as JSON.
The keys are typed when the program first says something on standard error, and ctrl+c when it has shown the keys before.
"""

import fcntl
import json
import os
import pty
import re
import select
import struct
import subprocess
import sys
import termios
import time


def terminal():
    master, slave = pty.openpty()
    fcntl.ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    attributes = termios.tcgetattr(slave)
    attributes[1] &= ~termios.OPOST
    termios.tcsetattr(slave, termios.TCSANOW, attributes)
    return master, slave


keys, *command = sys.argv[1:]
(type_into, stdin), (out, stdout), (err, stderr) = terminal(), terminal(), terminal()


def control():
    """Makes the first terminal the controlling one, as a login does: ctrl+c and ctrl+z become signals there."""
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


child = subprocess.Popen(
    command, stdin=stdin, stdout=stdout, stderr=stderr, preexec_fn=control)
for slave in (stdin, stdout, stderr):
    os.close(slave)
texts = {out: b"", err: b""}
open_ends = {out, err}
# ctrl+c drops what was typed and not yet read: it is typed when what comes before it has been seen.
pieces = [piece for piece in re.split(rb"(\x03)", keys.encode()) if piece]
seen = 0
while open_ends:
    ready, _, _ = select.select(open_ends, [], [], 0.05)
    for end in ready:
        try:
            part = os.read(end, 65536)
        except OSError:
            part = b""
        texts[end] += part
        if not part:
            open_ends.discard(end)
    if pieces and len(texts[err]) > seen:
        time.sleep(0.1)
        seen = len(texts[err])
        os.write(type_into, pieces.pop(0))
status = child.wait()
print(json.dumps({
    "stdout": texts[out].decode(),
    "stderr": texts[err].decode(),
    "status": status if status >= 0 else 128 - status,
}))
