"""Who did what, and who looked: an append-only journal per structure, chained."""
