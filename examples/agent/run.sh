#!/bin/sh
# Runs an agent with credentials of its own for a working day: run.sh dev claude
# One code at the start. The agent and all that it starts ask a server on this machine, and have no key in their
# environment.
set -eu
profile=$1
shift
stsaval login "$profile" --lifetime 12h
exec stsaval exec "$profile" --serve -- "$@"
