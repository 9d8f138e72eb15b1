"""The counter's own page. It says plainly that nothing here is real."""

from html import escape
from pathlib import Path

from config.lanceur.bac_a_sable_mie.profils import MOT_DE_PASSE, PROFILS

LIBELLES = {
    "mot_de_passe": "conteneur à ouvrir avec un autre mot de passe",
    "cle_differente": "clé d’un autre certificat",
    "autre_environnement": "certificat de production",
    "autre_structure": "autre structure",
    "sans_structure": "aucune structure nommée",
    "expire": "expiré",
    "pas_encore_valide": "pas encore valide",
    "revoque": "révoqué",
    "usage": "autre usage",
    "cn_insi": "nom INSi en minuscules",
    "sha1": "signé en SHA-1",
    "cle_courte": "clé RSA de 1 024 bits",
    "courbe": "courbe P-224",
    "autre_autorite": "autre autorité, mêmes noms",
    "chaine": "sans chaîne",
    "sans_cle": "certificat seul",
    "image": "image renommée",
    "autorite": "certificat d’autorité",
}
USAGES = ("AUTH_CLI", "SIGN", "CONF", "SSL_SERV", "SMIME")


def style() -> str:
    return (Path(__file__).parent.parent / "bac_a_sable_psc" / "style.css").read_text(encoding="utf-8")


def accueil(demande: dict[str, str], environnement: str) -> str:
    finess = escape(demande.get("finess", ""), quote=True)
    options = "".join(f"<option>{usage}</option>" for usage in USAGES)
    mauvais = "".join(
        f'<li><a href="profil?nom={nom}&amp;finess={finess}">{escape(LIBELLES[nom])}</a></li>'
        for nom in PROFILS
    )
    return (
        '<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>IGC-Santé de démonstration</title>'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="stylesheet" href="style.css"></head><body><main>'
        "<h1>IGC-Santé de démonstration</h1>"
        f"<p>Cette page imite l’IGC-Santé ({escape(environnement)}). Aucun de ses certificats n’a de valeur.</p>"
        '<h2>Faire émettre un certificat</h2><form method="post" action="commander">'
        '<p><label for="csr">Demande (CSR)</label><br><textarea id="csr" name="csr" rows="8" cols="60"></textarea></p>'
        f'<p><label for="usage">Usage</label> <select id="usage" name="usage">{options}</select></p>'
        "<p><button>Émettre</button></p></form>"
        '<h2>Conteneur .p12 tout fait</h2><form action="p12">'
        f'<p><label for="finess">FINESS</label> <input id="finess" name="finess" value="{finess}"></p>'
        '<p><label for="cn">Nom (CN)</label> <input id="cn" name="cn" value="DMP"></p>'
        f'<p><label for="u2">Usage</label> <select id="u2" name="usage">{options}</select></p>'
        f"<p><button>Télécharger</button> Mot de passe : {MOT_DE_PASSE}</p></form>"
        f"<h2>Fichiers à refuser</h2><ul>{mauvais}</ul></main></body></html>"
    )
