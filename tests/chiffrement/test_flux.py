"""Contents in chunks: whole or refused."""

import os
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plateforme.chiffrement import flux
from plateforme.chiffrement.coffre import ScelleInvalide

CLE = bytes(range(32))
PAS = 16 + 16  # a chunk of 16 bytes and its tag
ENTETE = 12


@given(st.binary(max_size=200), st.integers(1, 40))
def test_tout_contenu_revient_quelle_que_soit_la_taille_des_morceaux(octets: bytes, morceau: int) -> None:
    assert flux.ouvrir(CLE, flux.sceller(CLE, octets, "u", morceau=morceau), "u") == octets


def scelle(taille: int = 64) -> bytes:
    return flux.sceller(CLE, bytes(taille), "u", morceau=16)


@pytest.mark.parametrize("taille", [0, 1, 15, 16, 17, 64])
def test_une_troncature_ou_un_ajout_est_vu(taille: int) -> None:
    entier = scelle(taille)

    for coupe in range(len(entier)):
        with pytest.raises(ScelleInvalide):
            flux.ouvrir(CLE, entier[:coupe], "u")
    with pytest.raises(ScelleInvalide):
        flux.ouvrir(CLE, entier + b"\x00", "u")


def test_des_morceaux_echanges_repetes_ou_venus_d_ailleurs_sont_refuses() -> None:
    entier, autre = scelle(), scelle()
    tete, corps = entier[:ENTETE], [entier[ENTETE + i * PAS :][:PAS] for i in range(4)]
    ailleurs = autre[ENTETE:][:PAS]

    for ordre in (
        [corps[1], corps[0], *corps[2:]],
        [corps[0], corps[0], *corps[2:]],
        [ailleurs, *corps[1:]],
        corps[1:],
        corps[:3],
        [*corps, corps[3]],
    ):
        with pytest.raises(ScelleInvalide):
            flux.ouvrir(CLE, tete + b"".join(ordre), "u")
    assert flux.ouvrir(CLE, tete + b"".join(corps), "u") == bytes(64)


def test_l_entete_est_authentifie() -> None:
    entier = scelle()

    for rang in range(ENTETE):
        abime = bytearray(entier)
        abime[rang] ^= 1
        with pytest.raises(ScelleInvalide):
            flux.ouvrir(CLE, bytes(abime), "u")


def test_une_taille_de_morceau_absurde_est_refusee_avant_de_lire() -> None:
    for morceau in (0, (1 << 24) + 1, 2**32 - 1):
        with pytest.raises(ScelleInvalide):
            flux.ouvrir(CLE, struct.pack(">BI7s", 3, morceau, os.urandom(7)) + bytes(32), "u")


def test_un_autre_usage_ou_une_autre_cle_ne_lit_rien() -> None:
    for cle, usage in ((CLE, "v"), (bytes(32), "u")):
        with pytest.raises(ScelleInvalide):
            flux.ouvrir(cle, scelle(), usage)
