"""Why a certificate is not taken: one sentence per reason, which says how to mend it."""

from plateforme.core.errors import ErreurMetier

PHRASES = {
    "image": "Ce fichier est une image ou un document renommé, pas un certificat\u00a0: choisissez le fichier .p12, .pfx, "
    ".cer ou .pem reçu de l’ANS.",
    "format": "Ce fichier n’est ni un certificat ni un conteneur PKCS#12 lisible\u00a0: téléchargez-le à nouveau, sans "
    "l’ouvrir ni le convertir.",
    "trop_gros": "Ce fichier pèse plus de 200\u00a0Ko\u00a0: un certificat en pèse une dizaine. Vérifiez que c’est le bon.",
    "demande": "Ce fichier est une demande de certificat (CSR), pas le certificat\u00a0: envoyez-la à l’IGC-Santé, puis "
    "déposez ici ce qu’elle renvoie.",
    "cle_en_clair": "Ce fichier contient une clé privée lisible par tous\u00a0: elle n’a pas été gardée. Faites-en un "
    "conteneur .p12 protégé par un mot de passe, ou mieux, générez la clé ici.",
    "mot_de_passe": "Le mot de passe n’ouvre pas ce conteneur .p12\u00a0: vérifiez-le (majuscules, chiffres), c’est celui "
    "choisi lors de l’export.",
    "conteneur": "Ceci est un conteneur .p12\u00a0: il s’importe avec son mot de passe, par «\u00a0Importer un .p12\u00a0».",
    "sans_cle": "Ce fichier ne contient que le certificat, sans sa clé privée\u00a0: importez le .p12 complet, ou déposez-le "
    "sur la demande dont la clé a été générée ici.",
    "sans_certificat": "Ce conteneur .p12 n’a que la clé, sans le certificat\u00a0: demandez le conteneur complet.",
    "cle_differente": "La clé privée ne va pas avec ce certificat\u00a0: l’un des deux vient d’une autre demande.",
    "plusieurs": "Ce fichier contient plusieurs certificats de titulaires\u00a0: déposez-les un par un.",
    "autorite": "Ce certificat est celui d’une autorité, pas celui de votre structure\u00a0: choisissez l’autre fichier.",
    "autre_environnement_test": "C’est un certificat de test\u00a0: il n’entre pas en production. Choisissez "
    "l’environnement «\u00a0test\u00a0», ou commandez un certificat de production.",
    "autre_environnement_prod": "C’est un certificat de production\u00a0: il n’entre pas dans l’environnement de test. "
    "Choisissez «\u00a0production\u00a0».",
    "autre_autorite": "Ce certificat n’est pas signé par l’IGC-Santé\u00a0: le nom de l’autorité ne suffit pas, sa "
    "signature ne correspond pas. Commandez-le auprès de l’ANS.",
    "chaine": "Il manque le certificat de l’autorité intermédiaire\u00a0: ajoutez la chaîne IGC-Santé (fichier .p7b) à "
    "votre conteneur, puis recommencez.",
    "chaine_invalide": "La chaîne d’autorités de ce certificat n’est pas valable\u00a0: téléchargez la chaîne IGC-Santé "
    "à jour, puis recommencez.",
    "racine_absente": "Aucune racine IGC-Santé n’est réglée pour cet environnement\u00a0: l’exploitant de Treille doit "
    "l’installer avant tout dépôt.",
    "sha1": "Ce certificat est signé avec un procédé abandonné (SHA-1)\u00a0: demandez-en un autre, signé en SHA-256.",
    "cle_courte": "La clé RSA de ce certificat est trop courte\u00a0: il faut 2\u00a0048 bits au moins. Générez-en une ici.",
    "courbe": "La clé de ce certificat utilise une courbe trop faible ou inconnue\u00a0: il faut P-256, P-384 ou P-521.",
    "type_de_cle": "La clé de ce certificat n’est ni RSA ni sur courbe elliptique\u00a0: demandez-en un autre.",
    "expire": "Ce certificat a expiré le {date}\u00a0: commandez son remplaçant.",
    "pas_encore_valide": "Ce certificat n’est valable qu’à partir du {date}\u00a0: déposez-le ce jour-là, ou vérifiez que "
    "c’est le bon.",
    "revoque": "Ce certificat a été révoqué par l’IGC-Santé le {date}\u00a0: il ne peut plus servir, commandez-en un autre.",
    "usage": "Ce certificat n’est pas fait pour l’usage «\u00a0{usage}\u00a0»\u00a0: ses usages de clé ne le permettent pas. "
    "Choisissez l’usage écrit sur la commande.",
    "extension": "Ce certificat porte une contrainte que Treille ne connaît pas\u00a0: il est refusé par prudence. "
    "Signalez-le à l’exploitant.",
    "cn_insi": "Pour le téléservice INSi, le nom (CN) doit être exactement INSI-AUTO ou INSI-MANU, en majuscules\u00a0: "
    "celui-ci est «\u00a0{cn}\u00a0».",
    "insi_seul": "Un certificat INSi ne sert qu’à l’INSi\u00a0: retirez les autres destinations, ou commandez-en un second.",
    "autre_structure": "Ce certificat appartient à une autre structure ou entité juridique ({porte})\u00a0: il ne peut pas "
    "entrer ici. S’il est à votre organisme, son détenteur peut vous le déléguer.",
    "sans_structure": "Ce certificat ne nomme aucune structure (ni FINESS ni SIREN)\u00a0: impossible de savoir à qui il "
    "est. Vérifiez la commande.",
    "deja_connu": "Ce certificat est déjà enregistré ici\u00a0: ouvrez sa fiche.",
    "commande_differente": "Ce certificat ne répond pas à cette demande\u00a0: sa clé est celle d’une autre. Déposez-le sur "
    "la bonne.",
}


class CertificatRefuse(ErreurMetier):
    """``motif`` is the key of the sentence. Nothing was kept."""

    code = "mie.certificat.refuse"

    def __init__(self, motif: str, *, champ: str = "fichier", **details: str) -> None:
        self.motif = motif
        phrase = PHRASES[motif].format(**details)
        super().__init__(phrase, champs={champ: phrase})
