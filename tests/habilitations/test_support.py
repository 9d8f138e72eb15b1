"""Support: nothing without a grant, nothing after it, and masked reads of a few pages while it lasts."""

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from plateforme.audit.models import Trace
from plateforme.habilitations.acces import LIBRE
from plateforme.habilitations.models import SessionSupport
from plateforme.habilitations.registre import action
from plateforme.habilitations.support import ACTIONS
from plateforme.identity.models import Compte, Session
from plateforme.tenancy.courant import PUBLIC, Contexte, lier
from plateforme.tenancy.masque import LectureSeule, masquer
from tests.securite.routes import Operation, Route, operations, routes
from tests.securite.scenes import CANARI, Scene, dresser, objet_du_chemin, remplir
from tests.support.monde import Monde, client_de, compte

DEMANDE = {"objet": "La tournée du matin ne s’affiche pas", "heures": "2"}
VISEES = [r for r in (*routes(), *operations()) if getattr(r, "site", "structure") == "structure"]


def accorder(contexte: Contexte, **autres: str) -> str:
    """The code shown to the direction."""
    reponse = client_de(contexte, "direction").post("/habilitations/support/accorder", {**DEMANDE, **autres})
    assert reponse.status_code == 200
    trouve = re.search(r"<code>([2-9A-Z-]{15})</code>", reponse.content.decode())
    assert trouve is not None
    return trouve.group(1)


def se_presenter(
    contexte: Contexte, operateur: str = "denis", vers: Contexte | None = None
) -> tuple[Any, str]:
    """The operator's browser on the structure's host, with the reference the network gave."""
    chez_elle, au_reseau = client_de(contexte), client_de(None, operateur)
    depart = chez_elle.get("/support/depart")
    retour = au_reseau.get(depart.headers["Location"].removeprefix("http://localhost"))
    assert retour.status_code == 302, retour.status_code
    return chez_elle, retour.headers["Location"].split("jeton=")[1]


def jeton_lisible(jeton: str) -> str:
    from urllib.parse import unquote

    return unquote(jeton)


def entrer(contexte: Contexte, code: str) -> Any:
    client, jeton = se_presenter(contexte)
    reponse = client.post("/support", {"jeton": jeton_lisible(jeton), "code": code})
    assert reponse.status_code == 302, reponse.content.decode()
    return client


def test_la_liste_du_support_est_faite_de_lectures() -> None:
    for code in ACTIONS:
        voulue = action(code)
        assert (voulue.nature, voulue.operation, voulue.portee, voulue.elevation) == (
            "lecture", "L", "structure", False,
        )  # fmt: skip
        assert voulue.domaine not in ("sante", "acces_logement", "ins")


def test_le_support_n_est_la_fonction_d_aucun_compte() -> None:
    from plateforme.habilitations.domaines import COLONNES
    from plateforme.identity.models import Role

    assert "support" not in Role.values
    assert "support" not in COLONNES


def test_l_operateur_entre_et_lit_masque(monde: Monde) -> None:
    dresser(monde.a)
    code = accorder(monde.a)

    client = entrer(monde.a, code.lower().replace("-", " "))

    accueil = client.get("/usagers").content.decode()
    assert "••••" in accueil
    assert CANARI not in accueil
    assert "Session de support" in accueil
    assert "Quitter" in accueil
    with lier(monde.a):
        ligne = SessionSupport.objects.get(entree_a__isnull=False)
        assert ligne.operateur_nom == "Denis Réseau"
        traces = Trace.objects.filter(acteur_id=ligne.pk, mode="support")
        assert set(traces.values_list("genre", flat=True)) == {"dossier.usager.lister"}
        assert set(traces.values_list("role", flat=True)) == {"support"}
        assert Trace.objects.filter(genre="habilitations.support.entre").count() == 1


def _methodes(route: Route | Operation) -> Iterator[str]:
    if isinstance(route, Operation):
        yield route.methode
    else:
        yield from (m for m in route.methodes if m in ("GET", "POST", "PUT", "DELETE"))


def _demander(client: Any, methode: str, route: Route | Operation, scene: Scene) -> Any:
    cible = objet_du_chemin(scene, route.chemin) if route.parametres else uuid4()
    chemin = remplir(route.chemin, cible, scene)
    if methode == "GET":
        return client.get(chemin)
    if isinstance(route, Operation):
        return client.generic(methode, chemin, b"{}", content_type="application/json")
    return client.generic(methode, chemin)


def _corps(reponse: Any) -> str:
    return b"".join(reponse.streaming_content).decode() if reponse.streaming else reponse.content.decode()


def _empreinte_de_la_base() -> dict[str, int]:
    """Rows touched by anything but the session itself and the journal."""
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
            "WHERE schemaname = current_schema() AND relname NOT LIKE 'audit_%%' AND relname <> 'identity_session'"
        )
        return dict(curseur.fetchall())


def test_sur_chaque_route_rien_ne_sort_et_rien_ne_s_ecrit(monde: Monde) -> None:
    """Every page and operation, with the scene's own objects."""
    scene = dresser(monde.a)
    client = entrer(monde.a, accorder(monde.a))
    with lier(monde.a):
        avant = _empreinte_de_la_base()
    fautes, lues = [], 0
    for route in VISEES:
        if route.chemin in ("deconnexion", "livez", "readyz"):  # the way out, and probes that know nobody
            continue
        for methode in _methodes(route):
            reponse = _demander(client, methode, route, scene)
            dite = f"{methode} {route.chemin} : {reponse.status_code}"
            if reponse.status_code >= 500:
                fautes.append(f"{dite}, cassée")
            elif CANARI in _corps(reponse) or "Zoé" in _corps(reponse):
                fautes.append(f"{dite}, montre la scène")
            elif methode != "GET" and reponse.status_code not in (403, 405):
                fautes.append(f"{dite}, écriture non refusée")
            elif (
                route.action not in ACTIONS
                and route.action != LIBRE
                and reponse.status_code not in (403, 405)
            ):
                fautes.append(f"{dite}, hors de la liste")
            elif methode == "GET" and reponse.status_code == 200:
                lues += 1
    with lier(monde.a):
        apres = _empreinte_de_la_base()

    assert not fautes, "\n".join(fautes)
    assert lues >= 8
    assert apres == avant


def test_chaque_page_demandee_est_au_journal(monde: Monde) -> None:
    dresser(monde.a)
    client = entrer(monde.a, accorder(monde.a))

    for chemin in ("/planning", "/habilitations", "/equipe", "/habilitations/comptes.csv"):
        client.get(chemin)

    with lier(monde.a):
        genres = list(Trace.objects.filter(mode="support").order_by("numero").values_list("genre", flat=True))
    assert genres == [
        "telegestion.planning.voir",
        "habilitations.matrice.voir",
        "identity.equipe.voir",
        "habilitations.droits.exporter",
    ]


def test_retiree_elle_ne_vaut_plus_rien_au_geste_suivant(monde: Monde) -> None:
    client = entrer(monde.a, accorder(monde.a))
    assert client.get("/usagers").status_code == 200
    direction = client_de(monde.a, "direction")
    assert "Le support regarde votre structure" in direction.get("/usagers").content.decode()
    with lier(monde.a):
        cle = SessionSupport.objects.get().pk

    assert direction.post(f"/habilitations/support/{cle}/retirer").status_code == 302

    assert client.get("/usagers").status_code == 302
    assert "Le support regarde" not in direction.get("/usagers").content.decode()


def test_retirer_n_attend_pas_la_session(monde: Monde) -> None:
    """Even if the row of the session were still there, the grant decides."""
    client = entrer(monde.a, accorder(monde.a))
    with lier(monde.a):
        SessionSupport.objects.update(retiree_a=timezone.now())
        assert Session.objects.filter(compte_id=SessionSupport.objects.get().pk).exists()

    assert client.get("/usagers").status_code == 302


def test_finie_elle_ne_vaut_plus_rien(monde: Monde) -> None:
    code = accorder(monde.a)
    client = entrer(monde.a, code)
    with lier(monde.a):
        SessionSupport.objects.update(au=timezone.now() - timedelta(seconds=1))

    assert client.get("/usagers").status_code == 302
    autre, jeton = se_presenter(monde.a)
    assert autre.post("/support", {"jeton": jeton_lisible(jeton), "code": code}).status_code == 422


def test_sans_accord_rien_ne_s_ouvre(monde: Monde) -> None:
    client, jeton = se_presenter(monde.a)

    reponse = client.post("/support", {"jeton": jeton_lisible(jeton), "code": "2345-6789-ABCDE"})

    assert reponse.status_code == 422
    assert client.get("/usagers").status_code == 302


def test_le_code_d_une_structure_n_ouvre_pas_l_autre(monde: Monde) -> None:
    code = accorder(monde.a)
    client, jeton = se_presenter(monde.b)

    assert client.post("/support", {"jeton": jeton_lisible(jeton), "code": code}).status_code == 422
    assert client.get("/usagers").status_code == 302
    # Nor does the cookie of a good session next door.
    dedans = entrer(monde.a, code)
    voisin = client_de(monde.b)
    voisin.cookies = dedans.cookies
    assert voisin.get("/usagers").status_code == 302


def test_le_passage_sert_une_fois_dans_un_seul_navigateur(monde: Monde) -> None:
    code = accorder(monde.a)
    client, jeton = se_presenter(monde.a)
    bon = jeton_lisible(jeton)
    assert client_de(monde.a).post("/support", {"jeton": bon, "code": code}).status_code == 422
    assert client.post("/support", {"jeton": bon, "code": "FAUX-FAUX-FAUX2"}).status_code == 422

    assert client.post("/support", {"jeton": bon, "code": code}).status_code == 422  # already used


def test_le_passage_d_une_structure_ne_vaut_pas_chez_la_voisine(monde: Monde) -> None:
    code = accorder(monde.b)
    client, jeton = se_presenter(monde.a)
    voisin = client_de(monde.b)
    voisin.cookies = client.cookies

    assert voisin.post("/support", {"jeton": jeton_lisible(jeton), "code": code}).status_code == 422


def test_un_second_operateur_ne_prend_pas_la_place(monde: Monde) -> None:
    from plateforme.reseau.models import CompteReseau
    from tests.support.monde import munir

    code = accorder(monde.a)
    entrer(monde.a, code)
    with lier(PUBLIC):
        munir(
            CompteReseau.objects.ouvrir(
                identifiant="dora", mot_de_passe=None, prenom="Dora", nom="Réseau", role="operateur"
            )
        )
    client, jeton = se_presenter(monde.a, "dora")

    assert client.post("/support", {"jeton": jeton_lisible(jeton), "code": code}).status_code == 422


def test_seul_un_operateur_a_la_preuve_fraiche_passe(monde: Monde) -> None:
    from plateforme.reseau.models import SessionReseau

    chemin = f"/support/passage?structure=alpha&navigateur={'a' * 64}"
    assert client_de(None, "paule").get(chemin).status_code == 403
    assert client_de(None).get(chemin).status_code == 302
    denis = client_de(None, "denis")
    assert denis.get(chemin.replace("alpha", "inconnue")).status_code == 404
    with lier(PUBLIC):
        SessionReseau.objects.update(confirmee_a=timezone.now() - timedelta(minutes=6))
    assert denis.get(chemin).status_code == 403


@pytest.mark.parametrize("qui", ["alice", "idec", "accueil", "awa", "delphine"])
def test_seule_la_direction_accorde(qui: str, monde: Monde) -> None:
    client = client_de(monde.a, qui)

    assert client.post("/habilitations/support/accorder", DEMANDE).status_code == 403
    assert client.get("/habilitations/support").status_code == (200 if qui == "delphine" else 403)


def test_accorder_demande_un_objet_et_une_preuve_fraiche(monde: Monde) -> None:
    client = client_de(monde.a, "direction")
    assert client.post("/habilitations/support/accorder", {**DEMANDE, "objet": "voir"}).status_code == 422
    assert client.post("/habilitations/support/accorder", {**DEMANDE, "heures": "5"}).status_code == 422
    with lier(monde.a):
        Session.objects.update(confirmee_a=timezone.now() - timedelta(minutes=6))

    assert client.post("/habilitations/support/accorder", DEMANDE).status_code == 403
    with lier(monde.a):
        assert not SessionSupport.objects.exists()


def test_le_code_n_est_pas_dans_la_base(monde: Monde) -> None:
    code = accorder(monde.a)

    with lier(monde.a):
        ligne = SessionSupport.objects.values().get()
    assert code not in str(ligne)
    assert code.replace("-", "") not in str(ligne)


def test_sous_le_masque_rien_ne_s_enregistre(dans_a: Contexte) -> None:
    """What was blinded never comes back over what was true, by any way of writing."""
    awa = compte("awa")
    with masquer():
        lue = Compte.objects.get(pk=awa.pk)
        assert (lue.prenom, lue.nom, lue.role) == ("••••", "••••", "intervenant")
        for ecrire in (
            lue.save, lue.delete, Compte.objects.filter(pk=awa.pk).delete,
            lambda: Compte.objects.filter(pk=awa.pk).update(nom="x"),
            lambda: Compte.objects.bulk_create([Compte(identifiant="x", role="idec")]),
        ):  # fmt: skip
            with pytest.raises(LectureSeule):
                ecrire()
    assert compte("awa").prenom == "Awa"


def test_chercher_un_nom_n_apprend_pas_s_il_est_la(monde: Monde) -> None:
    dresser(monde.a)
    client = entrer(monde.a, accorder(monde.a))

    present = client.get("/usagers", {"q": CANARI}).content.decode().replace(CANARI, "")
    absent = client.get("/usagers", {"q": "Personnedecenom"}).content.decode()

    assert present.count("••••") == absent.count("••••") > 0
    awa = client.get("/equipe", {"q": "awa"}).content.decode()
    personne = client.get("/equipe", {"q": "zzz"}).content.decode()
    assert awa.count("••••") == personne.count("••••") > 0


def test_une_session_de_support_ne_lit_ni_la_sante_ni_les_cles(monde: Monde) -> None:
    from dossier.models import Usager
    from dossier.queries import usagers_en_sante, usagers_visibles
    from plateforme.habilitations.decision import decider
    from plateforme.habilitations.models import Reglage
    from plateforme.habilitations.support import SessionsDeSupport

    scene = dresser(monde.a)
    entrer(monde.a, accorder(monde.a))
    with lier(monde.a):
        qui = SessionsDeSupport().get_user(SessionSupport.objects.get(entree_a__isnull=False).pk)
        assert qui is not None
        assert usagers_visibles(qui).filter(pk=scene.objets["usagers"]).exists()
        assert not usagers_en_sante(qui).exists()
        assert Usager.objects.exists()
        for code in ("dossier.sante.voir", "dossier.usager.acces_logement", "dossier.ins.voir"):
            Reglage.objects.create(
                role="support", code=code, permis=True, motif="x", regle_par=compte("direction")
            )
            assert not decider(qui, code)


def test_un_accord_que_personne_n_a_pris_n_est_personne(monde: Monde) -> None:
    """The row of the grant alone signs nobody in."""
    from plateforme.habilitations.support import SessionsDeSupport

    accorder(monde.a)
    with lier(monde.a):
        cle = SessionSupport.objects.get().pk
        assert SessionsDeSupport().get_user(cle) is None
    with lier(monde.b):
        assert SessionsDeSupport().get_user(cle) is None
    with lier(PUBLIC):
        assert SessionsDeSupport().get_user(cle) is None
