"""Documents of a structure: what is known of them; their bytes are in the object store, sealed."""

from django.db import models

from plateforme.chiffrement.champs import ChampScelle
from plateforme.core.clock import now
from plateforme.core.models import Identifie


class EtatDocument(models.TextChoices):
    QUARANTAINE = "quarantaine", "contrôle antivirus en cours"
    SAIN = "sain", "disponible"
    INFECTE = "infecte", "refusé par l’antivirus"
    ILLISIBLE = "illisible", "illisible"
    EFFACE = "efface", "effacé"


class Document(Identifie):
    """A file somebody gave. Its name and its hash are sealed too: « Compte rendu oncologie.pdf » says enough.

    ``cle`` is the key of its bytes, drawn for them, sealed under the usager's (under the structure's without usager);
    None once erased: the row stays, the content is gone.
    """

    champ_sujet = "sujet_id"

    sujet_id = models.UUIDField("usager", null=True)
    nom = ChampScelle("nom", sujet="sujet_id")
    empreinte = ChampScelle("empreinte du contenu", sujet="sujet_id")
    type_reel = models.CharField("type", max_length=100)
    taille = models.PositiveIntegerField("taille en octets")
    objet = models.CharField("objet", max_length=60)
    cle = models.BinaryField("clé scellée", null=True)
    etat = models.CharField("état", max_length=12, choices=EtatDocument.choices)
    sante = models.BooleanField("donnée de santé", default=True)
    depose_par = models.UUIDField("déposé par", null=True)
    depose_a = models.DateTimeField("déposé à", default=now)
    efface_par = models.UUIDField("effacé par", null=True)
    efface_a = models.DateTimeField("effacé à", null=True)

    class Meta(Identifie.Meta):
        verbose_name = "document"
        ordering = ["-depose_a"]
        indexes = [models.Index(fields=["sujet_id", "-depose_a"], name="document_du_sujet")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def lisible(self) -> bool:
        return self.etat == EtatDocument.SAIN

    @property
    def extension(self) -> str:
        from plateforme.storage.formats import EXTENSION

        return EXTENSION.get(self.type_reel, "bin")
