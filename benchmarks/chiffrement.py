"""What encryption costs: documents and fields, against the bare AES-GCM of the same library in the same run."""

import base64
import os
from datetime import date

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from benchmarks.banc import Environnement, dire, mesurer, p50
from benchmarks.pair.vues import remplir

DOCUMENT = 16 << 20
BUT_MO = 200


def suite(env: Environnement, *, grand: bool) -> None:
    from plateforme.audit.journal import acte
    from plateforme.tenancy.courant import lier
    from tenants import repertoire
    from tenants.models import Structure

    remplir(1)
    structure = Structure.objects.filter(emplacement__etat="attribue").first()
    assert structure is not None
    contexte = repertoire.par_id(structure.pk)
    assert contexte is not None
    with lier(contexte), acte("banc"):
        _documents()
        _champs()


def _debit(millisecondes: float) -> float:
    return DOCUMENT / 1e6 / (millisecondes / 1000)


def _documents() -> None:
    from plateforme.chiffrement import flux
    from plateforme.storage import services

    octets, cle, nonce = os.urandom(DOCUMENT), os.urandom(32), os.urandom(12)
    brut = AESGCM(cle)
    nu = brut.encrypt(nonce, octets, None)
    scelle = flux.sceller(cle, octets, "banc")
    # Interleaved: both feel the same machine.
    durees: dict[str, list[float]] = {"nu": [], "flux": [], "scelle": []}
    for _ in range(9):
        durees["nu"] += mesurer(lambda: brut.decrypt(nonce, nu, None), 1)
        durees["flux"] += mesurer(lambda: flux.ouvrir(cle, scelle, "banc"), 1)
        durees["scelle"] += mesurer(lambda: flux.sceller(cle, octets, "banc"), 1)
    reference, debit = _debit(p50(durees["nu"])), _debit(p50(durees["flux"]))
    dire("document : AES-GCM nu de la bibliothèque", f"{reference:.0f} Mo/s")
    dire(
        "document : déchiffré par morceaux authentifiés",
        f"{debit:.0f} Mo/s ({100 * debit / reference:.0f} %)",
        but=f"≥ {BUT_MO} Mo/s",
        tenu=debit >= BUT_MO,
    )
    dire("document : scellé", f"{_debit(p50(durees['scelle'])):.0f} Mo/s")
    texte = base64.b64encode(octets)[:DOCUMENT]
    document = services.televerser("banc.txt", texte, sujet_id=None, depose_par=None)
    complet = _debit(p50(mesurer(lambda: services.contenu(document), 7)))
    dire(
        "document : lu du magasin et déchiffré, clé comprise",
        f"{complet:.0f} Mo/s",
        but=f"≥ {BUT_MO} Mo/s",
        tenu=complet >= BUT_MO,
    )


def _champs() -> None:
    from dossier.models import Usager
    from plateforme.chiffrement import coffre

    clair, brut = b"279035121518989", AESGCM(os.urandom(32))
    nonce = os.urandom(12)
    nu = brut.encrypt(nonce, clair, b"usage")
    scelle = coffre.sceller(clair, "banc")
    fois = 5_000

    def boucle(acte: object) -> float:
        assert callable(acte)
        return min(mesurer(lambda: [acte() for _ in range(fois)], 5)) * 1000 / fois

    reference = boucle(lambda: brut.decrypt(nonce, nu, b"usage"))
    ouvert = boucle(lambda: coffre.ouvrir(scelle, "banc"))
    dire("champ : AES-GCM nu", f"{reference:.1f} µs")
    dire("champ : ouvert par le coffre", f"{ouvert:.1f} µs", but="≤ 20 µs", tenu=ouvert <= 20)
    dire("champ : scellé par le coffre", f"{boucle(lambda: coffre.sceller(clair, 'banc')):.1f} µs")
    numeros = ("279035121518989", "297022A02077878", "236066322083656")
    for numero in numeros:
        Usager.objects.create(
            civilite="MME", nom_naissance="Banc", prenoms="Zoé", ne_le=date(1940, 3, 2), accompagne_depuis=date(2024, 1, 1),
            ins=numero, ins_oid="1.2.250.1.213.1.4.10",
        )  # fmt: skip
    trouve = p50(mesurer(lambda: Usager.objects.cherches(numeros[0]).get(), 50))
    relu = p50(mesurer(lambda: Usager.objects.cherches(numeros[0]).get().ins, 50))
    dire("matricule : retrouvé par son index", f"{trouve:.2f} ms")
    dire("matricule : retrouvé et ouvert", f"{relu:.2f} ms")
