"""The steps the platform ships with, before anybody edits them.

Source of the phases, of the MIE steps and of the actors: guide volet numérique de la réforme des SAD, 11/2023. Days
before the go-live are ours: Source: à confirmer with the first grappes.
"""

from dataclasses import dataclass, replace

from tenants.deploiement.rules import VSR, Phase

_C, _K, _D = Phase.CADRAGE.value, Phase.CONTRACTUALISATION.value, Phase.DEPLOIEMENT.value
_GUIDE = "Guide volet numérique de la réforme des SAD, 11/2023"
_MIE = f"{_GUIDE}, préparer l’acquisition des MIE"
_RGPD = "RGPD, articles 28, 30, 35 et 37"


@dataclass(frozen=True, slots=True)
class Etape:
    """See ``models.EtapeModele``. ``projets``, ``profils``: where it applies."""

    code: str
    phase: str
    titre: str
    responsable: str
    jours_avant: int
    aide: str = ""
    fait: str = ""
    bloquante: bool = False
    derogeable: bool = False
    preuve_exigee: bool = False
    depend_de: tuple[str, ...] = ()
    raci: tuple[tuple[str, str], ...] = ()
    source: str = _GUIDE
    projets: tuple[str, ...] = ("acquisition", "mise_a_niveau")
    profils: tuple[str, ...] = ("saad", "domicile", "ssiad")


# Actors of the guide; R does, A answers for it, C is asked, I is told.
ACTEURS = {
    "structure": "Structure",
    "porteur": "Porteur",
    "editeur": "Éditeur",
    "ars": "ARS",
    "grades": "GRADeS",
    "collectif": "Collectif SI",
    "national": "CNSA, ANS, ANAP",
    "federation": "Fédération",
    "cabinet": "Cabinet de conseil",
}


def _raci(**roles: str) -> tuple[tuple[str, str], ...]:
    return tuple(roles.items())


ETAPES = (
    Etape("besoins", _C, "Décrire les besoins et l’organisation visée", "direction", 180,
          "Qui intervient, qui partage quoi, ce qui doit changer. Le kit de l’ANAP donne une trame.",
          preuve_exigee=True,
          raci=_raci(structure="R", porteur="A", grades="C", collectif="C", federation="C", cabinet="C", editeur="C")),
    Etape("maturite", _C, "Répondre au questionnaire de maturité", "direction", 175,
          "Vingt minutes. Les réponses servent à doser l’accompagnement, elles ne classent personne.",
          fait="deploiement.maturite", raci=_raci(structure="R", porteur="A", national="C")),
    Etape("perimetre", _C, "Fixer le périmètre et les partenaires", "direction", 170,
          "Services concernés, partenaires du domicile, logiciels gardés.",
          raci=_raci(structure="R", porteur="A", grades="C", collectif="C")),
    Etape("finess", _C, "Confirmer les FINESS géographique et juridique", "plateforme", 160,
          "Un FINESS en cours d’attribution suffit au cadrage ; il est exigé avant le premier certificat. "
          "Le conseil départemental est l’interlocuteur pour l’obtenir.",
          bloquante=True, raci=_raci(structure="R", porteur="A", ars="C")),
    Etape("equipe_projet", _C, "Nommer le chef de projet et l’administrateur technique", "direction", 150,
          "L’administrateur technique commande et installe les certificats ; prévoyez un suppléant.",
          fait="mie.administrateur_technique", source=_MIE, raci=_raci(structure="R", porteur="I")),
    Etape("exigences", _K, "Relire les exigences et choisir le profil du DUI", "porteur", 145,
          "Profil aide, ou profil domicile pour l’aide et le soin.",
          raci=_raci(porteur="R", structure="C", cabinet="C", national="C"), projets=("acquisition",)),
    Etape("exigences", _K, "Vérifier le référencement de la version installée", "porteur", 145,
          "Seule une version référencée ouvre droit au financement.",
          raci=_raci(porteur="R", structure="C", editeur="C", national="I"), projets=("mise_a_niveau",)),
    Etape("convention_ars", _K, "Signer la convention avec l’ARS", "porteur", 130,
          "Montants et jalons sont dans la convention de la grappe.", preuve_exigee=True,
          raci=_raci(porteur="R", ars="A", structure="I"), projets=("acquisition",)),
    Etape("bon_de_commande", _K, "Signer le bon de commande", "direction", 120,
          "Par service ou par organisme.", bloquante=True, preuve_exigee=True, depend_de=("exigences",),
          raci=_raci(structure="A", editeur="R", porteur="I")),
    Etape("sous_traitance", _K, "Signer le contrat de sous-traitance des données", "direction", 115,
          "La structure est responsable de traitement ; la plateforme est son sous-traitant.",
          bloquante=True, preuve_exigee=True, source=_RGPD, raci=_raci(structure="A", editeur="R")),
    Etape("contrat_ans", _K, "Faire valider le contrat d’adhésion à l’ANS", "direction", 110,
          "Démarche CAF101, par le représentant légal lui-même.", fait="mie.contrat_ans", bloquante=True,
          depend_de=("finess",), source=_MIE, raci=_raci(structure="R", national="A", editeur="I")),
    Etape("carte_cde", _D, "Activer la carte du représentant légal", "direction", 95,
          "La carte CDE sert aux commandes de cartes et de certificats.", fait="mie.carte_cde",
          bloquante=True, derogeable=True, depend_de=("contrat_ans",), source=_MIE,
          raci=_raci(structure="R", national="C")),
    Etape("dpd", _D, "Désigner le délégué à la protection des données", "direction", 90,
          "Avec le numéro de désignation de la CNIL. Il peut être externe ou partagé.", fait="rgpd.dpd",
          bloquante=True, derogeable=True, source=_RGPD, raci=_raci(structure="R", federation="C")),
    Etape("certificats_commandes", _D, "Commander les certificats", "administrateur", 75,
          "La page des certificats prépare la commande.", fait="mie.certificats_commandes",
          depend_de=("contrat_ans", "equipe_projet"), source=_MIE, raci=_raci(structure="R", national="C", editeur="C")),
    Etape("registre", _D, "Relire le registre des traitements", "dpd", 60,
          "Il est prérempli : il reste à le corriger et à le signer.", fait="rgpd.registre",
          bloquante=True, derogeable=True, depend_de=("dpd",), source=_RGPD, raci=_raci(structure="A", editeur="C")),
    Etape("aipd", _D, "Mener l’analyse d’impact", "dpd", 60,
          "Données de santé et personnes vulnérables : elle est obligatoire.", fait="rgpd.aipd",
          bloquante=True, derogeable=True, depend_de=("dpd",), source=_RGPD, raci=_raci(structure="A", editeur="C")),
    Etape("parametrage", _D, "Paramétrer la structure", "plateforme", 60,
          "Secteurs, horaires, fuseau, modèles de documents.", depend_de=("bon_de_commande",),
          raci=_raci(editeur="R", structure="C", porteur="I")),
    Etape("rpps", _D, "Obtenir les numéros RPPS", "administrateur", 60,
          "Pour chaque personne qui échange des données de santé.", fait="mie.rpps", bloquante=True,
          derogeable=True, depend_de=("contrat_ans",), source=_MIE, raci=_raci(structure="R", national="C"),
          profils=("domicile", "ssiad")),
    Etape("comptes", _D, "Ouvrir les comptes et leur second facteur", "encadrement", 45,
          "Chaque compte actif a vérifié son identité et enrôlé un second facteur.",
          fait="identity.second_facteur", bloquante=True, source="PGSSI-S, référentiel d’identification électronique",
          raci=_raci(structure="R", editeur="C")),
    Etape("certificats_installes", _D, "Installer les certificats", "administrateur", 45,
          "La clé ne quitte pas le coffre de la structure.", fait="mie.certificats_installes",
          depend_de=("certificats_commandes",), source=_MIE, raci=_raci(structure="R", editeur="C")),
    Etape("boite_mssante", _D, "Ouvrir la boîte MSSanté de la structure", "administrateur", 45,
          "Une boîte organisationnelle suffit pour commencer.", fait="mie.boite_mssante", source=_MIE,
          raci=_raci(structure="R", grades="C")),
    Etape("droits", _D, "Relire et signer les droits de chacun", "direction", 40,
          "Une revue des habilitations, signée.", fait="habilitations.signees", bloquante=True,
          depend_de=("comptes",), raci=_raci(structure="R")),
    Etape("certificats_testes", _D, "Essayer les certificats par un appel réel", "administrateur", 30,
          "Un certificat ne devient actif qu’après un appel réussi.", fait="mie.certificats_testes",
          bloquante=True, derogeable=True, depend_de=("certificats_installes",), source=_MIE,
          raci=_raci(structure="R", editeur="C")),
    Etape("cas_d_usage", _D, "Choisir les cas d’usage des services socles", "encadrement", 30,
          "Qui qualifie l’INS, qui envoie au DMP, qui lit la messagerie.",
          raci=_raci(structure="R", grades="C", porteur="I")),
    Etape("information", _D, "Informer les usagers et les équipes", "direction", 20,
          "La notice au livret d’accueil, et sa remise.", preuve_exigee=True, source="RGPD, articles 12 à 14",
          raci=_raci(structure="R", porteur="I")),
    Etape("reprise", _D, "Signer la reprise des données", "direction", 15,
          "Comptages et échantillon vérifiés, signés par la direction.", fait="reprise.signee", bloquante=True,
          derogeable=True, depend_de=("parametrage",), raci=_raci(structure="A", editeur="R"),
          projets=("acquisition",)),
    Etape("bascule", _D, "Fixer le jour de bascule et l’astreinte", "porteur", 14,
          "Qui appeler, jusqu’à quelle heure, et comment revenir en arrière.",
          raci=_raci(porteur="R", structure="C", editeur="C")),
    Etape("formation", _D, "Former les équipes", "encadrement", 10,
          "Chacun émarge la séance qu’il a suivie.", fait="formation.emargee", bloquante=True, derogeable=True,
          depend_de=("comptes",), raci=_raci(structure="A", editeur="R", cabinet="C")),
    Etape("premiere_ins", _D, "Qualifier une première INS", "encadrement", 5,
          "Une seule suffit à montrer que la chaîne tient.", fait="dossier.premiere_ins", bloquante=True,
          derogeable=True, depend_de=("certificats_testes",), raci=_raci(structure="R", editeur="C")),
    Etape(VSR, _D, "Signer la vérification de service régulier", "direction", 0,
          "La structure déclare le service conforme : elle entre en production.", fait="deploiement.vsr",
          raci=_raci(structure="A", editeur="R", porteur="I", ars="I")),
)  # fmt: skip


def etapes(projet: str, profil: str) -> list[Etape]:
    """Steps of a kind of project for a profile, in order; what they wait for is among them."""
    choisies = [e for e in ETAPES if projet in e.projets and profil in e.profils]
    codes = {e.code for e in choisies}
    return [replace(e, depend_de=tuple(c for c in e.depend_de if c in codes)) for e in choisies]


@dataclass(frozen=True, slots=True)
class Question:
    code: str
    axe: str
    texte: str
    reponses: tuple[str, str, str, str]  # from 0 to 3


VERSION_MATURITE = 1

# Axes after the seven dimensions of ANAP's kit; questions are ours. Source: guide, ressources documentaires.
QUESTIONS = (
    Question("pilotage", "Pratiques de pilotage", "Qui décide du système d’information ?",
             ("Personne en particulier", "La direction, au coup par coup", "Une personne nommée", "Un comité qui se réunit")),
    Question("schema", "Pratiques de pilotage", "Avez-vous un plan écrit des évolutions ?",
             ("Non", "Une liste d’idées", "Un plan d’un an", "Un schéma directeur suivi")),
    Question("dossier", "Adéquation des fonctions", "Où sont les dossiers des usagers ?",
             ("Sur papier", "Papier et tableur", "Un logiciel, et du papier", "Un seul logiciel")),
    Question("terrain", "Adéquation des fonctions", "Comment les intervenants notent-ils leurs passages ?",
             ("Sur papier", "Par téléphone au bureau", "Sur téléphone, avec réseau", "Sur téléphone, même sans réseau")),
    Question("postes", "Infrastructure", "Les équipes ont-elles un poste ou un téléphone à jour ?",
             ("Peu", "La moitié", "Presque toutes", "Toutes, et suivies")),
    Question("reseau", "Infrastructure", "Le réseau tient-il au bureau et sur le terrain ?",
             ("Rarement", "Au bureau seulement", "Presque partout", "Partout, avec un secours")),
    Question("assistance", "Qualité de service", "Qui aide quand un outil tombe ?",
             ("Personne", "Un collègue", "Un prestataire, sans délai écrit", "Un contrat avec délais")),
    Question("sauvegarde", "Qualité de service", "Les sauvegardes sont-elles essayées ?",
             ("Il n’y en a pas", "Jamais", "Une fois", "Chaque année")),
    Question("comptes", "Sécurité", "Chacun a-t-il son propre compte ?",
             ("Comptes partagés", "Pour le bureau", "Pour tous, mot de passe seul", "Pour tous, avec second facteur")),
    Question("incident", "Sécurité", "Que fait-on en cas d’attaque ?",
             ("On verra", "On appelle le prestataire", "Une fiche existe", "La fiche est connue et jouée")),
    Question("rgpd", "Éthique et durabilité", "Le registre des traitements est-il tenu ?",
             ("Non", "Commencé", "Tenu", "Tenu et relu chaque année")),
    Question("usages", "Usages et satisfaction", "Demande-t-on aux équipes ce qui marche ?",
             ("Non", "Parfois", "Chaque année", "Et on montre ce qui a changé")),
)  # fmt: skip
