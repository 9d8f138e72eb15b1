"""Start-up checks; see ``config`` for those of production."""
