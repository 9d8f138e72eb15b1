"""The bundle against the structure definitions of FHIR R4 and of the ANS: cardinalities, types, required bindings."""

import json
import re
import tarfile
from collections.abc import Iterator
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from dossier.models import Usager
from plateforme.audit.journal import acte, noter
from plateforme.audit.registre import genres
from plateforme.identity.models import Compte
from plateforme.observability.contexte import tracer
from plateforme.tenancy.courant import lier
from tests.support.monde import Monde, client_de, compte

ANNE = {"civilite": "MME", "nom_naissance": "Zanzibar", "prenoms": "Anne", "ne_le": date(1941, 5, 3), "accompagne_depuis": date(2024, 1, 8)}  # fmt: skip
FORMES = {
    "code": r"[^\s]+(\s[^\s]+)*", "uri": r"\S*", "url": r"\S*", "canonical": r"\S*", "id": r"[A-Za-z0-9\-.]{1,64}",
    "instant": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)",
    "dateTime": r"\d{4}(-\d\d(-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?", "string": r"[ \r\n\t\S]+",
}  # fmt: skip


class Normes:
    """What two packages say, read from their archives."""

    def __init__(self, dossier: Path) -> None:
        self.fichiers: dict[str, Any] = {}
        for nom in ("hl7.fhir.r4.core-4.0.1.tgz", "ans.fhir.fr.tde-2.0.0.tgz"):
            with tarfile.open(dossier / nom) as archive:
                for membre in archive:
                    if re.search(
                        r"package/(StructureDefinition-(AuditEvent|Bundle|Coding|CodeableConcept|Reference|Identifier|Period|Meta|"
                        r"tde-|TDE)[^/]*|(ValueSet|CodeSystem)-(audit|network|dicom|bundle|search|identifier)[^/]*)\.json$",
                        membre.name,
                    ):
                        lu = json.load(archive.extractfile(membre))  # type: ignore[arg-type]
                        self.fichiers[lu["url"]] = lu

    @lru_cache  # noqa: B019 - lives as long as the test
    def elements(self, url: str) -> dict[str, list[Any]]:
        """Elements of a snapshot by the path of their parent, slices left aside."""
        enfants: dict[str, list[Any]] = {}
        for e in self.fichiers[url]["snapshot"]["element"]:
            if ":" not in e["id"] and "." in e["path"]:
                enfants.setdefault(e["path"].rpartition(".")[0], []).append(e)
        return enfants

    def codes(self, valueset: str) -> set[str]:
        """Every code of a required value set; its code systems are enumerated in the package."""
        lus: set[str] = set()
        for inclus in self.fichiers[valueset.split("|", maxsplit=1)[0]]["compose"]["include"]:
            if "concept" in inclus:
                lus |= {c["code"] for c in inclus["concept"]}
            else:
                lus |= {c["code"] for c in self.fichiers[inclus["system"]]["concept"]}
        return lus

    def fautes(self, objet: dict[str, Any], url: str, chemin: str) -> Iterator[str]:
        declares = self.elements(url)[chemin]
        noms: dict[str, Any] = {}
        for e in declares:
            nom = e["path"].rpartition(".")[2]
            for possible in (
                [nom[:-3] + t["code"][0].upper() + t["code"][1:] for t in e["type"]]
                if nom.endswith("[x]")
                else [nom]
            ):
                noms[possible] = e
            valeurs = [v for p in noms if noms[p] is e for v in _liste(objet.get(p))]
            if len(valeurs) < e["min"] or (e["max"] != "*" and len(valeurs) > int(e["max"])):
                yield f"{e['path']} : {len(valeurs)} fois, {e['min']}..{e['max']} permis"
        for cle, valeur in objet.items():
            if cle == "resourceType":
                continue
            if cle not in noms:
                yield f"{chemin}.{cle} n’existe pas"
                continue
            e = noms[cle]
            if isinstance(valeur, list) != (e.get("base", e)["max"] != "1"):
                yield f"{e['path']} : liste ou valeur seule"
            for v in _liste(valeur):
                yield from self._valeur(v, e, url)

    def _valeur(self, v: Any, e: dict[str, Any], url: str) -> Iterator[str]:
        genre = e["type"][0]["code"] if e.get("type") else ""
        liaison = e.get("binding", {})
        if isinstance(v, dict):
            if not v:
                yield f"{e['path']} est vide"
            elif e["path"] in self.elements(url):
                yield from self.fautes(v, url, e["path"])
            elif f"http://hl7.org/fhir/StructureDefinition/{genre}" in self.fichiers:
                yield from self.fautes(v, f"http://hl7.org/fhir/StructureDefinition/{genre}", genre)
            return
        attendu = {"boolean": bool, "unsignedInt": int}.get(genre, str)
        if type(v) is not attendu or v == "":
            yield f"{e['path']} : {v!r} n’est pas de type {genre}"
        elif genre in FORMES and not re.fullmatch(FORMES[genre], v):
            yield f"{e['path']} : {v!r} n’a pas la forme d’un {genre}"
        if (
            liaison.get("strength") == "required"
            and genre == "code"
            and v not in self.codes(liaison["valueSet"])
        ):
            yield f"{e['path']} : {v!r} n’est pas dans {liaison['valueSet']}"


def _liste(valeur: Any) -> list[Any]:
    return [] if valeur is None else valeur if isinstance(valeur, list) else [valeur]


@pytest.fixture(scope="session")
def normes(materiel: Path) -> Normes:
    if not (materiel / "fhir-packages" / "ans.fhir.fr.tde-2.0.0.tgz").exists():
        pytest.skip("MATÉRIEL ABSENT : les paquets FHIR ne sont pas à côté du projet")
    return Normes(materiel / "fhir-packages")


AUDIT_EVENT = "http://hl7.org/fhir/StructureDefinition/AuditEvent"
TDE = "https://interop.esante.gouv.fr/ig/fhir/tde/StructureDefinition/tde-auditevent"
TDE_LOT = (
    "https://interop.esante.gouv.fr/ig/fhir/tde/StructureDefinition/TDEBundleResultatReponseRechercheTraces"
)


@pytest.fixture
def lot(monde: Monde) -> dict[str, Any]:
    """One trace of every declared kind, by a person with a national identifier, one without, and the machinery."""
    with lier(monde.a):
        Compte.objects.filter(identifiant="ines").update(id_national="899700000094")
        anne = Usager.objects.create(**ANNE)
        connection._notes = []
        for rang, genre in enumerate(genres()):
            qui = (("ines", "infirmier"), ("alice", "responsable_secteur"), (None, ""))[rang % 3]
            mode = ("normal", "bris", "support")[rang % 3]
            with acte("web", role=qui[1], mode=mode), tracer(acteur_id=compte(qui[0]).pk if qui[0] else None):
                noter(genre.code, sujets=[anne.pk] if rang % 2 else [])
        connection.ecrire_avant_commit()
    reponse = client_de(monde.a, "delphine").get("/journal/exporter", {"format": "fhir", "du": "2025-01-01"})
    lu: dict[str, Any] = json.loads(reponse.content)
    return lu


@pytest.mark.parametrize("profil", [AUDIT_EVENT, TDE])
def test_chaque_evenement_tient_le_profil(normes: Normes, lot: dict[str, Any], profil: str) -> None:
    fautes = {f for e in lot["entry"] for f in normes.fautes(e["resource"], profil, "AuditEvent")}

    assert fautes == set()
    assert lot["total"] == len(lot["entry"]) >= len(genres())


def test_le_lot_tient_le_profil_de_reponse_a_une_recherche(normes: Normes, lot: dict[str, Any]) -> None:
    fautes = set(
        normes.fautes({**lot, "entry": [{**e, "resource": None} for e in lot["entry"]]}, TDE_LOT, "Bundle")
    )

    assert {f for f in fautes if "resource" not in f} == set()
    assert lot["meta"]["profile"] == [TDE_LOT]
    assert lot["meta"]["tag"][0]["code"].startswith("2025-01-01/")
    assert len({e["fullUrl"] for e in lot["entry"]}) == len(lot["entry"])


def test_le_validateur_voit_les_fautes(normes: Normes, lot: dict[str, Any]) -> None:
    """Near-miss: the same event, spoilt one way at a time."""
    bon = lot["entry"][0]["resource"]
    sans = {c: v for c, v in bon.items() if c != "recorded"}

    assert any("recorded" in f for f in normes.fautes(sans, TDE, "AuditEvent"))
    assert any("action" in f for f in normes.fautes({**bon, "action": "Z"}, TDE, "AuditEvent"))
    assert any("outcome" in f for f in normes.fautes({**bon, "outcome": "5"}, TDE, "AuditEvent"))
    assert any("agent" in f for f in normes.fautes({**bon, "agent": bon["agent"] * 3}, TDE, "AuditEvent"))
    assert any("invente" in f for f in normes.fautes({**bon, "invente": 1}, TDE, "AuditEvent"))
    assert any("instant" in f for f in normes.fautes({**bon, "recorded": "hier"}, TDE, "AuditEvent"))


def test_l_acteur_porte_son_identifiant_national_et_le_bris_son_motif(lot: dict[str, Any]) -> None:
    evenements = [e["resource"] for e in lot["entry"]]
    qui = [e["agent"][0]["who"].get("identifier") for e in evenements]

    assert {"system": "urn:oid:1.2.250.1.71.4.2.1", "value": "899700000094"} in qui
    assert {"BTG"} == {
        e["purposeOfEvent"][0]["coding"][0]["code"] for e in evenements if "purposeOfEvent" in e
    }
    refus = [e for e in evenements if e["subtype"][0]["code"] == "dossier.acces.refuse"]
    assert {e["outcome"] for e in refus} == {"4"}
    assert {
        e["type"]["code"] for e in evenements if e["subtype"][0]["code"] == "identity.connexion.reussie"
    } == {"110114"}
