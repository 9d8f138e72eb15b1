"""Become one child of the launcher: ``python -I -S tremplin.py PARENT SIGNAL UID GID COMMAND…``.

A process of its own rather than a ``preexec_fn``: no Python code then runs between fork and exec of a process
that may have threads. The death signal is set after the change of account, which clears it; it survives exec.
"""

import ctypes
import os
import sys

PR_SET_PDEATHSIG = 1


def main(arguments: list[str]) -> int:
    parent, signal_de_mort, uid, gid = (int(x) for x in arguments[:4])
    commande = arguments[4:]
    if uid >= 0:
        os.setgroups([])
        os.setgid(gid)
        os.setuid(uid)
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal_de_mort, 0, 0, 0)
        if os.getppid() != parent:  # it died before we were listening
            return 0
    try:
        os.execvp(commande[0], commande)  # noqa: S606 - the point of this file
    except OSError as erreur:
        print(f"{commande[0]}: {erreur.strerror}", file=sys.stderr)
        return 126


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
