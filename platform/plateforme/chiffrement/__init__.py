"""Encryption of what the base keeps: one key per structure."""
