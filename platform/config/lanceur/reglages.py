from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from config.lanceur.erreurs import RefusDemarrage

RACINE = Path(__file__).resolve().parents[3]
NON = {"0", "non", "false"}
FICHIER = "_FILE"
LUES_ICI = ("DATABASE_URL", "DATABASE_DDL_URL", "REDIS_URL", "TREILLE_SECRET_KEY")


@dataclass(frozen=True)
class Reglages:
    """What the environment asks of the launcher."""

    racine: Path
    donnees: Path
    port: int
    adresse: str
    domaine: str
    module: str
    demonstration: bool
    database_url: str | None
    database_ddl_url: str | None
    redis_url: str | None
    pg_bin: Path | None
    cle: str | None
    igc_configuree: bool
    psc_configure: bool

    @classmethod
    def lire(cls, env: Mapping[str, str], racine: Path = RACINE) -> "Reglages":
        module = env.get("DJANGO_SETTINGS_MODULE") or "config.settings.dev"
        database_url = _valeur(env, "DATABASE_URL")
        database_ddl_url = _valeur(env, "DATABASE_DDL_URL")
        if database_ddl_url and not database_url:
            raise RefusDemarrage(
                "DATABASE_DDL_URL est donnée sans DATABASE_URL : donnez les deux, ou aucune."
            )
        pg_bin = env.get("TREILLE_PG_BIN")
        return cls(
            racine=racine,
            donnees=Path(env.get("TREILLE_DATA") or racine / ".treille").expanduser().absolute(),
            port=_port(env.get("TREILLE_PORT") or "8000"),
            adresse=env.get("TREILLE_BIND") or "127.0.0.1",
            domaine=env.get("TREILLE_DOMAINE") or "localhost",
            module=module,
            demonstration=env.get("TREILLE_DEMO", "1").lower() not in NON and not module.endswith(".prod"),
            database_url=database_url,
            database_ddl_url=database_ddl_url or database_url,
            redis_url=_valeur(env, "REDIS_URL"),
            pg_bin=Path(pg_bin).expanduser().absolute() if pg_bin else None,
            cle=_valeur(env, "TREILLE_SECRET_KEY"),
            igc_configuree=bool(env.get("MIE_RACINES_TEST") or env.get("MIE_RACINES_PROD")),
            psc_configure=bool(env.get("PSC_CLIENT_ID") or env.get(f"PSC_CLIENT_ID{FICHIER}")),
        )

    @property
    def bac_a_sable_psc(self) -> bool:
        """Only beside the demonstration, on this very machine, and never instead of the real one."""
        return self.demonstration and not self.psc_configure and self.domaine == "localhost"

    @property
    def bac_a_sable_mie(self) -> bool:
        """Beside the demonstration, on this very machine."""
        return self.demonstration and not self.igc_configuree and self.domaine == "localhost"

    @property
    def adresse_locale(self) -> str:
        """Where the launcher itself finds the web server."""
        return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(self.adresse, self.adresse)  # noqa: S104 - read, not bound


def _valeur(env: Mapping[str, str], nom: str) -> str | None:
    """The variable, or the content of the file named by ``nom_FILE`` (mounted secrets)."""
    fichier = env.get(f"{nom}{FICHIER}")
    if not fichier:
        return env.get(nom) or None
    try:
        return Path(fichier).read_text(encoding="utf-8").strip() or None
    except OSError as erreur:
        raise RefusDemarrage(
            f"{nom}{FICHIER}={fichier} est illisible ({erreur.strerror}) : corrigez ce chemin, ou retirez-le."
        ) from erreur


def _port(texte: str) -> int:
    if not (texte.isascii() and texte.isdigit() and 0 < int(texte) < 65536):
        raise RefusDemarrage(
            f"« {texte} » n’est pas un numéro de port : lancez « make run PORT=8001 », par exemple."
        )
    return int(texte)
