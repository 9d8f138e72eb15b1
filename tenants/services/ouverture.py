"""Opens structures, one by one or from a porteur's list. Idempotent: on the FINESS géographique."""

from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, ClassVar, Literal

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.text import slugify

from plateforme.core.clock import today
from plateforme.core.errors import ErreurMetier
from plateforme.core.identifiers import Finess, IdentifiantInvalide
from tenants import repertoire
from tenants.models import Adhesion, Domaine, EtatStructure, Grappe, Organisme, Profil, ProfilDate, Structure
from tenants.rules import SLUGS_RESERVES
from tenants.services import estampille

Statut = Literal["creee", "deja_la", "refusee"]


class OuvertureRefusee(ErreurMetier):
    code: ClassVar[str] = "tenants.structure.refusee"


@dataclass(frozen=True, slots=True)
class Demande:
    """One line of a porteur's list, as typed."""

    numero: int
    raison_sociale: str
    finess_et: str
    finess_ej: str
    commune: str
    profil: str
    organisme: str = ""


@dataclass(frozen=True, slots=True)
class Resultat:
    """What became of a line, and why, in French."""

    numero: int
    raison_sociale: str
    finess: str
    statut: Statut
    motif: str = ""
    structure_id: str = ""
    slug: str = ""

    def en_json(self) -> dict[str, Any]:
        return asdict(self)


_PROFILS = {
    "saad": Profil.SAAD,
    "sad aide": Profil.SAAD,
    "aide": Profil.SAAD,
    "domicile": Profil.DOMICILE,
    "sad mixte": Profil.DOMICILE,
    "mixte": Profil.DOMICILE,
    "aide et soins": Profil.DOMICILE,
    "sad aide et soins": Profil.DOMICILE,
    "ssiad": Profil.SSIAD,
    "ex ssiad": Profil.SSIAD,
    "ex-ssiad": Profil.SSIAD,
}


def lire_profil(valeur: str) -> Profil:
    """Profile meant by a person's word. Raises OuvertureRefusee listing the accepted ones."""
    profil = _PROFILS.get(" ".join(valeur.casefold().split()))
    if profil is None:
        raise OuvertureRefusee(
            f"Le profil « {valeur.strip() or 'vide'} » est inconnu : écrivez SAAD, domicile ou SSIAD."
        )
    return profil


def ouvrir_une_liste(
    demandes: Iterable[Demande],
    *,
    grappe: Grappe | None = None,
    suivi: Callable[[Resultat], None] | None = None,
) -> list[Resultat]:
    """Each line in its own transaction: a bad one stops nothing, a second run creates nothing."""
    resultats: list[Resultat] = []
    vus: dict[str, int] = {}
    for demande in demandes:
        resultat = traiter_la_ligne(demande, vus, grappe)
        resultats.append(resultat)
        if suivi:
            suivi(resultat)
    return resultats


def traiter_la_ligne(demande: Demande, vus: dict[str, int], grappe: Grappe | None) -> Resultat:
    base = {"numero": demande.numero, "raison_sociale": demande.raison_sociale.strip()}
    finess = demande.finess_et.strip()
    try:
        et = Finess.lire(demande.finess_et)
        finess = et.numero
        if finess in vus:
            raise OuvertureRefusee(f"Ce FINESS figure déjà à la ligne {vus[finess]} du fichier.")
        structure, nouvelle = ouvrir(
            raison_sociale=demande.raison_sociale,
            finess_et=et,
            finess_ej=Finess.lire(demande.finess_ej),
            commune=demande.commune,
            profil=lire_profil(demande.profil),
            organisme=demande.organisme,
            grappe=grappe,
        )
        vus[finess] = demande.numero
    except IdentifiantInvalide as erreur:
        return Resultat(**base, finess=finess, statut="refusee", motif=str(erreur))  # type: ignore[arg-type]
    except ErreurMetier as erreur:
        return Resultat(**base, finess=finess, statut="refusee", motif=erreur.message)  # type: ignore[arg-type]
    return Resultat(
        **base,  # type: ignore[arg-type]
        finess=finess,
        statut="creee" if nouvelle else "deja_la",
        motif="" if nouvelle else "Cette structure est déjà ouverte.",
        structure_id=str(structure.pk),
        slug=structure.slug,
    )


def ouvrir(
    *,
    raison_sociale: str,
    finess_et: Finess,
    finess_ej: Finess,
    commune: str,
    profil: Profil,
    organisme: str = "",
    grappe: Grappe | None = None,
    fuseau: str = "",
    slug: str = "",
    depuis: date | None = None,
) -> tuple[Structure, bool]:
    """Open a structure, or go on with an opening that was cut. Returns it and whether it is new.

    Idempotent: on the FINESS géographique. Raises OuvertureRefusee when the same number is somebody else's.
    """
    raison_sociale = " ".join(raison_sociale.split())
    if not raison_sociale:
        raise OuvertureRefusee("La raison sociale est vide.")
    if finess_et == finess_ej:
        raise OuvertureRefusee(
            "Le FINESS géographique et le FINESS juridique sont identiques : "
            "le premier désigne le service, le second son organisme."
        )
    with transaction.atomic():
        structure, nouvelle = _inscrire(
            raison_sociale, finess_et, finess_ej, commune, organisme, fuseau, slug
        )
        if nouvelle:
            ProfilDate.objects.create(structure=structure, depuis=depuis or today(), profil=profil)
        if grappe is not None:
            _faire_adherer(structure, grappe)
        if structure.etat == EtatStructure.EN_CREATION:
            if not hasattr(structure, "emplacement"):
                estampille.attribuer(structure)
            Structure.objects.filter(pk=structure.pk).update(etat=EtatStructure.ACTIVE)
        transaction.on_commit(repertoire.oublier)
    return Structure.objects.select_related("organisme").get(pk=structure.pk), nouvelle


def _inscrire(
    raison_sociale: str, et: Finess, ej: Finess, commune: str, organisme: str, fuseau: str, slug: str
) -> tuple[Structure, bool]:
    existante = Structure.objects.select_related("organisme").filter(finess=et.numero).first()
    if existante is not None:
        if existante.organisme.finess != ej.numero:
            raise OuvertureRefusee(
                f"Ce FINESS est déjà celui de « {existante.raison_sociale} », rattachée à un autre organisme "
                f"({existante.organisme.finess}). Vérifiez le FINESS juridique."
            )
        return existante, False
    if Organisme.objects.filter(finess=et.numero).exists():
        raise OuvertureRefusee(
            "Ce numéro est un FINESS juridique, connu comme organisme : il faut celui du service."
        )
    if Structure.objects.filter(finess=ej.numero).exists():
        raise OuvertureRefusee(
            "Le FINESS juridique donné est celui d’un service : il faut celui de l’organisme."
        )
    porteur, _ = Organisme.objects.get_or_create(
        finess=ej.numero, defaults={"raison_sociale": " ".join(organisme.split()) or raison_sociale}
    )
    try:
        with transaction.atomic():
            structure = Structure.objects.create(
                organisme=porteur,
                finess=et.numero,
                raison_sociale=raison_sociale,
                commune=" ".join(commune.split()),
                slug=slug or choisir_le_slug(raison_sociale, commune),
                fuseau=fuseau or fuseau_du_departement(et.departement),
            )
            Domaine.objects.create(structure=structure, hote=f"{structure.slug}.{settings.TREILLE_DOMAINE}")
    except IntegrityError as erreur:
        raise OuvertureRefusee(
            "Une autre ouverture de la même structure est en cours : recommencez dans un instant."
        ) from erreur
    return structure, True


def _faire_adherer(structure: Structure, grappe: Grappe) -> None:
    adhesion = (
        Adhesion.objects.filter(structure=structure, jusqu_au__isnull=True).select_related("grappe").first()
    )
    if adhesion is None:
        Adhesion.objects.create(structure=structure, grappe=grappe, depuis=today())
    elif adhesion.grappe_id != grappe.pk:
        raise OuvertureRefusee(f"Cette structure est déjà membre de la grappe « {adhesion.grappe.nom} ».")


# Source: base IANA des fuseaux ; départements et collectivités d'outre-mer tels que FINESS les code.
_FUSEAUX = {
    "971": "America/Guadeloupe",
    "972": "America/Martinique",
    "973": "America/Cayenne",
    "974": "Indian/Reunion",
    "975": "America/Miquelon",
    "976": "Indian/Mayotte",
    "977": "America/St_Barthelemy",
    "978": "America/Marigot",
    "986": "Pacific/Wallis",
    "987": "Pacific/Tahiti",
    "988": "Pacific/Noumea",
}


def fuseau_du_departement(departement: str) -> str:
    return _FUSEAUX.get(departement, "Europe/Paris")


def choisir_le_slug(raison_sociale: str, commune: str) -> str:
    """A free DNS label: the name, then with the town, then with a number."""
    base = slugify(raison_sociale)[:40].strip("-") or "structure"
    avec_commune = slugify(f"{base}-{commune}")[:46].strip("-")
    candidats = [base, avec_commune, *(f"{avec_commune}-{n}" for n in range(2, 200))]
    pris = (
        set(Structure.objects.filter(slug__startswith=base[:20]).values_list("slug", flat=True))
        | SLUGS_RESERVES
    )
    for candidat in candidats:
        if candidat not in pris:
            return candidat
    raise OuvertureRefusee("Trop de structures portent ce nom : choisissez un sous-domaine à la main.")
