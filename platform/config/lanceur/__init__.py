"""`make run`: the embedded servers, the first steps and the long-running processes, watched until Ctrl-C.

Nothing here imports Django: the launcher must be able to explain why the rest cannot start.
"""
