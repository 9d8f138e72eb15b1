"""Thousands of cells a page: eight constant pieces of markup, joined."""

from django.utils.safestring import SafeString, mark_safe

from tenants.deploiement.queries import Case, LigneDeTableau
from tenants.deploiement.queries.tableau import MOTS

_CELLULES = {
    classe: (
        f'<td class="c"><span class="p {classe}"><span class="invisible">{mot}</span></span></td>'
        if classe
        else f'<td class="c"><span class="invisible">{mot}</span></td>'
    )
    for classe, mot in MOTS.items()
}


def cellule(case: Case) -> str:
    return _CELLULES[case.classe]


def cases_html(ligne: LigneDeTableau) -> SafeString:
    return mark_safe("".join(cellule(case) for case in ligne.cases))  # noqa: S308 - constants above, no input
