"""Pure rules of the RGPD space: what each field is for, the fiches of the register, the clock of a violation."""
