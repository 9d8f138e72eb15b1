"""Planning, badges, effectivité: who goes where, when, and what was really done."""
