"""A territory that looks like life, all of it invented, the same at every start: seed, names, planning, badges."""
