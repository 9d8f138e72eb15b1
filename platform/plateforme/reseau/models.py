"""The network's own people and works, in ``public``: operators, porteurs, and the long jobs they start."""

from datetime import timedelta

from django.contrib.sessions.backends.db import SessionStore
from django.db import models

from plateforme.audit.base import PointBase, TeteBase, TraceBase
from plateforme.core.clock import now
from plateforme.core.models import Horodate
from plateforme.identity.base import (
    CodeDeSecoursBase,
    CompteBase,
    FacteurBase,
    LienBase,
    SessionBase,
    VerrouBase,
)
from plateforme.outbox.base import MessageBase, TraiteBase
from plateforme.tenancy.modeles import ModeleDeStructure


class RoleReseau(models.TextChoices):
    OPERATEUR = "operateur", "opérateur de la plateforme"
    PORTEUR = "porteur", "porteur de grappe"


class CompteReseau(CompteBase, ModeleDeStructure):  # type: ignore[misc]  # two managers, one wins
    """Somebody who serves several structures and reads no dossier."""

    role = models.CharField("rôle", max_length=20, choices=RoleReseau.choices)
    grappe_id = models.UUIDField("grappe portée", null=True, blank=True)

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "compte du réseau"
        db_table = "reseau_compte"
        constraints = [
            models.UniqueConstraint(fields=["identifiant"], name="reseau_compte_identifiant_unique")
        ]


class SessionReseau(SessionBase):
    class Meta:
        verbose_name = "session du réseau"
        db_table = "reseau_session"

    @classmethod
    def get_session_store_class(cls) -> type:
        return SessionStore


class TraceReseau(TraceBase):
    """Journal of the network's own people: openings, suspensions, works. No usager is ever named here."""

    class Meta(TraceBase.Meta):
        verbose_name = "trace du réseau"
        db_table = "reseau_trace"
        ordering = ["numero"]
        indexes = [models.Index(fields=["instant"], name="reseau_trace_instant")]

    def __str__(self) -> str:
        return f"{self.numero} {self.genre}"


class TeteReseau(TeteBase):
    class Meta(TeteBase.Meta):
        verbose_name = "tête de la chaîne du réseau"
        db_table = "reseau_tete"


class PointReseau(PointBase):
    class Meta(PointBase.Meta):
        verbose_name = "point de contrôle du réseau"
        db_table = "reseau_point"


class FacteurReseau(FacteurBase, ModeleDeStructure):
    compte = models.ForeignKey(CompteReseau, models.CASCADE, related_name="facteurs", verbose_name="compte")

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "second facteur"
        db_table = "reseau_facteur"
        ordering = ["cree_a"]
        constraints = [models.UniqueConstraint(fields=["cle_id"], name="reseau_facteur_cle_unique")]


class CodeDeSecoursReseau(CodeDeSecoursBase, ModeleDeStructure):
    compte = models.ForeignKey(CompteReseau, models.CASCADE, related_name="codes", verbose_name="compte")

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "code de secours"
        db_table = "reseau_code_secours"


class LienReseau(LienBase, ModeleDeStructure):
    compte = models.ForeignKey(CompteReseau, models.CASCADE, related_name="liens", verbose_name="compte")

    class Meta(ModeleDeStructure.Meta):
        verbose_name = "lien à usage unique"
        db_table = "reseau_lien"
        ordering = ["-cree_a"]


class VerrouReseau(VerrouBase, ModeleDeStructure):
    class Meta(ModeleDeStructure.Meta):
        verbose_name = "verrou"
        db_table = "reseau_verrou"


class MessageReseau(MessageBase):
    """What the network must do outside its transactions: letters to porteurs, facts to read again."""

    class Meta(MessageBase.Meta):
        verbose_name = "message du réseau"
        db_table = "reseau_message"
        indexes = [
            models.Index(
                fields=["agregat", "id"], condition=models.Q(etat="a_livrer"), name="reseau_message_a_livrer"
            ),
        ]


class TraiteReseau(TraiteBase):
    class Meta(TraiteBase.Meta):
        verbose_name = "message du réseau traité"
        db_table = "reseau_traite"
        constraints = [
            models.UniqueConstraint(fields=["message_id", "consommateur"], name="reseau_traite_une_fois")
        ]


class EtatTravail(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_COURS = "en_cours", "en cours"
    FINI = "fini", "terminé"
    ECHOUE = "echoue", "interrompu"
    ANNULE = "annule", "annulé"


class Travail(Horodate):
    """A long job somebody started and may leave: its progress, its result line by line, its end.

    ``rapport`` is a list of lines of the job's own shape. A job whose ``battement`` is older than a minute while
    ``en_cours`` lost its worker; it resumes from what is already done.
    """

    genre = models.CharField("genre", max_length=60)
    titre = models.CharField("titre", max_length=200)
    etat = models.CharField(
        "état", max_length=12, choices=EtatTravail.choices, default=EtatTravail.EN_ATTENTE
    )
    fait = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("total", default=0)
    demande = models.JSONField("demande", default=dict)
    rapport = models.JSONField("rapport", default=list)
    message = models.TextField("message", blank=True, default="")
    demarre_a = models.DateTimeField("démarré à", null=True)
    battement = models.DateTimeField("dernier signe", null=True)
    fini_a = models.DateTimeField("fini à", null=True)
    auteur_id = models.UUIDField("demandé par", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "travail"
        db_table = "reseau_travail"
        ordering = ["-cree_a"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(fait__lte=models.F("total")), name="travail_fait_dans_total"
            )
        ]

    def __str__(self) -> str:
        return self.titre

    @property
    def est_termine(self) -> bool:
        return self.etat in (EtatTravail.FINI, EtatTravail.ECHOUE, EtatTravail.ANNULE)

    @property
    def est_perdu(self) -> bool:
        return self.etat == EtatTravail.EN_COURS and (
            self.battement is None or now() - self.battement > timedelta(minutes=1)
        )

    @property
    def secondes_restantes(self) -> int | None:
        """Estimate from the pace so far; None before the first line."""
        if self.etat != EtatTravail.EN_COURS or not self.fait or self.demarre_a is None:
            return None
        ecoule = (now() - self.demarre_a).total_seconds()
        return round(ecoule / self.fait * (self.total - self.fait))


class RattachementPsc(Horodate):
    """Which structures hold an active account for a professional, so that somebody who starts here finds theirs.

    ``empreinte`` is a keyed digest of the national identifier: the table alone names nobody.
    """

    empreinte = models.CharField("empreinte", max_length=64, db_collation="C")
    structure_id = models.UUIDField("structure")
    compte_id = models.UUIDField("compte")

    class Meta(Horodate.Meta):
        verbose_name = "rattachement à Pro Santé Connect"
        db_table = "reseau_rattachement_psc"
        constraints = [
            models.UniqueConstraint(fields=["structure_id", "compte_id"], name="rattachement_psc_unique")
        ]
        indexes = [models.Index(fields=["empreinte"], name="rattachement_psc_empreinte")]


class PassagePsc(Horodate):
    """From the network's host, the only one the provider knows, to a structure's: used once, within a minute.

    What the provider said waits here, sealed, and is erased when the structure takes it. What stays until the end of
    the day is where the session of the provider is open: a sign-out there must close it here.
    """

    empreinte = models.CharField("empreinte", max_length=64, db_collation="C")
    structure_id = models.UUIDField("structure", null=True)
    navigateur = models.CharField("navigateur", max_length=64, blank=True, default="", db_collation="C")
    contenu = models.BinaryField("contenu scellé", null=True)
    sid = models.CharField("session du fournisseur", max_length=255, blank=True, default="")
    sujet = models.CharField("empreinte du sujet", max_length=64, db_collation="C")
    expire_a = models.DateTimeField("expire à")
    pris_a = models.DateTimeField("pris à", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "passage depuis Pro Santé Connect"
        db_table = "reseau_passage_psc"
        indexes = [
            models.Index(fields=["sid"], name="passage_psc_sid"),
            models.Index(fields=["sujet"], name="passage_psc_sujet"),
            models.Index(fields=["expire_a"], name="passage_psc_expire"),
        ]


class JetonVu(models.Model):
    """A sign-out order already obeyed: replayed, it does nothing."""

    empreinte = models.CharField("empreinte", max_length=64, primary_key=True, db_collation="C")
    expire_a = models.DateTimeField("expire à")

    class Meta:
        verbose_name = "jeton déjà vu"
        db_table = "reseau_jeton_vu"
        indexes = [models.Index(fields=["expire_a"], name="jeton_vu_expire")]

    def __str__(self) -> str:
        return self.empreinte[:8]
