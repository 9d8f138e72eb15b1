"""``dossier``'s migrations followed by one of the next version, with data to transform."""
