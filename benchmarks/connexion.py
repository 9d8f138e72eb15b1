"""What a sign-in costs beside the one thing that must be slow in it: verifying the password with Argon2."""

import statistics
import time
from unittest.mock import patch

from benchmarks.banc import Environnement, dire

PERSONNES, TOURS = 30, 3
MOT_DE_PASSE = "girafe lente sous verveine"
ARGON2 = ["django.contrib.auth.hashers.Argon2PasswordHasher"]


def suite(_env: Environnement, *, grand: bool) -> None:
    from django.conf import settings
    from django.contrib.auth.hashers import check_password
    from django.test import override_settings

    production = [nom for nom in settings.PASSWORD_HASHERS if "MD5" not in nom]
    assert "rgon2" in production[0], production
    with override_settings(PASSWORD_HASHERS=production):
        structure, personnes = _peupler()
        chiffre = personnes[0][0].password
        assert chiffre.startswith("argon2")
        seul: list[float] = []
        entier: list[float] = []
        for tour in range(TOURS * (2 if grand else 1)):  # in turns: the machine's moods fall on both
            for compte, secret, client in personnes:
                debut = time.perf_counter()
                assert check_password(MOT_DE_PASSE, chiffre)
                seul.append(time.perf_counter() - debut)
                entier.append(_entrer(structure, client, compte, secret, tour))
    rapport = statistics.median(entier) / statistics.median(seul)
    argon2 = statistics.median(seul) * 1000
    dire(
        "connexion (mot de passe et code, 2 pages) / Argon2 seul",
        f"× {rapport:.2f} ({statistics.median(entier) * 1000:.1f} / {argon2:.1f} ms)",
        but="≤ × 2",
        tenu=rapport <= 2,
    )
    dire("connexions par seconde, un processus, un fil", f"{1 / statistics.mean(entier):.1f}")


def _peupler():
    from django.contrib.auth.hashers import make_password
    from django.test import Client
    from stdnum import luhn

    from plateforme.core.clock import now
    from plateforme.core.identifiers import Finess
    from plateforme.identity.models import Compte
    from plateforme.identity.services import totp
    from tenants.contexte import epingler
    from tenants.models import Profil
    from tenants.services import ouverture

    def numero(racine: str) -> Finess:
        return Finess.lire(racine + luhn.calc_check_digit(racine))

    structure, _ = ouverture.ouvrir(
        raison_sociale="Banc Connexion",
        finess_et=numero("23020003"),
        finess_ej=numero("23029997"),
        commune="Guéret",
        profil=Profil.DOMICILE,
    )
    personnes = []
    chiffre = make_password(MOT_DE_PASSE)
    with epingler(structure):
        for n in range(PERSONNES):
            compte = Compte(
                identifiant=f"banc{n}", prenom="B", nom=f"Anc{n}", role="responsable_secteur", password=chiffre, identite_verifiee_a=now()
            )  # fmt: skip
            compte.save()
            secret = totp.nouveau_secret()
            totp.installer(compte, secret, pas=0)
            personnes.append((compte, secret, Client(headers={"host": f"{structure.slug}.localhost"})))
    return structure, personnes


def _entrer(structure, client, compte, secret: str, tour: int) -> float:
    """Both requests of a sign-in, through the whole stack of middlewares; the codes are drawn before the watch starts."""
    import pyotp
    from django.conf import settings

    from plateforme.identity.services import totp
    from tenants.contexte import epingler

    client.cookies.pop(settings.SESSION_COOKIE_NAME, None)  # signed out, on a device that is known
    # Each step serves once per person: the clock of codes moves with the rounds, the rest of time does not.
    pas = int(time.time()) // 30 + tour
    code = pyotp.TOTP(secret).generate_otp(pas)
    with epingler(structure), patch.object(totp, "_pas", lambda: pas):
        debut = time.perf_counter()
        premiere = client.post(
            "/connexion", {"identifiant": compte.identifiant, "mot_de_passe": MOT_DE_PASSE}
        )
        seconde = client.post("/connexion/code", {"code": code})
        duree = time.perf_counter() - debut
    assert premiere["Location"] == "/connexion/code", premiere
    assert seconde.status_code == 302, seconde.content.decode()[:400]
    return duree
