"""What a messy spreadsheet may say, and what it means. Pure functions."""
