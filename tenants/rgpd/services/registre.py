"""The register of processings: filled for the first time from the product, then written and signed version by version."""

from typing import Any
from uuid import UUID

from django.utils.text import slugify

from plateforme.core.clock import now, today
from tenants.models import Organisme
from tenants.rgpd import queries
from tenants.rgpd.models import DesignationDpd, FicheRegistre, SignatureDeFiche, VersionDeFiche
from tenants.rgpd.rules.traitements import MESURES, SOUS_TRAITANTS, TRAITEMENTS, TRANSFERTS, Traitement
from tenants.rgpd.services.commun import RgpdRefuse, acte, net

TENIR, SIGNER = "rgpd.registre.tenir", "rgpd.registre.signer"

# What art. 30-1 asks for, in its order.
RUBRIQUES = (
    ("responsable", "Responsable de traitement"),
    ("co_responsables", "Co-responsables"),
    ("dpd", "Délégué à la protection des données"),
    ("finalites", "Finalités"),
    ("bases", "Bases légales"),
    ("personnes", "Catégories de personnes"),
    ("categories", "Catégories de données"),
    ("destinataires", "Destinataires"),
    ("sous_traitants", "Sous-traitants"),
    ("transferts", "Transferts hors de l’Union européenne"),
    ("durees", "Délais d’effacement"),
    ("mesures", "Mesures de sécurité"),
)
# A fiche without these would say nothing.
EXIGEES = frozenset(
    {"responsable", "finalites", "bases", "personnes", "categories", "destinataires", "durees"}
)


def preremplir(acteur: Any) -> int:
    """Add the fiches the product knows and this entité juridique lacks. Says how many; the others are left as they are."""
    durees = {r.code: f"{r.donnee}\u00a0: {r.active}" for r in queries.conservation(today())}
    contenus = {t.code: _contenu(t, durees) for t in TRAITEMENTS.values()}
    with acte(acteur, TENIR, "rgpd.registre.prerempli") as organisme:
        deja = set(FicheRegistre.objects.filter(organisme=organisme).values_list("code", flat=True))
        nouveaux = [t for t in TRAITEMENTS.values() if t.code not in deja]
        for t in nouveaux:
            fiche = FicheRegistre.objects.create(organisme=organisme, code=t.code, intitule=t.intitule)
            contenu = {**contenus[t.code], **_identite(organisme)}
            _ecrire(acteur, fiche, 1, contenu, "Préremplie d’après le dictionnaire du produit")
    return len(nouveaux)


def _contenu(t: Traitement, durees: dict[str, str]) -> dict[str, str]:
    tables = "\n".join(
        f"{table}\u00a0: {', '.join(dits)}" for table, dits in queries.categories(t.code).items()
    )
    return {
        "co_responsables": "",
        "finalites": t.finalite,
        "bases": t.bases,
        "personnes": t.personnes,
        "categories": tables
        or "Aucune donnée dans le produit à ce jour\u00a0: à décrire si le traitement se fait ailleurs.",
        "destinataires": ", ".join(queries.destinataires(t)),
        "sous_traitants": SOUS_TRAITANTS,
        "transferts": TRANSFERTS,
        "durees": "\n".join(durees[code] for code in t.conservation if code in durees),
        "mesures": MESURES,
    }


def _identite(organisme: Organisme) -> dict[str, str]:
    en_poste = DesignationDpd.objects.filter(organisme=organisme, jusqu_au=None).first()
    return {
        "responsable": f"{organisme.raison_sociale}, FINESS juridique {organisme.finess}",
        "dpd": f"{en_poste.designe}, {en_poste.contact}" if en_poste else "À désigner",
    }


def _ecrire(
    acteur: Any, fiche: FicheRegistre, rang: int, contenu: dict[str, str], motif: str
) -> VersionDeFiche:
    empreinte = queries.empreinte_du_dictionnaire(fiche.code) if fiche.code in TRAITEMENTS else ""
    return VersionDeFiche.objects.create(
        fiche=fiche, rang=rang, contenu=contenu, dictionnaire=empreinte, motif=motif,
        redigee_par=acteur.pk, redigee_role=acteur.libelle_role, redigee_a=now(),
    )  # fmt: skip


def _vide(contenu: dict[str, str]) -> dict[str, str]:
    return {
        code: "Cette rubrique est obligatoire (RGPD article 30)."
        for code in EXIGEES
        if not contenu.get(code, "").strip()
    }


def ajouter(acteur: Any, *, intitule: str, contenu: dict[str, str]) -> FicheRegistre:
    """A processing the product does not know. Raises RgpdRefuse."""
    intitule = net(intitule, 150)
    code = slugify(intitule)[:40] or "traitement"
    if vides := _vide(contenu):
        raise RgpdRefuse("La fiche est incomplète.", champs=vides)
    with acte(acteur, TENIR, "rgpd.registre.version", rang=1) as organisme:
        if FicheRegistre.objects.filter(organisme=organisme, code=code).exists():
            raise RgpdRefuse(
                "Cette fiche existe déjà.", champs={"intitule": "Une fiche porte déjà cet intitulé."}
            )
        fiche = FicheRegistre.objects.create(organisme=organisme, code=code, intitule=intitule)
        _ecrire(acteur, fiche, 1, contenu, "Création")
    return fiche


def reecrire(
    acteur: Any, fiche_id: UUID, *, contenu: dict[str, str], motif: str, depuis: int
) -> VersionDeFiche:
    """A new version, on top of the one that was read (``depuis``). Raises RgpdRefuse, Introuvable."""
    if vides := _vide(contenu):
        raise RgpdRefuse("La fiche est incomplète.", champs=vides)
    with acte(acteur, TENIR, "rgpd.registre.version", fiche=str(fiche_id)) as organisme:
        lue = queries.fiche(organisme, fiche_id)
        if lue.derniere.rang != depuis:
            raise RgpdRefuse(
                f"La version {lue.derniere.rang} vient d’être écrite par quelqu’un d’autre\u00a0: relisez-la d’abord."
            )
        if lue.derniere.contenu == contenu and lue.a_jour:
            raise RgpdRefuse("Rien n’a changé dans cette fiche.")
        return _ecrire(acteur, lue.fiche, depuis + 1, contenu, net(motif, 300))


def signer(acteur: Any, fiche_id: UUID, *, rang: int) -> SignatureDeFiche:
    """Sign the version one read; an older one, or a fiche the product outgrew, is not signed. Raises RgpdRefuse."""
    with acte(acteur, SIGNER, "rgpd.registre.signe", fiche=str(fiche_id), rang=rang) as organisme:
        lue = queries.fiche(organisme, fiche_id)
        if lue.derniere.rang != rang:
            raise RgpdRefuse(
                f"La version {lue.derniere.rang} est parue entre-temps\u00a0: relisez-la avant de signer."
            )
        if not lue.a_jour:
            raise RgpdRefuse(
                "Le produit garde d’autres données depuis cette version\u00a0: écrivez-en une nouvelle avant de signer."
            )
        if any(s.role == acteur.libelle_role for s in lue.derniere.signatures.all()):
            raise RgpdRefuse("Votre fonction a déjà signé cette version.")
        return SignatureDeFiche.objects.create(
            version=lue.derniere, role=acteur.libelle_role, signee_par=acteur.pk, signee_a=now()
        )


def retirer(acteur: Any, fiche_id: UUID) -> FicheRegistre:
    """The processing stopped: the fiche leaves the register, its versions stay."""
    with acte(acteur, TENIR, "rgpd.registre.version", fiche=str(fiche_id), retiree=1) as organisme:
        fiche = queries.fiche(organisme, fiche_id).fiche
        fiche.retiree_le = today()
        fiche.save()
    return fiche
