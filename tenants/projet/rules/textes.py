"""Sentences of the texts our answers quote. A quotation is short, literal, and says where it was read."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Texte:
    code: str
    citation: str
    source: str

    @property
    def a_confirmer(self) -> bool:
        return "à confirmer" in self.source.casefold()


GUIDE = "DGCS, guide d’accompagnement, volet numérique de la réforme des SAD, novembre 2023"
PAGE_SEGUR = (
    "Page «\u00a0Le Ségur du numérique en santé pour le social et le médico-social\u00a0», lue le 22/11/2026"
)
A_CONFIRMER = "Source\u00a0: à confirmer"

GRAPPE = Texte(
    "grappe",
    "Il s’agit de regroupement d’ESMS d’au moins 15 structures (8 pour les Outre-mer et la Corse) qui ont un projet "
    "mutualisé d’acquisition ou de mise en conformité de leur DUI.",
    f"{GUIDE}, lexique, «\u00a0Grappe\u00a0».",
)
IDEALEMENT = Texte(
    "idealement",
    "être constitué idéalement de 15 ESSMS (8 en Corse et Outre-mer) au départ du projet (pas d’impact si certains "
    "ESSMS se transforment en SAD mixte)",
    f"{GUIDE}, «\u00a0Deux programmes de financement nationaux complémentaires\u00a0».",
)
REGIONAL = Texte(
    "regional",
    "Je regarde les conditions de l’appel à projet régional pour monter un dossier ESMS numérique et obtenir un "
    "financement",
    f"{GUIDE}, «\u00a0Conditions d’accès aux financements\u00a0».",
)
NATIONAL = Texte(
    "national",
    "Je fais partie d’un organisme gestionnaire ou d’une grappe de 50 ESSMS (ou plus) situés dans plusieurs régions",
    f"{GUIDE}, «\u00a0Conditions d’accès aux financements\u00a0».",
)
RATTACHER = Texte(
    "rattacher",
    "Je me rapproche de l’ARS, du GRADeS ou du Collectif SI de ma région et ou de mon éditeur pour savoir si je peux "
    "me raccrocher à une grappe d’ESMS existante",
    f"{GUIDE}, «\u00a0Conditions d’accès aux financements\u00a0».",
)
MIXTE = Texte(
    "mixte",
    "Les textes lus ne disent pas quel seuil vaut pour une grappe en partie en Corse ou outre-mer.",
    f"{A_CONFIRMER}\u00a0: appel à projet de l’ARS concernée.",
)
PORTEUR = Texte(
    "porteur",
    "Les financements ESMS numérique sont à destination de la grappe\u00a0: ils sont gérés par le porteur de la grappe",
    f"{GUIDE}, «\u00a0Conditions de cumul des financements ESMS numérique\u00a0».",
)
STRICT = Texte(
    "strict",
    "Les conditions de cumul des financements ESMS numérique et SONS sont strictes\u00a0: en cas de doute, il faut "
    "contacter l’ARS",
    f"{GUIDE}, «\u00a0Conditions de cumul des financements ESMS numérique\u00a0».",
)
EUROPEEN = Texte(
    "europeen",
    "Les ESMS qui bénéficient de financement ESMS numérique ou SONS ne peuvent pas cumuler d’autres financements "
    "européens visant le financement du numérique",
    f"{GUIDE}, «\u00a0Conditions de cumul des financements ESMS numérique\u00a0».",
)
OPTIONNEL = Texte(
    "optionnel",
    "Je peux aussi demander un financement ESMS numérique, dans le cadre d’une grappe, pour soutenir le déploiement "
    "des usages (optionnel)",
    f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ».",
)
PAS_QUE_FORMER = Texte(
    "pas_que_former",
    "Non. Le dispositif SONS a vocation à financer la mise à jour du DUI compatible Mon Espace Santé, la maintenance "
    "corrective de ce périmètre et la formation liée à cette version.",
    f"{PAGE_SEGUR}, questions fréquentes.",
)
PREMIER_FINANCEMENT = Texte(
    "premier_financement",
    "Cela dépend de la catégorie FINESS de votre ESMS : les ESMS qui disposent déjà d’un DUI peuvent bénéficier du "
    "SONS, peu importe le financement initial de la solution.",
    f"{PAGE_SEGUR}, questions fréquentes.",
)
DMP_SEUL = Texte(
    "dmp_seul",
    "La mise à jour Ségur ne concerne pas que le DMP. Elle permet d’être compatible avec l’ensemble des services et "
    "référentiels socles (MSSanté, INS, DMP, e-CPS).",
    f"{PAGE_SEGUR}, questions fréquentes.",
)
REFERENCEES = Texte(
    "referencees",
    "Les solutions référencées sont les seules éligibles aux financements dans le cadre des programmes SONS et ESMS "
    "numérique",
    f"{GUIDE}, lexique, «\u00a0Référencé / Référencement (DUI)\u00a0».",
)
CANDIDAT = Texte(
    "candidat",
    "En attendant que le logiciel soit référencé, je prépare le déploiement en réfléchissant à mon organisation et en "
    "préparant l’acquisition des MIE",
    f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ».",
)
NON_CANDIDAT = Texte(
    "non_candidat",
    "Je ne pourrai pas disposer d’une version conforme aux exigences Ségur. Je peux candidater au projet ESMS "
    "numérique pour changer de DUI",
    f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ».",
)
COMMANDER = Texte(
    "commander",
    "Je signe le bon de commande SONS pour enclencher la montée de version (sans reste à charge pour l’ESMS) et "
    "réalise les démarches de contractualisation auprès de l’ANS",
    f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ».",
)
ACQUISITION = Texte(
    "acquisition",
    "Je n’ai pas de logiciel DUI et je souhaite m’équiper (ou j’ai un DUI dont je ne suis pas satisfait)",
    f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ».",
)
VERIFIER = Texte(
    "verifier",
    "Je vérifie s’il est référencé Ségur (sur le site esante.gouv.fr)",
    f"{GUIDE}, «\u00a0Comment bénéficier des programmes de financement\u00a0? ».",
)
INCONNU = Texte(
    "inconnu",
    "Les textes lus ne prévoient pas ce cas.",
    f"{A_CONFIRMER}\u00a0: avis de l’ARS.",
)
