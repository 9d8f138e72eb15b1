"""Encryption at rest: what a structure keeps secret is sealed under its own key."""
