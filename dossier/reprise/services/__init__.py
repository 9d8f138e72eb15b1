"""Acts of the takeover."""
