"""What the journal keeps of sign-ins and of accounts: facts and ids, never a name, an address or a secret."""

from typing import Any

from plateforme.audit.models import Trace
from plateforme.tenancy.courant import lier
from tests.identity.outils import lien_de, premier
from tests.support.entree import entrer
from tests.support.monde import Monde, client_de, compte


def genres(monde: Monde) -> list[str]:
    with lier(monde.a):
        return [
            g
            for g in Trace.objects.order_by("numero").values_list("genre", flat=True)
            if g.startswith("identity.")
        ]


def test_une_connexion_reussie_se_lit_au_journal_avec_son_auteur(monde: Monde) -> None:
    entrer(client_de(monde.a), "alice")

    with lier(monde.a):
        trace = Trace.objects.get(genre="identity.connexion.reussie")
        assert trace.acteur_id == compte("alice").pk


def test_des_refus_et_un_blocage_se_lisent_au_journal_sans_dire_qui_fut_essaye(monde: Monde) -> None:
    client = client_de(monde.a)
    for _ in range(3):
        premier(client, "zzinconnue", "secret-bien-garde")

    assert genres(monde) == ["identity.connexion.refusee"] * 3 + ["identity.connexion.bloquee"]
    with lier(monde.a):
        tout = str(list(Trace.objects.values()))
    assert "zzinconnue" not in tout
    assert "secret-bien-garde" not in tout


def test_chaque_geste_sur_un_compte_laisse_sa_trace(monde: Monde) -> None:
    direction: Any = client_de(monde.a, "direction")
    lien_de(
        direction.post(
            "/equipe/inviter",
            {
                "prenom": "Jeanne",
                "nom": "Trace",
                "role": "intervenant",
                "devant_moi": "on",
                "piece": "cni",
                "mode": "presence",
            },
        )
    )
    with lier(monde.a):
        jeanne, awa = compte("jeanne.trace").pk, compte("awa").pk
    direction.post(f"/equipe/{jeanne}/invitation", {"geste": "revoquer"})
    direction.post(f"/equipe/{awa}/role", {"role": "aide_soignant"})
    direction.post(f"/equipe/{awa}/facteur", {"piece": "cni", "mode": "presence", "motif": "Téléphone perdu"})
    direction.post(f"/equipe/{awa}/etat")

    lues = set(genres(monde))
    assert {
        "identity.compte.invite",
        "identity.identite.attestee",
        "identity.invitation.revoquee",
        "identity.role.change",
        "identity.facteur.reinitialise",
        "identity.compte.desactive",
    } <= lues
    with lier(monde.a):
        tout = str(list(Trace.objects.values()))
    assert "Téléphone perdu" not in tout
    assert "Jeanne" not in tout
