"""Sessions in the database of the bound schema: a flush of Redis signs nobody out, a cookie of A means nothing in B.

The row is read once per request, with the columns that say whether it is still alive: no query is added for that.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.contrib.sessions.backends.base import CreateError, UpdateError
from django.contrib.sessions.backends.db import SessionStore as EnBase
from django.contrib.sessions.middleware import SessionMiddleware
from django.db import IntegrityError, transaction
from django.http import HttpRequest, HttpResponse

from plateforme.core.clock import now
from plateforme.identity.base import SessionBase
from plateforme.identity.modeles import modeles
from plateforme.identity.rules import DUREE_ANONYME, DUREE_WEB, PAS_DE_VUE


def est_vivante(ligne: SessionBase, instant: datetime) -> bool:
    """Neither at the end that nothing moves, nor left too long without activity."""
    if instant >= (ligne.finit_a or ligne.expire_date):
        return False
    if ligne.compte_id is None:
        return True
    return (instant - ligne.vue_a).total_seconds() < ligne.inactivite


class SessionStore(EnBase):
    """Picks the table of the bound schema at each use; there is one per structure and one for the network.

    ``ligne``: the row as it was read. ``expiree``: the row of somebody's session that has ended; it stays until the
    nightly purge, so that what they were typing can be given back to the right person. ``perdue``: that, or no row at all.
    """

    def __init__(self, session_key: str | None = None) -> None:
        super().__init__(session_key)
        self.ligne: Any = None
        self.expiree: Any = None
        self.perdue = False
        self._colonnes: dict[str, Any] = {}

    @property
    def model(self) -> Any:
        return modeles().session

    @classmethod
    def get_model_class(cls) -> Any:
        from plateforme.identity.models import Session

        return Session

    def load(self) -> dict[str, Any]:
        instant = now()
        ligne = self.model.objects.filter(session_key=self.session_key).first()
        if ligne is not None and est_vivante(ligne, instant):
            self.ligne = ligne
            return self.decode(ligne.session_data)
        self.perdue = ligne is None or ligne.compte_id is not None
        self.expiree = ligne if ligne is not None and ligne.compte_id is not None else None
        self._session_key = None
        return {}

    def inscrire(self, **colonnes: Any) -> None:
        """Columns to write with the session."""
        self._colonnes |= colonnes
        self.modified = True

    def colonne(self, nom: str) -> Any:
        return self._colonnes[nom] if nom in self._colonnes else getattr(self.ligne, nom, None)

    def _fin(self, data: dict[str, Any]) -> datetime:
        if fin := self.colonne("finit_a"):
            return fin  # type: ignore[no-any-return]
        return now() + (DUREE_WEB if "_auth_user_id" in data else DUREE_ANONYME)

    def get_expiry_age(self, **_autres: Any) -> int:
        return max(0, int((self._fin(self._get_session()) - now()).total_seconds()))  # type: ignore[attr-defined]

    def create(self) -> None:
        while True:
            self._session_key = self._get_new_session_key()  # type: ignore[attr-defined]
            try:
                self.save(must_create=True)
            except CreateError:
                continue
            self.modified = True
            return

    def cycle_key(self) -> None:
        """A new key for the same session: its columns go with it."""
        if self.ligne is not None:
            gardees = {c.attname: getattr(self.ligne, c.attname) for c in self.ligne._meta.concrete_fields}
            for nom in ("session_key", "session_data", "expire_date", "compte_id"):
                del gardees[nom]
            self._colonnes = {**gardees, **self._colonnes}
        super().cycle_key()
        self.ligne = None

    def flush(self) -> None:
        super().flush()
        self.ligne, self._colonnes = None, {}

    def save(self, must_create: bool = False) -> None:  # noqa: FBT001, FBT002 - Django's signature
        if self.session_key is None:
            self.create()
            return
        data = self._get_session(no_load=must_create)  # type: ignore[attr-defined]
        colonnes = {
            "session_data": self.encode(data),
            "expire_date": self._fin(data),
            "compte_id": data.get("_auth_user_id"),
            **self._colonnes,
        }
        if must_create:
            try:
                with transaction.atomic():
                    self.model.objects.create(session_key=self.session_key, **colonnes)
            except IntegrityError as erreur:
                raise CreateError from erreur
        elif not self.model.objects.filter(session_key=self.session_key).update(**colonnes):
            raise UpdateError

    def toucher(self, instant: datetime) -> None:
        """Somebody is there: written at most once a minute."""
        if (
            self.ligne is not None
            and self.ligne.compte_id is not None
            and self.ligne.session_key == self.session_key
            and instant - self.ligne.vue_a >= PAS_DE_VUE
        ):
            self.model.objects.filter(session_key=self.session_key).update(vue_a=instant)
            self.ligne.vue_a = instant


class SessionDeStructure(SessionMiddleware):
    """Django's middleware, and the instant somebody was last seen. What refreshes by itself is nobody."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        super().__init__(get_response)

    def process_response(self, request: HttpRequest, response: HttpResponse) -> HttpResponse:
        session: Any = request.session
        if getattr(session, "perdue", False) and "X-Rafraichissement" in request.headers:
            return response  # the cookie stays: the person will send something, and must be recognised
        if getattr(session, "ligne", None) is not None and "X-Rafraichissement" not in request.headers:
            session.toucher(now())
        return super().process_response(request, response)


def purger() -> int:
    """Rows that ended, a day ago or more. Says how many."""
    return int(modeles().session.objects.filter(expire_date__lt=now() - timedelta(days=1)).delete()[0])
