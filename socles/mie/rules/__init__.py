"""What a certificate and a card must be. No framework here."""
