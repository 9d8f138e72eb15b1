"""Certificates: which roots are trusted, which hosts tell revocations, where a certificate is tried, the HSM if any."""

from config.settings import env

# PEM files. The published production root comes with the product; the one of the test environment is given here.
MIE_RACINES = {
    "PROD": env.texte(
        "MIE_RACINES_PROD",
        "",
        usage="racines IGC-Santé de production (PEM) ; vide : celle livrée avec Treille",
    ),
    "TEST": env.texte(
        "MIE_RACINES_TEST", "", usage="racines IGC-Santé de test (PEM) ; vide : aucun certificat de test"
    ),
}
# Source: security §6.1. Lists and answers are read at the addresses certificates carry, on these hosts only.
MIE_HOTES = env.liste(
    "MIE_HOTES",
    "igc-sante.esante.gouv.fr",
    usage="hôtes où lire les révocations des certificats (hôte ou hôte:port)",
)
# « TEST:AUTH_CLI:INSI=https://… »: where a certificate proves itself before it becomes active.
MIE_PAIRS = env.liste(
    "MIE_PAIRS", "", usage="adresses d’essai des certificats, ENVIRONNEMENT:USAGE:DESTINATION=adresse"
)
MIE_PKCS11_MODULE = env.texte(
    "MIE_PKCS11_MODULE", "", usage="bibliothèque PKCS#11 du module matériel ; vide : sans module"
)
MIE_PKCS11_JETON = env.texte("MIE_PKCS11_JETON", "", usage="nom du jeton PKCS#11")
MIE_PKCS11_PIN = env.texte("MIE_PKCS11_PIN", "", usage="code du jeton PKCS#11", secrete=True)
# The sandbox of demonstrations: the folder of its authority, empty everywhere else.
MIE_BAC_A_SABLE = env.texte("MIE_BAC_A_SABLE", "", usage="dossier de l’autorité de démonstration")
MIE_BAC_A_SABLE_SECRET = env.texte(
    "MIE_BAC_A_SABLE_SECRET", "", usage="secret de l’autorité de démonstration", secrete=True
)
MIE_BAC_A_SABLE_URLS = env.liste(
    "MIE_BAC_A_SABLE_URLS", "", usage="adresses de l’autorité de démonstration, ENVIRONNEMENT=adresse"
)
