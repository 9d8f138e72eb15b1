"""What an account of a structure and an account of the network have in common."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from uuid_utils.compat import uuid7

from plateforme.core.clock import now
from plateforme.core.tri import cle_de_tri


class Theme(models.TextChoices):
    AUTO = "auto", "comme l’appareil"
    CLAIR = "clair", "clair"
    SOMBRE = "sombre", "sombre"


class ComptesManager(BaseUserManager[Any]):
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
    confirmee_a = models.DateTimeField("identité confirmée à", null=True)
    adresse = models.GenericIPAddressField("adresse", null=True)
    appareil = models.CharField("appareil", max_length=120, blank=True, default="")
    # Of the identity provider: its session, and its tokens, encrypted.
    fournisseur = models.CharField("fournisseur", max_length=40, blank=True, default="")
    sid = models.CharField("session du fournisseur", max_length=255, blank=True, default="")
    jetons = models.BinaryField("jetons", null=True)

    class Meta:
        abstract = True
