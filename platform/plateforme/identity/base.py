"""What an account of a structure and an account of the network have in common."""

from typing import TYPE_CHECKING, Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from uuid_utils.compat import uuid7

from plateforme.core.clock import now
from plateforme.core.tri import cle_de_tri
from plateforme.tenancy.modeles import QuerySetDeStructure


class Theme(models.TextChoices):
    AUTO = "auto", "comme l’appareil"
    CLAIR = "clair", "clair"
    SOMBRE = "sombre", "sombre"


class Piece(models.TextChoices):
    """Document seen when somebody's identity was checked; no copy of it is ever kept."""

    CNI = "cni", "carte nationale d’identité"
    PASSEPORT = "passeport", "passeport"
    SEJOUR = "sejour", "titre de séjour"
    PROFESSIONNELLE = "professionnelle", "carte professionnelle"


class ModeDeVerification(models.TextChoices):
    PRESENCE = "presence", "en présence"
    DISTANCE = "distance", "à distance, par vidéo"


# A queryset of a structure, like every other: born in a schema, and closed to writes under the mask.
if TYPE_CHECKING:
    _Comptes = BaseUserManager[Any]
else:
    _Comptes = BaseUserManager.from_queryset(QuerySetDeStructure)


class ComptesManager(_Comptes):
    def ouvrir(self, *, identifiant: str, mot_de_passe: str | None, **champs: Any) -> Any:
        """A new account; without a password nobody can sign in with one."""
        compte = self.model(identifiant=self.model.normalize_username(identifiant.strip().lower()), **champs)
        compte.set_password(mot_de_passe)
        compte.save(using=self._db)
        return compte


class CompteBase(AbstractBaseUser):
    """A person who signs in. Rights come from ``role``, never from a flag."""

    id = models.UUIDField("identifiant technique", primary_key=True, default=uuid7, editable=False)
    identifiant = models.CharField("identifiant", max_length=150)
    prenom = models.CharField("prénom", max_length=100)
    nom = models.CharField("nom", max_length=100)
    cle_tri = models.CharField("clé de tri", max_length=210, editable=False, default="")
    courriel = models.EmailField("courriel", blank=True, default="")
    telephone = models.CharField("téléphone", max_length=20, blank=True, default="")
    actif = models.BooleanField("actif", default=True)
    theme = models.CharField("thème", max_length=6, choices=Theme.choices, default=Theme.AUTO)
    # Who somebody is was checked by a person with the right: what they saw, when, how. No copy.
    identite_verifiee_a = models.DateTimeField("identité vérifiée à", null=True, blank=True)
    identite_piece = models.CharField(
        "pièce vue", max_length=16, choices=Piece.choices, blank=True, default=""
    )
    identite_mode = models.CharField(
        "mode de vérification", max_length=8, choices=ModeDeVerification.choices, blank=True, default=""
    )
    identite_par_id = models.UUIDField("identité vérifiée par", null=True, blank=True)

    objects = ComptesManager()

    USERNAME_FIELD = "identifiant"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["prenom", "nom"]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.cle_tri = cle_de_tri(self.nom, self.prenom)
        super().save(*args, **kwargs)

    def __str__(self) -> str:
        return self.nom_complet

    @property
    def is_active(self) -> bool:  # type: ignore[override]
        return self.actif

    @property
    def nom_complet(self) -> str:
        return f"{self.prenom} {self.nom}"

    @property
    def initiales(self) -> str:
        return f"{self.prenom[:1]}{self.nom[:1]}".upper()

    @property
    def est_enrole(self) -> bool:
        """Has chosen a password, so has finished an enrolment: the two are written together."""
        return bool(self.password) and self.has_usable_password()

    @property
    def identite_est_verifiee(self) -> bool:
        return self.identite_verifiee_a is not None

    @property
    def libelle_role(self) -> str:
        return str(self.get_role_display())  # type: ignore[attr-defined]


class Moyen(models.TextChoices):
    """How somebody proved who they are when the session was opened."""

    PSC = "psc", "Pro Santé Connect"
    OIDC = "oidc", "fournisseur d’identité de la structure"
    PASSKEY = "passkey", "clé d’accès"
    TOTP = "totp", "mot de passe et code"
    SECOURS = "secours", "mot de passe et code de secours"


class GenreDeSession(models.TextChoices):
    WEB = "web", "navigateur"
    APPAREIL = "appareil", "téléphone du service"


class SessionBase(AbstractBaseSession):
    """A signed-in browser or phone. Everything the list of sessions shows is a column, nothing is decoded for it."""

    compte_id = models.UUIDField("compte", null=True)
    session_key = models.CharField("clé", max_length=40, primary_key=True, db_collation="C")
    genre = models.CharField(
        "genre", max_length=8, choices=GenreDeSession.choices, default=GenreDeSession.WEB
    )
    moyen = models.CharField("moyen", max_length=8, choices=Moyen.choices, blank=True, default="")
    ouverte_a = models.DateTimeField("ouverte à", default=now)
    vue_a = models.DateTimeField("vue à", default=now)
    # The end that no activity moves: ASVS 7.3.2.
    finit_a = models.DateTimeField("finit à", null=True)
    # Seconds without activity after which it ends, read from the structure's settings when it opens.
    inactivite = models.PositiveIntegerField("inactivité permise", default=1200)
    confirmee_a = models.DateTimeField("identité confirmée à", null=True)
    adresse = models.GenericIPAddressField("adresse", null=True)
    appareil = models.CharField("appareil", max_length=120, blank=True, default="")
    # Of the identity provider: its session, and its tokens, encrypted.
    fournisseur = models.CharField("fournisseur", max_length=40, blank=True, default="")
    sid = models.CharField("session du fournisseur", max_length=255, blank=True, default="")
    jetons = models.BinaryField("jetons", null=True)

    class Meta:
        abstract = True


class GenreDeFacteur(models.TextChoices):
    TOTP = "totp", "application de codes"
    PASSKEY = "passkey", "clé d’accès"


class FacteurBase(models.Model):
    """Second factor of an account. The concrete classes add ``compte``.

    TOTP: ``secret`` is sealed, ``dernier_pas`` is the last time step used. Passkey: ``cle_id``, ``cle_publique`` and the
    authenticator's counter.
    """

    id = models.UUIDField("identifiant", primary_key=True, default=uuid7, editable=False)
    genre = models.CharField("genre", max_length=8, choices=GenreDeFacteur.choices)
    nom = models.CharField("nom", max_length=60)
    cree_a = models.DateTimeField("ajouté à", default=now)
    utilise_a = models.DateTimeField("utilisé à", null=True)
    secret = models.BinaryField("secret", null=True)
    dernier_pas = models.BigIntegerField("dernier pas", default=0)
    cle_id = models.BinaryField("identifiant de la clé", null=True)
    cle_publique = models.BinaryField("clé publique", null=True)
    compteur = models.BigIntegerField("compteur", default=0)
    transports = models.JSONField("transports", default=list)
    # The key is copied between the person's devices by their provider.
    synchronisee = models.BooleanField("synchronisée", default=False)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.nom

    @property
    def est_une_cle(self) -> bool:
        return self.genre == GenreDeFacteur.PASSKEY


class CodeDeSecoursBase(models.Model):
    """One of ten single-use codes, kept as a fingerprint: they are random enough for a plain hash."""

    id = models.UUIDField("identifiant", primary_key=True, default=uuid7, editable=False)
    empreinte = models.CharField("empreinte", max_length=64)
    cree_a = models.DateTimeField("créé à", default=now)
    utilise_a = models.DateTimeField("utilisé à", null=True)

    class Meta:
        abstract = True


class GenreDeLien(models.TextChoices):
    INVITATION = "invitation", "invitation"
    FACTEUR = "facteur", "nouveau second facteur"
    MOT_DE_PASSE = "mot_de_passe", "mot de passe oublié"


class LienBase(models.Model):
    """A single-use address given to one person; only the fingerprint of its secret is kept."""

    id = models.UUIDField("identifiant", primary_key=True, default=uuid7, editable=False)
    genre = models.CharField("genre", max_length=14, choices=GenreDeLien.choices)
    empreinte = models.CharField("empreinte", max_length=64, unique=True)
    cree_a = models.DateTimeField("créé à", default=now)
    expire_a = models.DateTimeField("expire à")
    utilise_a = models.DateTimeField("utilisé à", null=True)
    revoque_a = models.DateTimeField("révoqué à", null=True)
    par_id = models.UUIDField("donné par", null=True)
    motif = models.CharField("motif", max_length=300, blank=True, default="")

    class Meta:
        abstract = True


class VerrouBase(models.Model):
    """Failures in a row of one identifier, one address or one account's codes. The key is a keyed fingerprint.

    Written by one statement before the secret is even looked at: see ``services.verrous``.
    """

    cle = models.CharField("clé", max_length=70, primary_key=True)
    echecs = models.PositiveIntegerField("échecs de suite", default=0)
    essai_a = models.DateTimeField("dernier essai à", default=now)
    bloque_jusqu_a = models.DateTimeField("bloqué jusqu’à", null=True)
    jour = models.DateField("jour des blocages")
    blocages = models.PositiveIntegerField("blocages du jour", default=0)

    class Meta:
        abstract = True
