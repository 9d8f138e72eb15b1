"""Envelope encryption: data sealed by keys of the structure, themselves wrapped by a key that never leaves its provider."""
