"""What comes in, and the twenty ways a file may be wrong: one sentence each, nothing stored."""

from typing import Any

import pytest
from cryptography import x509
from django.db import connection

from config.lanceur.bac_a_sable_mie.profils import PROFILS, bon
from plateforme.audit.models import Trace
from plateforme.tenancy.courant import Contexte, lier
from socles.mie.models import Certificat
from socles.mie.rules.etats import PassageRefuse
from socles.mie.rules.refus import PHRASES, CertificatRefuse
from socles.mie.services import cles, demandes, depot
from socles.mie.services.demandes import DemandeRefusee
from tests.mie.fabrique import commande, installer
from tests.support.igc import Igc
from tests.support.monde import FINESS_A, FINESS_B, FINESS_EJ, Monde

DITS = {
    "mot_de_passe": "Le mot de passe n’ouvre pas ce conteneur",
    "cle_differente": "La clé privée ne va pas avec ce certificat",
    "autre_environnement": "C’est un certificat de production",
    "autre_structure": f"appartient à une autre structure ou entité juridique ({FINESS_B})",
    "sans_structure": "ne nomme aucune structure",
    "expire": "Ce certificat a expiré le",
    "pas_encore_valide": "n’est valable qu’à partir du",
    "revoque": "a été révoqué par l’IGC-Santé",
    "usage": "n’est pas fait pour l’usage",
    "cn_insi": "doit être exactement INSI-AUTO ou INSI-MANU",
    "sha1": "SHA-1",
    "cle_courte": "trop courte",
    "courbe": "courbe trop faible",
    "autre_autorite": "n’est pas signé par l’IGC-Santé",
    "chaine": "Il manque le certificat de l’autorité intermédiaire",
    "sans_cle": "sans sa clé privée",
    "image": "image ou un document renommé",
    "autorite": "celui d’une autorité",
}


def _refus(igc: Igc, profil: str, environnement: str = "TEST") -> CertificatRefuse:
    fichier = PROFILS[profil](igc.bac(environnement))
    destinations = ("INSI",) if profil == "cn_insi" else ("DMP",)
    with pytest.raises(CertificatRefuse) as refus:
        depot.importer(
            fichier.octets,
            bytearray(fichier.mot_de_passe.encode()),
            commande(environnement=environnement, destinations=destinations),
        )
    return refus.value


@pytest.mark.parametrize("profil", sorted(set(PROFILS) - {"sha1"}))
def test_un_mauvais_fichier_a_sa_phrase_et_ne_laisse_rien(profil: str, dans_a: Contexte, igc: Igc) -> None:
    refus = _refus(igc, profil)

    assert DITS[profil] in refus.message
    assert refus.message in refus.champs.values()
    assert Certificat.objects.count() == 0


def test_un_certificat_signe_en_sha1_est_refuse_au_depot(dans_a: Contexte, igc: Igc) -> None:
    certificat = demandes.generer(commande(cn="DMP"))
    publique = x509.load_pem_x509_csr(certificat.demande.encode()).public_key()
    autorite = igc.test.comptoir.autorite
    octets = autorite.emettre_en_sha1(autorite.emettre(publique, cn="DMP", finess=FINESS_EJ))

    with pytest.raises(CertificatRefuse, match="SHA-1"):
        depot.deposer(certificat, octets)
    certificat.refresh_from_db()
    assert (certificat.etat, certificat.pem) == ("commande", "")


def test_un_certificat_de_test_n_entre_pas_en_production(dans_a: Contexte, igc: Igc) -> None:
    refus = _refus(igc, "autre_environnement", "PROD")

    assert "C’est un certificat de test" in refus.message
    assert list(refus.champs) == ["environnement"]


def test_les_phrases_sont_toutes_differentes(dans_a: Contexte, igc: Igc) -> None:
    dites = [_refus(igc, profil).message for profil in sorted(set(PROFILS) - {"sha1"})]

    assert len(set(dites)) == len(dites) >= 16
    assert len(set(PHRASES.values())) == len(PHRASES)


def test_un_bon_conteneur_s_installe_avec_sa_cle_scellee(dans_a: Contexte, igc: Igc) -> None:
    certificat = installer(igc)
    certificat.refresh_from_db()

    assert (certificat.etat, certificat.cn, certificat.origine_cle) == ("installe", "DMP", "importee")
    assert certificat.revocation == "bon"
    assert certificat.jours_restants in {1095, 1096}
    assert len(certificat.empreinte) == 64
    assert certificat.ocsp == [f"{igc.test.url}/ocsp"]
    scelle = bytes(certificat.cle_scellee or b"")
    cle = cles.ouvrir(certificat)
    assert cle.private_numbers().p.to_bytes(128) not in scelle
    assert repr(certificat).count("PRIVATE") == 0


def test_le_mot_de_passe_est_efface_dans_tous_les_cas(dans_a: Contexte, igc: Igc) -> None:
    fichier = bon(igc.test.comptoir.autorite, FINESS_A)
    juste, faux = bytearray(b"sesame-2026"), bytearray(b"sesame-0000")

    with pytest.raises(CertificatRefuse):
        depot.importer(fichier.octets, faux, commande())
    depot.importer(fichier.octets, juste, commande())

    assert bytes(juste) == bytes(faux) == bytes(11)


def test_le_meme_certificat_n_entre_pas_deux_fois(dans_a: Contexte, igc: Igc) -> None:
    fichier = bon(igc.test.comptoir.autorite, FINESS_A)
    depot.importer(fichier.octets, bytearray(b"sesame-2026"), commande())

    with pytest.raises(CertificatRefuse, match="déjà enregistré"):
        depot.importer(fichier.octets, bytearray(b"sesame-2026"), commande())
    assert Certificat.objects.count() == 1


def test_le_finess_juridique_de_l_organisme_convient_aussi(dans_a: Contexte, igc: Igc) -> None:
    assert installer(igc, finess=FINESS_EJ).etat == "installe"


def test_un_insi_bien_nomme_entre_et_ne_sert_qu_a_l_insi(dans_a: Contexte, igc: Igc) -> None:
    assert installer(igc, cn="INSI-AUTO", destinations=("INSI",)).etat == "installe"

    with pytest.raises(CertificatRefuse, match="ne sert qu’à l’INSi"):
        installer(igc, cn="INSI-MANU", destinations=("INSI", "DMP"))


def test_une_demande_puis_son_certificat(dans_a: Contexte, igc: Igc) -> None:
    certificat = demandes.generer(commande(cn="DMP"))
    lue = x509.load_pem_x509_csr(certificat.demande.encode())
    assert lue.is_signature_valid
    assert "OU=1220000020" in lue.subject.rfc4514_string()
    autorite = igc.test.comptoir.autorite
    emis = autorite.emettre(lue.public_key(), cn="DMP", finess=FINESS_EJ)
    pem = x509_pem(emis) + x509_pem(autorite.intermediaire)

    installe = depot.deposer(certificat, pem)

    assert (installe.etat, installe.origine_cle) == ("installe", "generee")
    with pytest.raises(PassageRefuse):
        depot.deposer(installe, pem)


def x509_pem(certificat: Any) -> bytes:
    from cryptography.hazmat.primitives.serialization import Encoding

    return bytes(certificat.public_bytes(Encoding.PEM))


def test_le_certificat_d_une_autre_demande_est_refuse(dans_a: Contexte, igc: Igc) -> None:
    certificat = demandes.generer(commande(cn="DMP"))
    fichier = PROFILS["sans_cle"](igc.bac())

    with pytest.raises(CertificatRefuse, match="celle d’une autre"):
        depot.deposer(certificat, fichier.octets)


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n", "clé privée lisible par tous"),
        (
            b"-----BEGIN CERTIFICATE REQUEST-----\nMIIB\n-----END CERTIFICATE REQUEST-----\n",
            "demande de certificat",
        ),
        (b"Bonjour", "ni un certificat ni un conteneur"),
        (b"", "ni un certificat ni un conteneur"),
        (b"%PDF-1.7", "document renommé"),
        (b"0" * 200_001, "pèse plus de"),
        (b"\x30\x03\x02\x01\x05", "ni un certificat ni un conteneur"),
    ],
)
def test_ce_qui_n_est_pas_un_certificat_est_nomme(
    octets: bytes, dit: str, dans_a: Contexte, igc: Igc
) -> None:
    certificat = demandes.generer(commande(cn="DMP"))

    with pytest.raises(CertificatRefuse, match=dit):
        depot.deposer(certificat, octets)


def test_un_conteneur_depose_est_renvoye_a_l_import(dans_a: Contexte, igc: Igc) -> None:
    certificat = demandes.generer(commande(cn="DMP"))

    with pytest.raises(CertificatRefuse, match=r"Importer un \.p12"):
        depot.deposer(certificat, bon(igc.test.comptoir.autorite, FINESS_A).octets)


@pytest.mark.parametrize(
    ("voulue", "champ"),
    [
        ({"usage": "SSL_SERV"}, None),
        ({"destinations": ()}, "destinations"),
        ({"usage": "SIGN", "destinations": ("INSI",), "cn": "INSI-AUTO"}, "usage"),
    ],
)
def test_une_commande_incoherente_est_refusee(
    voulue: dict[str, Any], champ: str | None, dans_a: Contexte, igc: Igc
) -> None:
    if champ is None:
        assert demandes.generer(commande(**voulue, cn="sad.exemple.test")).etat == "commande"
        return
    with pytest.raises(DemandeRefusee) as refus:
        demandes.generer(commande(**{"cn": "DMP", **voulue}))
    assert list(refus.value.champs) == [champ]


def test_le_refus_est_au_journal_sans_rien_du_fichier(dans_a: Contexte, igc: Igc) -> None:
    connection._notes = []
    _refus(igc, "expire")
    connection.ecrire_avant_commit()

    trace = Trace.objects.get(genre="mie.certificat.refuse")
    assert trace.details == {"motif": "expire", "environnement": "TEST"}


def test_sans_racine_de_test_rien_n_entre(dans_a: Contexte, igc: Igc, settings: Any) -> None:
    settings.MIE_RACINES = {"TEST": "", "PROD": igc.racines["PROD"]}

    with pytest.raises(CertificatRefuse, match="Aucune racine IGC-Santé"):
        installer(igc)


def test_la_racine_de_production_est_livree() -> None:
    from socles.mie.services import racines

    (livree,) = racines.racines("PROD")
    assert livree.subject.rfc4514_string() == (
        "CN=AC RACINE IGC-SANTE ELEMENTAIRE,OU=IGC-SANTE,OU=0002 187512751,O=ASIP-SANTE,C=FR"
    )
    assert livree.not_valid_after_utc.year == 2033


def test_une_cle_ne_s_ouvre_que_dans_sa_structure(monde: Monde, igc: Igc) -> None:
    from plateforme.chiffrement.coffre import CleDetruite, ScelleInvalide

    with lier(monde.a):
        certificat = installer(igc)
        scelle = bytes(certificat.cle_scellee or b"")
    with lier(monde.b):
        assert Certificat.objects.count() == 0
        copie = Certificat(pk=certificat.pk, cle_scellee=scelle)
        with pytest.raises((CleDetruite, ScelleInvalide)):
            cles.ouvrir(copie)
