"""Runs a program on three terminals, one for each standard stream, and types into the first.

usage: terminal.py KEYS PROGRAM [ARGUMENT...]; prints {"stdout", "stderr", "status"} as JSON.
The keys are typed when the program first says something on standard error.
"""

import fcntl
import json
import os
import pty
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
child = subprocess.Popen(command, stdin=stdin, stdout=stdout, stderr=stderr)
for slave in (stdin, stdout, stderr):
    os.close(slave)
texts = {out: b"", err: b""}
open_ends = {out, err}
typed = False
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
    if not typed and texts[err]:
        time.sleep(0.1)
        os.write(type_into, keys.encode())
        typed = True
status = child.wait()
print(json.dumps({
    "stdout": texts[out].decode(),
    "stderr": texts[err].decode(),
    "status": status if status >= 0 else 128 - status,
}))
