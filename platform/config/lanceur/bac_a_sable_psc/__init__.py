"""A Pro Santé Connect for demonstrations: offline, on this machine, with people who do not exist. Never in production."""
