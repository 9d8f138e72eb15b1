"""A phone: signs in, sends its badges one by one, again and again until the server says a verdict."""

import http.client
import json
import random
import re
import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

ACQUIS = {"accepte", "accepte_avec_anomalie", "doublon"}
DELAI = 60.0


@dataclass
class Telephone:
    hote: str
    port: int
    identifiant: str
    mot_de_passe: str
    secours: list[str]  # recovery codes, one per sign-in: two phones of one person never wait for the clock
    visites: list[str]
    graine: int
    acquis: dict[str, str] = field(default_factory=dict)  # event → kind
    verdicts: dict[str, list[str]] = field(default_factory=dict)
    reprises: int = 0
    erreur: BaseException | None = None
    _biscuits: dict[str, str] = field(default_factory=dict)
    _csrf: str = ""

    def vivre(self) -> None:
        try:
            hasard = random.Random(self.graine)
            self._insister(self._se_connecter)
            for visite in self.visites:
                for genre in ("badge.debut", "badge.fin"):
                    self._badger(hasard, genre, visite)
        except BaseException as erreur:  # noqa: BLE001 - told to the test, which fails with it
            self.erreur = erreur

    def _badger(self, hasard: random.Random, genre: str, visite: str) -> None:
        evenement = {
            "id": str(UUID(int=hasard.getrandbits(128), version=4)),
            "genre": genre,
            "appareil_a": datetime.now(UTC).isoformat(),
            "donnees": {"intervention": visite},
        }
        self._insister(lambda: self._envoyer(evenement))
        if hasard.random() < 0.2:  # a phone that did not hear the answer sends again
            self._insister(lambda: self._envoyer(evenement))
        threading.Event().wait(hasard.uniform(0.05, 0.3))

    def _envoyer(self, evenement: dict[str, Any]) -> bool:
        corps = {"envoye_a": datetime.now(UTC).isoformat(), "evenements": [evenement]}
        statut, texte = self._appeler(
            "POST", "/api/v1/terrain/evenements", json.dumps(corps), "application/json"
        )
        if statut != 200:
            if statut in (401, 403):
                self._se_connecter()
            return False
        (resultat,) = json.loads(texte)["resultats"]
        self.verdicts.setdefault(evenement["id"], []).append(resultat["verdict"])
        assert resultat["verdict"] in ACQUIS, resultat
        assert resultat["code"] == "", resultat
        self.acquis[evenement["id"]] = evenement["genre"]
        return True

    def _se_connecter(self) -> bool:
        statut, texte = self._appeler("GET", "/connexion")
        jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', texte)
        if statut != 200 or jeton is None:
            return False
        formulaire = (
            f"csrfmiddlewaretoken={jeton[1]}&identifiant={self.identifiant}&mot_de_passe={self.mot_de_passe}"
        )
        statut, _ = self._appeler("POST", "/connexion", formulaire, "application/x-www-form-urlencoded")
        if statut != 302:
            return False
        statut, texte = self._appeler("GET", "/connexion/code")
        jeton = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', texte)
        if statut != 200 or jeton is None:
            return False
        formulaire = f"csrfmiddlewaretoken={jeton[1]}&telephone=oui&code={self.secours.pop()}"
        statut, _ = self._appeler("POST", "/connexion/code", formulaire, "application/x-www-form-urlencoded")
        if statut != 302:
            return False
        statut, texte = self._appeler("GET", "/api/v1/session")
        if statut != 200:
            return False
        self._csrf = json.loads(texte)["csrf"]
        return True

    def _insister(self, acte: Any) -> None:
        fin = time.monotonic() + DELAI
        while True:
            try:
                if acte():
                    return
            except (OSError, http.client.HTTPException):
                pass
            self.reprises += 1
            if time.monotonic() > fin:
                raise AssertionError(f"{self.identifiant} n’a obtenu aucune réponse en {DELAI:.0f} s")
            threading.Event().wait(0.1)

    def _appeler(self, methode: str, chemin: str, corps: str = "", genre: str = "") -> tuple[int, str]:
        lien = http.client.HTTPConnection("127.0.0.1", self.port, timeout=4)
        entetes = {
            "Host": f"{self.hote}:{self.port}",
            "Cookie": "; ".join(f"{nom}={valeur}" for nom, valeur in self._biscuits.items()),
            "X-CSRFToken": self._csrf,
            **({"Content-Type": genre} if genre else {}),
        }
        try:
            lien.request(methode, chemin, corps.encode() or None, entetes)
            reponse = lien.getresponse()
            texte = reponse.read().decode()
            for ligne in reponse.headers.get_all("Set-Cookie") or []:
                nom, _, valeur = ligne.partition(";")[0].partition("=")
                self._biscuits[nom] = valeur
            return reponse.status, texte
        finally:
            lien.close()
