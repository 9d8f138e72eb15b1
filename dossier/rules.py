"""What may be true of a person's file: dates, telephone, postcode. Pure functions."""

import re
from datetime import date, datetime, timedelta

NBSP = "\u00a0"
PREMIERE_NAISSANCE = date(1900, 1, 1)
AVANCE_MAX = timedelta(days=366)


def fautes_de_dates(
    *, ne_le: date, accompagne_depuis: date, sorti_le: date | None, jour: date
) -> dict[str, str]:
    """One sentence per impossible date, by field; empty when they hold together. ``jour`` is today.

    Edge: a stay planned ahead is fine within a year; beyond, the year was mistyped.
    """
    fautes: dict[str, str] = {}
    if ne_le > jour:
        fautes["ne_le"] = f"La date de naissance ({ne_le:%d/%m/%Y}) est dans le futur."
    elif ne_le < PREMIERE_NAISSANCE:
        fautes["ne_le"] = f"La date de naissance précède 1900{NBSP}: vérifiez l’année."
    if accompagne_depuis < ne_le and "ne_le" not in fautes:
        fautes["accompagne_depuis"] = (
            f"L’accompagnement ({accompagne_depuis:%d/%m/%Y}) commence avant la naissance ({ne_le:%d/%m/%Y})."
        )
    elif accompagne_depuis > jour + AVANCE_MAX:
        fautes["accompagne_depuis"] = f"L’accompagnement commence dans plus d’un an{NBSP}: vérifiez l’année."
    if sorti_le is not None:
        fautes |= _fautes_de_sortie(sorti_le, accompagne_depuis, jour)
    return fautes


def _fautes_de_sortie(sorti_le: date, accompagne_depuis: date, jour: date) -> dict[str, str]:
    if sorti_le > jour:
        return {"sorti_le": f"La sortie est dans le futur{NBSP}: enregistrez-la le jour venu."}
    if sorti_le < accompagne_depuis:
        return {
            "sorti_le": (
                f"La sortie ({sorti_le:%d/%m/%Y}) précède le début de l’accompagnement "
                f"({accompagne_depuis:%d/%m/%Y})."
            )
        }
    return {}


def telephone_compact(brut: str) -> str | None:
    """« 02 61 91 12 34 », « +33 2 61… » → 0261911234; None when it is no telephone number.

    Edge: a foreign number keeps its « + » and its 8 to 15 digits.
    Source: Arcep, décision n° 2018-0881, plan national de numérotation (ten digits, 0 then 1 to 9).
    """
    compact = re.sub(r"[\s.\-()/\u00a0\u202f]", "", brut)
    compact = re.sub(r"^(\+33|0033)0?(?=[1-9]\d{8}$)", "0", compact)
    if re.fullmatch(r"0[1-9]\d{8}", compact) or re.fullmatch(r"\+(?!33)\d{8,15}", compact):
        return compact
    return None


def est_un_code_postal(brut: str) -> bool:
    return re.fullmatch(r"\d{5}", brut) is not None


_JOURS = ("Lun.", "Mar.", "Mer.", "Jeu.", "Ven.", "Sam.", "Dim.")


def rendez_vous(local: datetime, aujourdhui: date) -> str:
    """« Auj. 10:45 », « Mer. 10:45 » within the week, « 04/12 10:45 » beyond. ``local`` is already in its zone."""
    ecart = (local.date() - aujourdhui).days
    if ecart == 0:
        return f"Auj. {local:%H:%M}"
    return f"{_JOURS[local.weekday()]} {local:%H:%M}" if 0 < ecart < 7 else f"{local:%d/%m %H:%M}"
