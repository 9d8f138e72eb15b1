"""Money and steps of a convention: what may follow what, and whether the totals balance."""

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

# From → next. A refused proof is deposited again; what the ARS validated stays.
SUITES = {
    "a_venir": frozenset({"preuve_deposee"}),
    "preuve_deposee": frozenset({"preuve_deposee", "valide_ars", "refuse"}),
    "refuse": frozenset({"preuve_deposee"}),
    "valide_ars": frozenset[str](),
}


def peut_passer(depuis: str, vers: str) -> bool:
    return vers in SUITES.get(depuis, frozenset())


def euros(montant: Decimal) -> str:
    """« 1 114,80 € »."""
    return f"{montant:,.2f}".replace(",", "\u00a0").replace(".", ",") + "\u00a0€"


@dataclass(frozen=True, slots=True)
class Balance:
    convention: Decimal
    jalons: Decimal

    @property
    def ecart(self) -> Decimal:
        return self.convention - self.jalons

    @property
    def phrase(self) -> str:
        """What is wrong and how to mend it; "" when it balances."""
        if self.ecart == 0:
            return ""
        cote = "de moins" if self.ecart > 0 else "de plus"
        return (
            f"Les jalons font {euros(self.jalons)}, soit {euros(abs(self.ecart))} {cote} que la convention "
            f"({euros(self.convention)}). Corrigez un jalon à venir ou enregistrez l’avenant qui change le montant."
        )


def balancer(montant: Decimal, jalons: Iterable[Decimal]) -> Balance:
    return Balance(montant, sum(jalons, Decimal(0)))
