"""Certificates of the legal person. What is public of them is in clear; the private key is sealed, or in a module."""

from datetime import date
from functools import reduce
from operator import or_

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from plateforme.core.clock import fuseau, now, today
from plateforme.core.models import Horodate, Identifie, Journal
from socles.mie.rules import etats, usages


def _choix(table: dict[str, str]) -> list[tuple[str, str]]:
    return list(table.items())


def _parmi(champ: str, valeurs: frozenset[str]) -> Q:
    """One equality per value: a list is rewritten by PostgreSQL each time it is read, and stamped schemas must not vary."""
    return reduce(or_, (Q(**{champ: valeur}) for valeur in sorted(valeurs)))


class OrigineCle(models.TextChoices):
    GENEREE = "generee", "générée dans le coffre"
    IMPORTEE = "importee", "importée avec le certificat"
    MODULE = "module", "dans un module matériel (PKCS#11)"
    DELEGUEE = "deleguee", "déléguée par une structure du même organisme"


class Revocation(models.TextChoices):
    INCONNUE = "inconnue", "pas encore vérifiée"
    BON = "bon", "non révoqué"
    REVOQUE = "revoque", "révoqué"


class Certificat(Horodate):
    """``cle_scellee``: PKCS#8 under the structure's data key. Destroyed with the certificate’s end, but what
    reads old messages."""

    champs_clairs = frozenset(
        {"offre", "usage", "environnement", "etat", "origine_cle", "revocation", "destinations"}
    )

    offre = models.CharField("offre", max_length=4, choices=_choix(usages.OFFRES))
    usage = models.CharField("usage", max_length=8, choices=_choix(usages.USAGES))
    environnement = models.CharField("environnement", max_length=4, choices=_choix(usages.ENVIRONNEMENTS))
    destinations = ArrayField(models.CharField(max_length=8), verbose_name="destinations")
    etat = models.CharField("état", max_length=12, choices=_choix(etats.LIBELLES))
    cn = models.CharField("nom (CN)", max_length=64)
    dn = models.CharField("titulaire (DN)", max_length=500, blank=True, default="")
    noms = ArrayField(models.CharField(max_length=253), verbose_name="noms alternatifs", default=list)
    serie = models.CharField("numéro de série", max_length=42, blank=True, default="")
    emetteur = models.CharField("autorité", max_length=500, blank=True, default="")
    aki = models.CharField("clé de l’autorité", max_length=64, blank=True, default="")
    ski = models.CharField("empreinte de la clé", max_length=64, blank=True, default="")
    debut = models.DateTimeField("valable depuis", null=True)
    fin = models.DateTimeField("valable jusqu’au", null=True)
    empreinte = models.CharField("empreinte SHA-256", max_length=64, blank=True, default="")
    pem = models.TextField("certificat", blank=True, default="")
    chaine = models.TextField("chaîne", blank=True, default="")
    crl = ArrayField(models.CharField(max_length=500), verbose_name="listes de révocation", default=list)
    ocsp = ArrayField(models.CharField(max_length=500), verbose_name="répondeurs OCSP", default=list)
    cle_scellee = models.BinaryField("clé scellée", null=True)
    cle_module = models.CharField("clé dans le module", max_length=64, blank=True, default="")
    origine_cle = models.CharField("origine de la clé", max_length=8, choices=OrigineCle.choices)
    demande = models.TextField("demande (CSR)", blank=True, default="")
    predecesseur = models.ForeignKey(
        "self", models.PROTECT, null=True, related_name="successeurs", verbose_name="remplace"
    )
    revocation = models.CharField(
        "révocation", max_length=8, choices=Revocation.choices, default=Revocation.INCONNUE
    )
    revocation_vue_a = models.DateTimeField("révocation vérifiée à", null=True)
    revoque_a = models.DateTimeField("révoqué à", null=True)
    # Structure that holds it and lent it here; the key is sealed under our own key all the same.
    detenteur_id = models.UUIDField("structure détentrice", null=True)
    installe_a = models.DateTimeField("installé à", null=True)
    teste_a = models.DateTimeField("essai réussi à", null=True)
    actif_a = models.DateTimeField("actif depuis", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "certificat"
        ordering = ["-cree_a"]
        constraints = [
            models.UniqueConstraint(
                fields=["empreinte"], condition=~Q(empreinte=""), name="mie_certificat_empreinte_unique"
            ),
            models.CheckConstraint(
                condition=Q(cle_scellee__isnull=True)
                | ~_parmi("etat", etats.FINIS)
                | (_parmi("usage", usages.DE_DECHIFFREMENT) & ~Q(etat=etats.RETIRE)),
                name="mie_certificat_fini_sans_cle",
            ),
        ]
        indexes = [models.Index(fields=["etat", "fin"], name="mie_certificat_etat_fin")]

    @property
    def intitule(self) -> str:
        return f"{self.cn} ({self.get_usage_display()}, {self.get_environnement_display()})"

    @property
    def libelles_destinations(self) -> str:
        return ", ".join(usages.DESTINATIONS[d] for d in self.destinations)

    @property
    def empreinte_lisible(self) -> str:
        return " ".join(self.empreinte[i : i + 4] for i in range(0, len(self.empreinte), 4))

    @property
    def fin_le(self) -> date | None:
        return self.fin.astimezone(fuseau()).date() if self.fin else None

    @property
    def jours_restants(self) -> int | None:
        return (self.fin_le - today()).days if self.fin_le else None

    @property
    def vivant(self) -> bool:
        """Its key may be used now: what the state says, and what the clock says."""
        return (
            self.etat in etats.VIVANTS
            and self.revocation != Revocation.REVOQUE
            and self.debut is not None
            and self.fin is not None
            and self.debut <= now() < self.fin
        )


class Rang(models.TextChoices):
    PRINCIPAL = "principal", "en service"
    SECOURS = "secours", "en secours"


class Emploi(Horodate):
    """A destination served by a certificate: one in service, at most one behind it during the switch."""

    champs_clairs = frozenset({"environnement", "usage", "destination", "rang"})

    certificat = models.ForeignKey(
        Certificat, models.CASCADE, related_name="emplois", verbose_name="certificat"
    )
    environnement = models.CharField("environnement", max_length=4)
    usage = models.CharField("usage", max_length=8)
    destination = models.CharField("destination", max_length=8, choices=_choix(usages.DESTINATIONS))
    rang = models.CharField("rang", max_length=9, choices=Rang.choices)
    depuis = models.DateTimeField("depuis", default=now)
    dernier_succes_a = models.DateTimeField("dernier succès", null=True)
    repli_a = models.DateTimeField("dernier repli sur le secours", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "emploi d’un certificat"
        constraints = [
            models.UniqueConstraint(
                fields=["environnement", "usage", "destination"],
                condition=Q(rang="principal"),
                name="mie_emploi_un_seul_principal",
            ),
            models.UniqueConstraint(
                fields=["environnement", "usage", "destination"],
                condition=Q(rang="secours"),
                name="mie_emploi_un_seul_secours",
            ),
        ]


class Essai(Journal):
    """A real call made with a certificate, and how it ended."""

    champs_clairs = frozenset({"destination", "issue"})

    certificat = models.ForeignKey(
        Certificat, models.CASCADE, related_name="essais", verbose_name="certificat"
    )
    destination = models.CharField("destination", max_length=8, choices=_choix(usages.DESTINATIONS))
    hote = models.CharField("pair appelé", max_length=253)
    reussi = models.BooleanField("réussi")
    issue = models.CharField("issue", max_length=200)
    a = models.DateTimeField("à", default=now)

    class Meta(Journal.Meta):
        verbose_name = "essai de certificat"
        ordering = ["-a"]


class ListeDeRevocation(Horodate):
    """The last good list of an address: a newer one that cannot be read or trusted does not take its place."""

    champs_clairs = frozenset({"adresse", "emetteur", "erreur"})

    adresse = models.CharField("adresse", max_length=500, unique=True)
    emetteur = models.CharField("autorité", max_length=500, blank=True, default="")
    der = models.BinaryField("liste", null=True)
    etablie_a = models.DateTimeField("établie à", null=True)
    prochaine_a = models.DateTimeField("prochaine à", null=True)
    lue_a = models.DateTimeField("lue à", null=True)
    erreur = models.CharField("dernière erreur", max_length=60, blank=True, default="")
    # Somebody was told that it is out of date.
    alertee = models.BooleanField("alerte donnée", default=False)

    class Meta(Horodate.Meta):
        verbose_name = "liste de révocation"

    @property
    def perimee(self) -> bool:
        return self.prochaine_a is None or self.prochaine_a <= now()


class Rappel(Journal):
    """This threshold was reached, for this kind of recipient. The row and the message live or die together."""

    champs_clairs = frozenset({"genre", "destinataire"})

    genre = models.CharField("objet", max_length=12)
    objet_id = models.UUIDField("objet rappelé")
    seuil = models.SmallIntegerField("seuil en jours")
    destinataire = models.CharField("destinataire", max_length=12)
    # False: gone by while the product was stopped, a nearer one was sent instead.
    envoye = models.BooleanField("envoyé")
    a = models.DateTimeField("à", default=now)

    class Meta(Journal.Meta):
        verbose_name = "rappel d’échéance"
        constraints = [
            models.UniqueConstraint(
                fields=["genre", "objet_id", "seuil", "destinataire"], name="mie_rappel_une_seule_fois"
            )
        ]


class Delegation(Identifie):
    """This certificate, lent to another structure of the organisme: its key is sealed there under its own key."""

    champs_clairs = frozenset({"structure_nom"})

    certificat = models.ForeignKey(
        Certificat, models.CASCADE, related_name="delegations", verbose_name="certificat"
    )
    structure_id = models.UUIDField("structure")
    structure_nom = models.CharField("structure délégataire", max_length=200)
    certificat_distant = models.UUIDField("certificat là-bas")
    accordee_par = models.UUIDField("accordée par", null=True)
    accordee_a = models.DateTimeField("accordée à", default=now)
    retiree_par = models.UUIDField("retirée par", null=True)
    retiree_a = models.DateTimeField("retirée à", null=True)

    class Meta(Identifie.Meta):
        verbose_name = "délégation de certificat"
        ordering = ["-accordee_a"]
        constraints = [
            models.UniqueConstraint(
                fields=["certificat", "structure_id"],
                condition=Q(retiree_a__isnull=True),
                name="mie_delegation_une_par_structure",
            )
        ]
