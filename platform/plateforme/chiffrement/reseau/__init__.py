"""The network's side: its own keys, those of archives, and the register of destructions, in ``public``."""
