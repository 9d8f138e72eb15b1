"""The key of an usager: its destruction erases what it sealed, and a restore does not bring it back."""

from uuid import uuid4

import pytest

from plateforme.chiffrement import coffre, sujets
from plateforme.chiffrement.coffre import CleDetruite, ScelleInvalide
from plateforme.chiffrement.models import CleSujet, Destruction
from plateforme.chiffrement.trousseau import trousseau_courant
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.tenancy.courant import Contexte

USAGE = "essai.document:1"


def test_chaque_usager_a_sa_cle(dans_a: Contexte) -> None:
    un, deux = uuid4(), uuid4()
    scelle = sujets.cle_de(un).sceller(b"secret", USAGE)

    assert sujets.cle_de(un).ouvrir(scelle, USAGE) == b"secret"
    assert CleSujet.objects.count() == 1
    with pytest.raises(ScelleInvalide):
        sujets.cle_de(deux).ouvrir(scelle, USAGE)
    with pytest.raises(ScelleInvalide):
        sujets.cle_de(un).ouvrir(scelle, "essai.document:2")


def test_detruire_la_cle_d_un_usager_n_efface_que_lui(dans_a: Contexte) -> None:
    un, deux = uuid4(), uuid4()
    scelle, autre = (sujets.cle_de(s).sceller(b"secret", USAGE) for s in (un, deux))

    assert sujets.detruire_sujet(un, motif="fin_de_conservation") is True
    assert sujets.detruire_sujet(un, motif="fin_de_conservation") is False

    with pytest.raises(CleDetruite):
        sujets.cle_de(un, creer=False)
    with pytest.raises(CleDetruite):
        sujets.cle_de(un).ouvrir(scelle, USAGE)
    assert sujets.cle_de(deux).ouvrir(autre, USAGE) == b"secret"
    ligne = Destruction.objects.get()
    assert (ligne.sujet_id, ligne.motif) == (un, "fin_de_conservation")


def test_une_base_restauree_ne_ramene_pas_une_cle_detruite(dans_a: Contexte) -> None:
    un, deux = uuid4(), uuid4()
    scelle = sujets.cle_de(un).sceller(b"secret", USAGE)
    sujets.cle_de(deux)
    sauvegarde = CleSujet.objects.get(sujet_id=un)
    sujets.detruire_sujet(un, motif="effacement")
    assert livrer(Message.objects.get(genre="chiffrement.sujet.detruit").pk)
    CleSujet.objects.bulk_create([sauvegarde])
    assert sujets.cle_de(un).ouvrir(scelle, USAGE) == b"secret"

    assert sujets.rejouer_les_destructions() == 1
    assert sujets.rejouer_les_destructions() == 0

    with pytest.raises(CleDetruite):
        sujets.cle_de(un, creer=False)
    assert CleSujet.objects.get().sujet_id == deux


def test_renouveler_la_cle_de_donnees_rescelle_les_cles_d_usagers_par_lots(dans_a: Contexte) -> None:
    scelles = {s: sujets.cle_de(s).sceller(b"secret", USAGE) for s in (uuid4() for _ in range(5))}
    trousseau_courant().nouvelle_version()

    assert [sujets.resceller_les_cles(lot=2) for _ in range(4)] == [2, 2, 1, 0]

    assert {sujets.cle_de(s).ouvrir(scelle, USAGE) for s, scelle in scelles.items()} == {b"secret"}


def test_le_registre_des_destructions_ne_se_reecrit_pas(dans_a: Contexte) -> None:
    from django.db import ProgrammingError

    un = uuid4()
    sujets.cle_de(un)
    sujets.detruire_sujet(un, motif="effacement")

    with pytest.raises(ProgrammingError, match="permission denied"):
        Destruction.objects.all().delete()


def test_le_registre_du_reseau_ne_se_reecrit_pas_non_plus(db: None) -> None:
    from django.db import ProgrammingError, transaction

    from plateforme.chiffrement.destructions import inscrire
    from plateforme.chiffrement.reseau.models import CleReseau, DestructionDeCle

    inscrire("essai", ["fichier:essai.1"], motif="essai")
    coffre.sceller(b"x", "essai")
    for acte in (
        lambda: DestructionDeCle.objects.all().delete(),
        lambda: DestructionDeCle.objects.update(motif="autre"),
        lambda: CleReseau.objects.all().delete(),
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            acte()
