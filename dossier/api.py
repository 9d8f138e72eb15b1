"""Dossiers, for other software of the structure."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest
from ninja import Router, Schema, Status

from dossier import queries, services
from dossier.models import Civilite, Niveau, StatutIns, Usager
from plateforme.api.pagination import Page, paginer
from plateforme.api.problemes import Probleme
from plateforme.api.racine import porte

router = Router(tags=["Usagers"])


class SecteurVu(Schema):
    id: UUID
    nom: str


class UsagerVu(Schema):
    """A line of the list: enough to find the person, no health data."""

    id: UUID
    civilite: Civilite
    nom_naissance: str
    nom_usage: str
    prenoms: str
    ne_le: date
    statut_ins: StatutIns
    secteur: SecteurVu | None
    commune: str
    telephone: str
    accompagne_depuis: date
    sorti_le: date | None
    modifie_a: datetime


class ProcheVu(Schema):
    id: UUID
    nom_complet: str
    lien: str
    telephone: str
    personne_de_confiance: bool


class VigilanceVue(Schema):
    libelle: str
    niveau: Niveau
    sante: bool


class DossierVu(UsagerVu):
    """``gir`` and the vigilances flagged as health data only for a function of care: null or absent otherwise."""

    adresse: str
    code_postal: str
    vit_seul: bool
    gir: int | None
    medecin: str
    medecin_telephone: str
    vigilances: list[VigilanceVue]
    proches: list[ProcheVu]


class Admission(Schema):
    """``homonyme_confirme``: somebody looked, it is not the person of the same name and date of birth."""

    civilite: Civilite
    nom_naissance: str
    prenoms: str
    ne_le: date
    accompagne_depuis: date
    nom_usage: str = ""
    secteur_id: UUID | None = None
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    telephone: str = ""
    vit_seul: bool = False
    acces_logement: str = ""
    medecin: str = ""
    medecin_telephone: str = ""
    gir: int | None = None
    homonyme_confirme: bool = False


class AccesVu(Schema):
    acces_logement: str


LECTURE: dict[int, Any] = {401: Probleme, 403: Probleme, 422: Probleme}
UN_SEUL: dict[int, Any] = {**LECTURE, 404: Probleme}


def _ligne(usager: Usager) -> dict[str, Any]:
    secteur = {"id": usager.secteur.pk, "nom": usager.secteur.nom} if usager.secteur else None
    champs = (
        "civilite", "nom_naissance", "nom_usage", "prenoms", "ne_le", "statut_ins", "commune", "telephone",
        "accompagne_depuis", "sorti_le", "modifie_a",
    )  # fmt: skip
    return {"id": usager.pk, "secteur": secteur, **{champ: getattr(usager, champ) for champ in champs}}


def _dossier(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    fiche = queries.fiche(request.user, cle)
    usager = fiche.usager
    champs = ("adresse", "code_postal", "vit_seul", "medecin", "medecin_telephone")
    return {
        **_ligne(usager),
        **{champ: getattr(usager, champ) for champ in champs},
        "gir": fiche.gir,
        "vigilances": [
            {"libelle": v.libelle, "niveau": v.niveau, "sante": v.sante} for v in fiche.vigilances
        ],
        "proches": [
            {
                "id": p.pk,
                "nom_complet": p.nom_complet,
                "lien": p.lien,
                "telephone": p.telephone,
                "personne_de_confiance": p.personne_de_confiance,
            }
            for p in fiche.proches
        ],
    }


@router.get(
    "",
    auth=porte("dossier.usager.lister"),
    response={200: Page[UsagerVu], **LECTURE},
    summary="Les usagers, du dernier admis au premier",
)
def lister(
    request: HttpRequest,
    q: str = "",
    secteur: UUID | None = None,
    statut: str = "accompagnes",
    apres: UUID | None = None,
    taille: int = 50,
) -> dict[str, Any]:
    """``q``: words that start words of the names, or four digits of the telephone. ``statut``: accompagnes, sortis, tous."""
    lignes = queries.lister(request.user, texte=q[:80], secteur_id=secteur, statut=statut)
    page, suivant = paginer(lignes, apres=apres, taille=taille)
    return {"elements": [_ligne(usager) for usager in page], "suivant": suivant}


@router.post(
    "",
    auth=porte("dossier.usager.creer"),
    response={201: DossierVu, 400: Probleme, **LECTURE, 409: Probleme},
    summary="Admettre un usager",
)
def admettre(request: HttpRequest, demande: Admission) -> Status[Any]:
    champs = demande.dict()
    confirme = champs.pop("homonyme_confirme")
    cree = services.admettre_usager(request.user, champs, homonyme_confirme=confirme)
    return Status(201, _dossier(request, cree.pk))


@router.get(
    "/{uuid:cle}",
    auth=porte("dossier.usager.voir"),
    response={200: DossierVu, **UN_SEUL},
    summary="Le dossier d’un usager",
)
def dossier(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    return _dossier(request, cle)


@router.post(
    "/{uuid:cle}/acces-logement",
    auth=porte("dossier.usager.acces_logement"),
    response={200: AccesVu, **UN_SEUL},
    summary="Afficher les clés et le code de porte",
    description="Chaque affichage est tracé.",
)
def acces_logement(request: HttpRequest, cle: UUID) -> dict[str, Any]:
    return {"acces_logement": services.devoiler_acces(request.user, cle)}
