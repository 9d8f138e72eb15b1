"""A takeover, its lines, its runs, and what it remembers of the former software.

The file and what was typed in it are sealed and erased; what stays says which line made which record.
"""

from datetime import timedelta

from django.db import models
from django.db.models import Q

from plateforme.chiffrement.champs import ChampScelle
from plateforme.core.clock import now
from plateforme.core.models import Horodate, Identifie
from plateforme.identity.models import Compte

# Without a sign for this long, the worker is dead.
SILENCE = timedelta(seconds=60)


class EtatReprise(models.TextChoices):
    DEPOSEE = "deposee", "colonnes à vérifier"
    ESSAYEE = "essayee", "essayée"
    IMPORTEE = "importee", "à signer"
    SIGNEE = "signee", "signée"
    ANNULEE = "annulee", "annulée"


class Reprise(Horodate):
    """A file of the former software, and what becomes of it. ``colonnes``: field → rank of its column."""

    genre = models.CharField("genre", max_length=30)
    source = models.CharField("logiciel d’origine", max_length=80, blank=True, default="")
    etat = models.CharField("état", max_length=10, choices=EtatReprise.choices, default=EtatReprise.DEPOSEE)
    document_id = models.UUIDField("fichier scellé", null=True)
    extension = models.CharField("format", max_length=4)
    depose_par = models.ForeignKey(
        Compte, models.PROTECT, db_index=False, related_name="+", verbose_name="déposé par"
    )
    # Sheets, headings and first lines, as JSON: somebody's data as soon as a heading is mistaken.
    apercu = ChampScelle("aperçu")
    feuille = models.PositiveSmallIntegerField("rang de la feuille", default=0)
    colonnes = models.JSONField("correspondance des colonnes", default=dict)
    options = models.JSONField("options", default=dict)
    secteurs_inconnus = models.JSONField("secteurs à créer ou à rattacher", default=list)
    secteurs_crees = models.JSONField("secteurs créés", default=list)
    graine = models.PositiveBigIntegerField("graine de l’échantillon", default=0)
    comptes = models.JSONField("comptes avant et après", default=dict)
    importee_a = models.DateTimeField("importée à", null=True)
    signee_a = models.DateTimeField("signée à", null=True)
    signee_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="signée par"
    )
    annulee_a = models.DateTimeField("annulée à", null=True)
    efface_a = models.DateTimeField("contenu effacé à", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "reprise"
        ordering = ["-cree_a"]

    def secteurs_voulus(self) -> list[str]:
        """Names of sectors that a dry run did not know and somebody placed."""
        return [str(nom) for nom in self.options.get("secteurs_nommes", {}).values()]


class GenrePassage(models.TextChoices):
    ESSAI = "essai", "Essai sans rien écrire"
    IMPORT = "import", "Import"
    ANNULATION = "annulation", "Annulation de l’import"


class EtatPassage(models.TextChoices):
    EN_ATTENTE = "en_attente", "en attente"
    EN_COURS = "en_cours", "en cours"
    FINI = "fini", "terminé"
    ECHOUE = "echoue", "interrompu"


EN_ROUTE = (EtatPassage.EN_ATTENTE, EtatPassage.EN_COURS)
# Not « IN »: PostgreSQL writes a list in another way each time it is copied, and a stamped schema would seem altered.
_EN_ROUTE = Q(etat=EtatPassage.EN_ATTENTE) | Q(etat=EtatPassage.EN_COURS)


class Passage(Horodate):
    """A run over a file: one at a time. A worker that dies is replaced; what is done is not done again."""

    reprise = models.ForeignKey(Reprise, models.CASCADE, related_name="passages", verbose_name="reprise")
    genre = models.CharField("genre", max_length=12, choices=GenrePassage.choices)
    etat = models.CharField(
        "état", max_length=12, choices=EtatPassage.choices, default=EtatPassage.EN_ATTENTE
    )
    fait = models.PositiveIntegerField("fait", default=0)
    total = models.PositiveIntegerField("total", default=0)
    message = models.TextField("message", blank=True, default="")
    auteur = models.ForeignKey(
        Compte, models.PROTECT, db_index=False, related_name="+", verbose_name="demandé par"
    )
    demarre_a = models.DateTimeField("démarré à", null=True)
    battement = models.DateTimeField("dernier signe", null=True)
    fini_a = models.DateTimeField("fini à", null=True)

    class Meta(Horodate.Meta):
        verbose_name = "passage"
        ordering = ["-cree_a"]
        constraints = [
            models.UniqueConstraint(fields=["reprise"], condition=_EN_ROUTE, name="passage_un_seul_a_la_fois")
        ]

    @property
    def titre(self) -> str:
        return str(GenrePassage(self.genre).label)

    @property
    def est_termine(self) -> bool:
        return self.etat not in EN_ROUTE

    @property
    def est_perdu(self) -> bool:
        signe = self.battement or self.cree_a
        return not self.est_termine and now() - signe > SILENCE

    @property
    def secondes_restantes(self) -> int | None:
        if self.etat != EtatPassage.EN_COURS or not self.fait or self.demarre_a is None:
            return None
        ecoule = (now() - self.demarre_a).total_seconds()
        return round(ecoule / self.fait * max(0, self.total - self.fait))


class EtatLigne(models.TextChoices):
    REFUSEE = "refusee", "refusée"
    A_DECIDER = "a_decider", "doublon à décider"
    PRETE = "prete", "prête"
    ECARTEE = "ecartee", "écartée"
    IMPORTEE = "importee", "créée"
    COMPLETEE = "completee", "complétée"
    ANNULEE = "annulee", "annulée"


FAITES = (EtatLigne.IMPORTEE, EtatLigne.COMPLETEE)


class Decision(models.TextChoices):
    CREER = "creer", "Créer un autre dossier"
    GARDER = "garder", "Garder l’existant"
    COMPLETER = "completer", "Compléter l’existant"


class Controle(models.TextChoices):
    A_VOIR = "a_voir", "à contrôler"
    CONFORME = "conforme", "conforme"
    ECART = "ecart", "écart"


class Ligne(Identifie):
    """A line of the file, numbered as the spreadsheet does. ``contenu``: cells as typed, values read, what is wrong.

    ``strict``, ``proche``, ``reference``: blind indexes, to find the same person twice without a name in clear.
    ``doublon``: {"nature", "objet" or "ligne"}. ``complements``: field → blind index of what was written in it.
    """

    champ_sujet = "sujet_id"

    reprise = models.ForeignKey(Reprise, models.CASCADE, related_name="lignes", verbose_name="reprise")
    numero = models.PositiveIntegerField("numéro de ligne")
    etat = models.CharField("état", max_length=10, choices=EtatLigne.choices)
    contenu = ChampScelle("contenu")
    strict = models.BinaryField("traits stricts", null=True)
    proche = models.BinaryField("traits approchants", null=True)
    reference = models.BinaryField("référence", null=True)
    doublon = models.JSONField("doublon proposé", default=dict)
    decision = models.CharField("décision", max_length=10, choices=Decision.choices, blank=True, default="")
    decide_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="décidé par"
    )
    decide_a = models.DateTimeField("décidé à", null=True)
    objet_id = models.UUIDField("fiche créée ou complétée", null=True)
    sujet_id = models.UUIDField("usager concerné", null=True)
    # ``modifie_a`` of the record as this line left it: later means somebody worked on it.
    marque = models.DateTimeField("état laissé", null=True)
    complements = models.JSONField("champs complétés", default=dict)
    controle = models.CharField("contrôle", max_length=10, choices=Controle.choices, blank=True, default="")
    controle_par = models.ForeignKey(
        Compte, models.PROTECT, null=True, db_index=False, related_name="+", verbose_name="contrôlé par"
    )
    controle_a = models.DateTimeField("contrôlé à", null=True)

    class Meta(Identifie.Meta):
        verbose_name = "ligne de reprise"
        ordering = ["numero"]
        constraints = [
            models.UniqueConstraint(fields=["reprise", "numero"], name="ligne_une_fois_par_reprise")
        ]
        indexes = [
            models.Index(fields=["reprise", "etat", "numero"], name="ligne_par_etat"),
            models.Index(fields=["objet_id"], name="ligne_par_objet"),
        ]


class ReferenceExterne(Identifie):
    """How the former software called a record: other files find it so. Sealed: some used the NIR."""

    genre = models.CharField("genre", max_length=30)
    reference = ChampScelle("référence")
    reference_index = models.BinaryField("index de la référence", null=True, editable=False)
    objet_id = models.UUIDField("fiche")
    reprise = models.ForeignKey(Reprise, models.CASCADE, related_name="references", verbose_name="reprise")

    class Meta(Identifie.Meta):
        verbose_name = "référence externe"
        constraints = [
            models.UniqueConstraint(fields=["genre", "reference_index"], name="reference_externe_unique")
        ]
        indexes = [models.Index(fields=["objet_id"], name="reference_externe_objet")]


class Correspondance(Horodate):
    """Columns named once, kept for the next file of the same software. Headings only, never a cell."""

    genre = models.CharField("genre", max_length=30)
    nom = models.CharField("nom", max_length=80)
    titres = models.JSONField("titre de colonne → champ", default=dict)
    options = models.JSONField("options", default=dict)

    class Meta(Horodate.Meta):
        verbose_name = "correspondance enregistrée"
        ordering = ["nom"]
        constraints = [models.UniqueConstraint(fields=["genre", "nom"], name="correspondance_nom_unique")]

    def __str__(self) -> str:
        return self.nom
