"""The register of art. 30: fiches, their versions, who signed which."""

from django.db import models

from plateforme.core.models import Horodate, Journal
from tenants.models import Organisme


class FicheRegistre(Horodate):
    """A processing of this entité juridique. ``code`` is one of ours, or its own."""

    organisme = models.ForeignKey(
        Organisme, models.PROTECT, related_name="fiches_rgpd", verbose_name="organisme"
    )
    code = models.CharField("code", max_length=40)
    intitule = models.CharField("intitulé", max_length=150)
    retiree_le = models.DateField("retirée le", null=True, blank=True)

    class Meta(Horodate.Meta):
        verbose_name = "fiche du registre"
        ordering = ["intitule"]
        constraints = [models.UniqueConstraint(fields=["organisme", "code"], name="rgpd_fiche_code_unique")]

    def __str__(self) -> str:
        return self.intitule


class VersionDeFiche(Journal):
    """What the fiche said from then on; a correction is another version."""

    fiche = models.ForeignKey(FicheRegistre, models.PROTECT, related_name="versions", verbose_name="fiche")
    rang = models.PositiveSmallIntegerField("version")
    contenu = models.JSONField("contenu")
    # Digest of the product's fields it was written for: another one later, and the fiche is to be read again.
    dictionnaire = models.CharField("empreinte du dictionnaire", max_length=64, blank=True, default="")
    motif = models.CharField("motif", max_length=300)
    redigee_par = models.UUIDField("rédigée par")
    redigee_role = models.CharField("fonction du rédacteur", max_length=60)
    redigee_a = models.DateTimeField("rédigée à")

    class Meta(Journal.Meta):
        verbose_name = "version de fiche"
        ordering = ["-rang"]
        constraints = [models.UniqueConstraint(fields=["fiche", "rang"], name="rgpd_version_rang_unique")]


class SignatureDeFiche(Journal):
    """The DPD or the direction read this version and holds it for true."""

    version = models.ForeignKey(
        VersionDeFiche, models.PROTECT, related_name="signatures", verbose_name="version"
    )
    role = models.CharField("fonction", max_length=60)
    signee_par = models.UUIDField("signée par")
    signee_a = models.DateTimeField("signée à")

    class Meta(Journal.Meta):
        verbose_name = "signature de fiche"
        ordering = ["signee_a"]
        constraints = [
            models.UniqueConstraint(fields=["version", "role"], name="rgpd_une_signature_par_fonction")
        ]
