"""The foundations: tenancy, identity, rights, outbox, interface shell. Knows nothing of home care."""
