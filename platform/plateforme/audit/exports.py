"""The journal handed over: a table for people, a FHIR R4 bundle for other systems.

The bundle follows the profile *Traçabilité d’événements* 2.0.0 of the ANS (tde-auditevent). Usagers are ids alone in
both: who receives the file has the right of the journal, not that of the dossiers.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.utils.timezone import localtime

from plateforme.audit.models import Trace
from plateforme.audit.queries import Criteres, fonction_de, noms_de, phrase_neutre
from plateforme.core.clock import now
from plateforme.identity.models import Compte
from plateforme.tableurs import ecrire_csv
from plateforme.tenancy.courant import Contexte, exiger_courant

# Above, the file is asked for by periods: nobody reads it, and it is built in memory.
LIGNES_MAX = 20_000

NATURES = {"C": "création", "R": "lecture", "U": "modification", "D": "suppression", "E": "acte"}
MODES = {"normal": "", "bris": "accès exceptionnel", "support": "session de support"}

_PROFIL = "https://interop.esante.gouv.fr/ig/fhir/tde/StructureDefinition/"
_DICOM = "http://dicom.nema.org/resources/ontology/DCM"
# National identifiers of professionals, with their prefix, as Pro Santé Connect gives them.
_IDNPS = "urn:oid:1.2.250.1.71.4.2.1"
# First prefix that fits.
_TYPES = (
    ("identity.connexion.", "110114", "User Authentication"),
    ("identity.oidc.", "110114", "User Authentication"),
    ("identity.session.", "110114", "User Authentication"),
    ("identity.", "110113", "Security Alert"),
    ("habilitations.", "110113", "Security Alert"),
    ("chiffrement.", "110113", "Security Alert"),
    ("audit.export.", "110106", "Export"),
    ("audit.", "110101", "Audit Log Used"),
)
_BRIS = {
    "system": "http://terminology.hl7.org/CodeSystem/v3-ActReason",
    "code": "BTG",
    "display": "break the glass",
}
_PATIENT = ("110110", "Patient Record")
_APPLICATION = ("110100", "Application Activity")
# Refused by us: FHIR calls it a minor failure, the person may try again.
_REFUS = frozenset(
    {
        "identity.connexion.refusee",
        "identity.connexion.bloquee",
        "identity.oidc.refus",
        "dossier.acces.refuse",
    }
)


def en_csv(traces: Sequence[Trace]) -> bytes:
    noms = noms_de(t.acteur_id for t in traces)
    titres = [
        "N°", "Date et heure", "Personne", "Fonction", "Ce qui a été fait", "Nature", "Accès particulier",
        "Depuis", "Usagers (identifiants)", "Code", "Requête",
    ]  # fmt: skip
    return ecrire_csv(titres, (_ligne(t, noms.get(t.acteur_id) if t.acteur_id else None) for t in traces))


def _ligne(trace: Trace, compte: Compte | None) -> list[str | int]:
    return [
        trace.numero,
        f"{localtime(trace.instant):%d/%m/%Y %H:%M:%S}",
        compte.nom_complet if compte else "",
        fonction_de(trace.role),
        phrase_neutre(trace.genre),
        NATURES[trace.nature],
        MODES.get(trace.mode, trace.mode),
        trace.origine,
        " ".join(str(sujet) for sujet in trace.sujets),
        trace.genre,
        trace.requete,
    ]


def en_fhir(traces: Sequence[Trace], criteres: Criteres) -> bytes:
    """Bundle *searchset* of AuditEvent; its period of search is in ``meta.tag`` and in the link *self*."""
    structure = exiger_courant()
    noms = noms_de(t.acteur_id for t in traces)
    espace = structure.structure_id or UUID(int=0)
    lot = {
        "resourceType": "Bundle",
        "id": str(uuid5(espace, now().isoformat())),
        "meta": {
            "profile": [f"{_PROFIL}TDEBundleResultatReponseRechercheTraces"],
            "lastUpdated": _instant(now()),
            "tag": [_periode(criteres.du, criteres.au)],
        },
        "type": "searchset",
        "timestamp": _instant(now()),
        "total": len(traces),
        "link": [{"relation": "self", "url": _adresse(criteres)}],
        "entry": [
            {
                "fullUrl": f"urn:uuid:{uuid5(espace, f'trace-{t.numero}')}",
                "resource": _ressource(t, noms.get(t.acteur_id) if t.acteur_id else None, structure),
                "search": {"mode": "match"},
            }
            for t in traces
        ],
    }
    if not lot["entry"]:
        del lot["entry"]  # FHIR has no empty list
    return json.dumps(lot, ensure_ascii=False, separators=(",", ":")).encode()


def _periode(du: date | None, au: date | None) -> dict[str, str]:
    bornes = f"{du.isoformat() if du else '..'}/{au.isoformat() if au else '..'}"
    return {"system": "urn:treille:journal:periode", "code": bornes, "display": "Période de la recherche"}


def _adresse(criteres: Criteres) -> str:
    morceaux = [
        f"date={sens}{jour.isoformat()}"
        for sens, jour in (("ge", criteres.du), ("le", criteres.au))
        if jour is not None
    ]
    if criteres.sujet_id:
        morceaux.append(f"patient=Patient/{criteres.sujet_id}")
    return "AuditEvent?" + "&".join(morceaux) if morceaux else "AuditEvent"


def _instant(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def _ressource(trace: Trace, compte: Compte | None, structure: Contexte) -> dict[str, Any]:
    code, libelle = _type(trace)
    moment, phrase = _instant(trace.instant), phrase_neutre(trace.genre)
    ressource: dict[str, Any] = {
        "resourceType": "AuditEvent",
        "id": f"trace-{trace.numero}",
        "meta": {"profile": [f"{_PROFIL}tde-auditevent"]},
        "type": {"system": _DICOM, "code": code, "display": libelle},
        "subtype": [{"system": "urn:treille:journal:genre", "code": trace.genre, "display": phrase}],
        "action": trace.nature,
        "period": {"start": moment, "end": moment},
        "recorded": moment,
        "outcome": "4" if trace.genre in _REFUS else "0",
        "outcomeDesc": phrase,
        "agent": [_agent(trace, compte)],
        "source": {
            "site": structure.slug,
            "observer": {
                "type": "Device",
                "identifier": {"system": "urn:treille:structure", "value": str(structure.structure_id)},
                "display": f"Treille, {structure.nom}",
            },
            "type": [
                {
                    "system": "http://terminology.hl7.org/CodeSystem/security-source-type",
                    "code": "4",
                    "display": "Application Server",
                }
            ],
        },
    }
    if trace.mode == "bris":
        ressource["purposeOfEvent"] = [{"coding": [_BRIS]}]
    if trace.sujets:
        ressource["entity"] = list(_entites(trace.sujets))
    return ressource


def _type(trace: Trace) -> tuple[str, str]:
    for prefixe, code, libelle in _TYPES:
        if trace.genre.startswith(prefixe):
            return code, libelle
    return _PATIENT if trace.sujets else _APPLICATION


def _agent(trace: Trace, compte: Compte | None) -> dict[str, Any]:
    """Who: by the national identifier where there is one, else by the account."""
    if trace.acteur_id is None:
        return {
            "who": {"type": "Device", "display": f"Treille ({trace.origine})"},
            "requestor": False,
        }
    national = compte.id_national if compte else ""
    qui = {
        "type": "Patient" if trace.role == "usager" else "Practitioner",
        "identifier": {"system": _IDNPS, "value": national}
        if national
        else {"system": "urn:treille:compte", "value": str(trace.acteur_id)},
    }
    agent: dict[str, Any] = {"who": qui, "altId": str(trace.acteur_id), "requestor": True}
    if compte:
        agent["name"] = qui["display"] = compte.nom_complet
    if fonction := fonction_de(trace.role):
        codage = {"system": "urn:treille:fonction", "code": trace.role, "display": fonction}
        agent["role"] = [{"coding": [codage], "text": fonction}]
    return agent


def _entites(sujets: Iterable[UUID]) -> Iterable[dict[str, Any]]:
    for sujet in sujets:
        yield {
            "what": {"reference": f"Patient/{sujet}", "type": "Patient"},
            "type": {
                "system": "http://terminology.hl7.org/CodeSystem/audit-entity-type",
                "code": "1",
                "display": "Person",
            },
            "role": {
                "system": "http://terminology.hl7.org/CodeSystem/object-role",
                "code": "1",
                "display": "Patient",
            },
        }
