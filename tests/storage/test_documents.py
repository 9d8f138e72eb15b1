"""Documents kept, given back and erased; never readable without the usager's key."""

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection

from plateforme.chiffrement import sujets
from plateforme.chiffrement.coffre import CleDetruite, CleIndisponible, ScelleInvalide
from plateforme.core.errors import Indisponible, Introuvable
from plateforme.outbox.models import Message
from plateforme.outbox.services import livrer
from plateforme.storage import objets, services
from plateforme.storage.erreurs import DocumentFerme, FichierRefuse
from plateforme.storage.models import Document
from plateforme.tenancy.courant import Contexte, lier
from tests.storage.fichiers import pdf
from tests.support.monde import Monde

TEXTE = b"Compte rendu Canari-Contenu : tout va bien."


def deposer(sujet: Any = None, octets: bytes = TEXTE, nom: str = "Canari-Nom.txt") -> Document:
    return services.televerser(nom, octets, sujet_id=sujet, depose_par=None)


@pytest.mark.parametrize("sujet", [None, uuid4()])
def test_un_document_se_relit_a_l_identique(dans_a: Contexte, sujet: Any) -> None:
    octets = pdf(pages=30)
    document = Document.objects.get(pk=deposer(sujet, octets, "plan.pdf").pk)

    assert services.lire(document) == octets
    assert (document.nom, document.type_reel, document.taille) == ("plan.pdf", "application/pdf", len(octets))
    import hashlib

    assert document.empreinte == hashlib.sha256(octets).hexdigest()


def test_ni_la_base_ni_le_magasin_ne_montrent_le_document(dans_a: Contexte) -> None:
    document = deposer(uuid4())

    with connection.cursor() as curseur:
        curseur.execute("SELECT d::text FROM storage_document d")
        ligne = str(curseur.fetchall())
    assert "Canari" not in ligne
    assert b"Canari-Nom".hex() not in ligne
    assert b"Canari" not in objets.retirer(document.objet)
    assert document.objet.startswith("documents/")
    assert str(document.pk) not in document.objet


def test_le_contenu_d_un_document_mis_a_la_place_d_un_autre_est_refuse(dans_a: Contexte) -> None:
    sujet = uuid4()
    un, deux = deposer(sujet), deposer(sujet, b"autre")
    objets.deposer(un.objet, objets.retirer(deux.objet))

    with pytest.raises(ScelleInvalide):
        services.lire(un)
    Document.objects.filter(pk=un.pk).update(cle=deux.cle)
    with pytest.raises(ScelleInvalide):
        services.lire(Document.objects.get(pk=un.pk))


def test_un_objet_tronque_est_refuse(dans_a: Contexte) -> None:
    document = deposer(None, b"a" * 3_000_000)
    entier = objets.retirer(document.objet)

    for coupe in (len(entier) - 1, 2 * (1 << 20), 1_048_604, 12, 0):
        objets.deposer(document.objet, entier[:coupe])
        with pytest.raises(ScelleInvalide):
            services.lire(document)


def test_l_usager_d_a_cote_n_ouvre_rien(dans_a: Contexte) -> None:
    document = deposer(uuid4())
    autre = uuid4()
    sujets.cle_de(autre)
    Document.objects.filter(pk=document.pk).update(sujet_id=autre)

    with pytest.raises(ScelleInvalide):
        services.lire(Document.objects.get())


def test_la_structure_voisine_ne_trouve_ni_la_ligne_ni_l_objet(monde: Monde) -> None:
    with lier(monde.a):
        document = deposer(uuid4())
    with lier(monde.b):
        assert not Document.objects.filter(pk=document.pk).exists()
        with pytest.raises(Introuvable):
            objets.retirer(document.objet)


def test_effacer_garde_la_ligne_et_rien_d_autre(dans_a: Contexte) -> None:
    document, acteur = deposer(uuid4()), uuid4()

    for _ in range(2):
        services.effacer(document, par=acteur)
    assert Message.objects.filter(genre="storage.document.efface").count() == 1
    for attente in Message.objects.filter(etat="a_livrer").order_by("pk"):
        livrer(attente.pk)

    ligne = Document.objects.get()
    assert (ligne.etat, ligne.cle, ligne.nom, ligne.efface_par) == ("efface", None, "", acteur)
    with pytest.raises(Introuvable):
        objets.retirer(document.objet)
    with pytest.raises(DocumentFerme):
        services.lire(ligne)


def test_detruire_la_cle_d_un_usager_efface_ses_documents_et_pas_les_autres(dans_a: Contexte) -> None:
    sujet = uuid4()
    sien, autre = deposer(sujet), deposer(uuid4())

    sujets.detruire_sujet(sujet, motif="effacement")

    with pytest.raises(CleDetruite):
        services.lire(sien)
    assert services.lire(autre) == TEXTE


def test_sans_les_cles_rien_n_entre_ni_ne_sort(dans_a: Contexte, settings: Any, tmp_path: Any) -> None:
    document = deposer(uuid4())
    settings.CLES_DOSSIER = str(tmp_path / "demonte")

    with pytest.raises(CleIndisponible):
        services.lire(document)
    with pytest.raises(CleIndisponible):
        deposer(uuid4())
    assert Document.objects.count() == 1


def test_sans_le_magasin_rien_n_est_inscrit(dans_a: Contexte, settings: Any, tmp_path: Any) -> None:
    settings.S3_ENDPOINT_URL, settings.S3_ACCESS_KEY_ID, settings.S3_SECRET_ACCESS_KEY = (
        "http://127.0.0.1:18134",
        "x",
        "x",
    )
    objets.magasin.cache_clear()
    try:
        with pytest.raises(Indisponible, match="ne répond pas"):
            deposer()
    finally:
        settings.S3_ENDPOINT_URL = ""
        objets.magasin.cache_clear()
    assert Document.objects.count() == 0


def test_un_fichier_refuse_ne_laisse_aucune_trace(dans_a: Contexte) -> None:
    avant = objets.magasin().lister(objets.cle("documents"))

    with pytest.raises(FichierRefuse):
        deposer(None, b"MZ\0", "x.pdf")

    assert Document.objects.count() == 0
    assert objets.magasin().lister(objets.cle("documents")) == avant


def test_apres_une_nouvelle_cle_tout_se_relit_et_se_rescelle(dans_a: Contexte) -> None:
    from plateforme.chiffrement.rescellement import resceller_tout
    from plateforme.chiffrement.trousseau import trousseau_courant

    de_structure, d_usager = deposer(), deposer(uuid4())
    trousseau_courant().nouvelle_version()

    assert resceller_tout(lot=1) == {"chiffrement.cle_sujet": 1, "storage.document": 1}

    for document in (de_structure, d_usager):
        relu = Document.objects.get(pk=document.pk)
        assert (services.lire(relu), relu.nom) == (TEXTE, "Canari-Nom.txt")


def test_lire_et_deposer_laissent_une_trace_qui_nomme_l_usager(dans_a: Contexte) -> None:
    from plateforme.audit.models import Trace

    sujet = uuid4()
    document = deposer(sujet)
    services.lire(document)
    connection.ecrire_avant_commit()

    traces = {t.genre: t for t in Trace.objects.all()}
    for genre in ("storage.document.depose", "storage.document.lu"):
        assert list(traces[genre].sujets) == [sujet]
        assert traces[genre].details["document"] == str(document.pk)
        assert "Canari" not in str(traces[genre].details)
