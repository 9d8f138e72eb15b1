"""Le dossier de l'usager informatisé (DUI): the person, the people around, what must be known to help well."""
