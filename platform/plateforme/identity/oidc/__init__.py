"""Sign-in through somebody else's proof: Pro Santé Connect, and any OpenID provider a structure has chosen."""
