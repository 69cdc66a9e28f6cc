/**
 * A person who types a code into another program's terminal.
 *
 * @module
 */

/** In Python: `CODE PROGRAM ARGUMENT…` types the code when the program in its terminal asks for it. */
export const typist = `
import os, pty, sys
code, *command = sys.argv[1:]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(command[0], command)
seen = b""
typed = False
while True:
    try:
        read = os.read(terminal, 4096)
    except OSError:
        break
    if not read:
        break
    seen += read
    if not typed and b"MFA code" in seen:
        typed = True
        os.write(terminal, code.encode() + b"\\n")
sys.stdout.buffer.write(seen)
sys.exit(os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`;
