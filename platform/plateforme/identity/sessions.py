"""Sessions in the database of the bound schema: a flush of Redis signs nobody out, a cookie of A means nothing in B."""

from collections.abc import Callable
from typing import Any

from django.contrib.sessions.backends.db import SessionStore as EnBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.http import HttpRequest, HttpResponse

from plateforme.tenancy.courant import exiger_courant


class SessionStore(EnBase):
    """Picks the table of the bound schema at each use; there is one per structure and one for the network."""

    @property
    def model(self) -> Any:
        if exiger_courant().est_une_structure:
            from plateforme.identity.models import Session

            return Session
        from plateforme.reseau.models import SessionReseau

        return SessionReseau

    @classmethod
    def get_model_class(cls) -> type:
        from plateforme.identity.models import Session

        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Any:
        ligne: Any = super().create_model_instance(data)
        ligne.compte_id = data.get("_auth_user_id")
        colonnes = ("moyen", "fournisseur", "sid", "jetons")
        gardees = self.model.objects.filter(pk=self.session_key).values(*colonnes).first() or {}
        for nom, valeur in {**gardees, **self._colonnes}.items():
            setattr(ligne, nom, valeur)
        return ligne

    _colonnes: dict[str, Any] = {}

    def inscrire(self, **colonnes: Any) -> None:
        self._colonnes = {**self._colonnes, **colonnes}
        self.modified = True

    def colonne(self, nom: str) -> Any:
        if nom in self._colonnes:
            return self._colonnes[nom]
        return self.model.objects.filter(pk=self.session_key).values_list(nom, flat=True).first()


class SessionDeStructure(SessionMiddleware):
    """Django's middleware; kept as a name of ours so that its place after the routing one is explicit."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)
