"""An IGC-Santé for demonstrations and tests: same names, same rules, no trust at all. Never in production."""
