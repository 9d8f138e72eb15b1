"""What domains registered is complete: a real icon, a reachable page, a template, a declared right."""

from django.conf import settings
from django.template.loader import get_template
from django.urls import NoReverseMatch, reverse
from lucide.templatetags.lucide import lucide

from plateforme.habilitations.registre import action
from plateforme.web import registres


def resout(nom: str) -> bool:
    for arbre in (settings.URLCONF_STRUCTURE, settings.ROOT_URLCONF):
        try:
            reverse(nom, urlconf=arbre)
        except NoReverseMatch:
            continue
        return True
    return False


def test_chaque_entree_du_rail_mene_quelque_part() -> None:
    for entree in registres.rail():
        lucide(entree.icone, size=18)
        action(entree.action)
        assert resout(entree.url), entree.cle


def test_chaque_creation_mene_quelque_part() -> None:
    for creation in registres.creations():
        lucide(creation.icone, size=18)
        action(creation.action)
        assert resout(creation.url), creation.libelle


def test_chaque_panneau_a_son_gabarit_et_son_droit() -> None:
    for panneau in registres.panneaux():
        get_template(panneau.gabarit)
        action(panneau.action)


def test_un_raccourci_est_unique() -> None:
    raccourcis = [r.raccourci for r in (*registres.rail(), *registres.creations()) if r.raccourci]
    assert len(raccourcis) == len(set(raccourcis))
