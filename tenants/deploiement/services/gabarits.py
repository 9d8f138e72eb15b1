"""Edit templates: a draft is copied from the published version, changed, checked, published; never changed after."""

from typing import Any

from django.db import transaction

from plateforme.audit.journal import noter
from plateforme.core.clock import now
from tenants.deploiement.models import EtapeModele, Gabarit
from tenants.deploiement.rules import VSR, cycle
from tenants.deploiement.services.erreurs import DeploiementRefuse, SaisieRefusee

_COPIES = (
    "code", "ordre", "phase", "titre", "aide", "responsable", "jours_avant", "fait", "bloquante", "derogeable",
    "preuve_exigee", "depend_de", "raci", "source",
)  # fmt: skip


def preparer(gabarit: Gabarit) -> Gabarit:
    """The draft that follows, the one already begun if there is one."""
    existant = Gabarit.objects.filter(type=gabarit.type, profil=gabarit.profil, publie_a__isnull=True).first()
    if existant is not None:
        return existant
    derniere = Gabarit.objects.filter(type=gabarit.type, profil=gabarit.profil).order_by("-version").first()
    assert derniere is not None
    with transaction.atomic():
        brouillon = Gabarit.objects.create(
            type=gabarit.type, profil=gabarit.profil, version=derniere.version + 1
        )
        EtapeModele.objects.bulk_create(
            EtapeModele(gabarit=brouillon, **{champ: getattr(e, champ) for champ in _COPIES})
            for e in derniere.etapes.all()
        )
    return brouillon


def _exiger_brouillon(gabarit: Gabarit) -> None:
    if gabarit.publie_a is not None:
        raise DeploiementRefuse("Cette version est publiée\u00a0: préparez la suivante pour la changer.")


def fautes(gabarit: Gabarit) -> list[str]:
    """What keeps it from being published, in sentences."""
    etapes = {e.code: e for e in gabarit.etapes.all()}
    phrases = []
    if VSR not in etapes:
        phrases.append(
            "La signature de la mise en production manque\u00a0: ajoutez l’étape «\u00a0vsr\u00a0»."
        )
    for e in etapes.values():
        phrases += [
            f"«\u00a0{e.titre}\u00a0» attend «\u00a0{code}\u00a0», qui n’est pas dans ce gabarit."
            for code in e.depend_de
            if code not in etapes
        ]
    if tour := cycle({c: e.depend_de for c, e in etapes.items()}):
        phrases.append(f"Ces étapes s’attendent l’une l’autre\u00a0: {', '.join(tour)}.")
    return phrases


def publier(gabarit: Gabarit, *, note: str) -> None:
    note = " ".join(note.split())
    with transaction.atomic():
        gabarit = Gabarit.objects.select_for_update().get(pk=gabarit.pk)
        _exiger_brouillon(gabarit)
        if manquent := fautes(gabarit):
            raise DeploiementRefuse(" ".join(manquent))
        if not note:
            raise SaisieRefusee(
                "Dites en une phrase ce qui change.", champs={"note": "Ce qui change est attendu."}
            )
        gabarit.publie_a, gabarit.note = now(), note[:300]
        gabarit.save(update_fields=["publie_a", "note", "modifie_a"])
        noter("deploiement.gabarit.publie", gabarit=str(gabarit.pk), version=gabarit.version)


def ecrire_une_etape(gabarit: Gabarit, etape: EtapeModele | None, valeurs: dict[str, Any]) -> EtapeModele:
    """Create or change a step of a draft. Raises for a code already taken, a circle, or a published version."""
    _exiger_brouillon(gabarit)
    autres = {e.code: list(e.depend_de) for e in gabarit.etapes.all() if etape is None or e.pk != etape.pk}
    code = etape.code if etape else valeurs["code"]
    if etape is None and code in autres:
        raise SaisieRefusee("Une étape porte déjà ce code.", champs={"code": "Ce code est déjà pris."})
    if cycle({**autres, code: valeurs["depend_de"]}):
        raise SaisieRefusee(
            "Cette étape s’attendrait elle-même.",
            champs={"depend_de": "Ce choix fait un cercle\u00a0: retirez-en une."},
        )
    if valeurs["derogeable"] and not valeurs["bloquante"]:
        raise SaisieRefusee(
            "On ne déroge qu’à une étape qui bloque.",
            champs={"derogeable": "Cochez aussi qu’elle bloque, ou décochez."},
        )
    ligne = etape or EtapeModele(gabarit=gabarit, code=code)
    for champ, valeur in valeurs.items():
        if champ != "code":
            setattr(ligne, champ, valeur)
    ligne.save()
    return ligne


def retirer_une_etape(gabarit: Gabarit, etape: EtapeModele) -> None:
    _exiger_brouillon(gabarit)
    if etape.code == VSR:
        raise DeploiementRefuse("La signature de la mise en production ne se retire pas.")
    with transaction.atomic():
        etape.delete()
        for autre in gabarit.etapes.all():
            if etape.code in autre.depend_de:
                autre.depend_de = [c for c in autre.depend_de if c != etape.code]
                autre.save(update_fields=["depend_de"])
