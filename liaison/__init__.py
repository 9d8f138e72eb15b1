"""Le cahier de liaison: what one tells the next, who has read it."""
