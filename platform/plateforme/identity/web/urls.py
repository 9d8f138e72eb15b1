"""Paths of accounts and sign-in: ``structure`` for a SAD's host, ``reseau`` for the operator's and the porteur's."""

from collections.abc import Callable

from django.http import HttpResponse
from django.urls import URLPattern, path

from plateforme.identity.web import acces, connexion, equipe, moi

_LIBRES = [
    path("connexion", connexion.connexion, name="connexion"),
    path("connexion/code", connexion.second_facteur, name="second_facteur"),
    path("connexion/cle", connexion.options_de_cle, name="options_de_cle"),
    path("connexion/oubli", connexion.oubli, name="oubli"),
    path("deconnexion", connexion.deconnexion, name="deconnexion"),
    path("acces/inscription", acces.enrolement, name="enrolement"),
    path("acces/<str:jeton>", acces.acces, name="acces"),
]


def _de_soi(vues: dict[str, Callable[..., HttpResponse]]) -> list[URLPattern]:
    return [
        path("mon-compte", vues["mon_compte"], name="mon_compte"),
        path("mon-compte/sessions", vues["fermer_mes_sessions"], name="fermer_mes_sessions"),
        path("mon-compte/mot-de-passe", vues["mon_mot_de_passe"], name="mon_mot_de_passe"),
        path("mon-compte/application", vues["ajouter_application"], name="ajouter_application"),
        path("mon-compte/cle", vues["ajouter_cle"], name="ajouter_cle"),
        path("mon-compte/moyens/<uuid:facteur_id>/retirer", vues["retirer_facteur"], name="retirer_facteur"),
        path("mon-compte/codes", vues["mes_codes"], name="mes_codes"),
        path("confirmer", vues["confirmer"], name="confirmer"),
    ]


structure = [
    *_LIBRES,
    *_de_soi(moi.structure),
    path("equipe", equipe.equipe, name="equipe"),
    path("equipe/inviter", equipe.inviter, name="inviter"),
    path("equipe/reglages", equipe.reglages, name="reglages_des_acces"),
    path("equipe/<uuid:compte_id>", equipe.compte, name="compte_equipe"),
    path("equipe/<uuid:compte_id>/identite", equipe.attester, name="attester_identite"),
    path("equipe/<uuid:compte_id>/invitation", equipe.invitation, name="invitation_compte"),
    path("equipe/<uuid:compte_id>/facteur", equipe.reinitialiser, name="reinitialiser_facteur"),
    path("equipe/<uuid:compte_id>/role", equipe.role, name="role_compte"),
    path("equipe/<uuid:compte_id>/etat", equipe.etat, name="etat_compte"),
    path("equipe/<uuid:compte_id>/sessions", equipe.sessions, name="sessions_compte"),
]

reseau = [*_LIBRES, *_de_soi(moi.reseau)]
