"""A column nobody reads without the structure's keys: clear text in Python, sealed bytes in the base."""

import base64
from typing import Any

from django.db import models
from django.db.models.query_utils import DeferredAttribute

from plateforme.chiffrement import coffre, sujets
from plateforme.chiffrement.index import indexer


class _Acces(DeferredAttribute):
    """Opens at the first reading, not at the loading of the row: a list of names needs no key."""

    field: "ChampScelle"

    def __get__(self, instance: Any, cls: Any = None) -> Any:
        if instance is None:
            return self
        brut = super().__get__(instance, cls)
        if brut is None or isinstance(brut, str):
            return brut or ""
        clairs: dict[str, str] = instance.__dict__.setdefault("_clairs", {})
        if self.field.attname not in clairs:
            clairs[self.field.attname] = self.field.ouvrir(instance, bytes(brut))
        return clairs[self.field.attname]

    def __set__(self, instance: Any, valeur: Any) -> None:
        instance.__dict__[self.field.attname] = valeur
        instance.__dict__.get("_clairs", {}).pop(self.field.attname, None)


class ChampScelle(models.BinaryField):  # type: ignore[type-arg]
    """Text sealed for its row: table, key and column are bound, so that bytes copied elsewhere are refused.

    ``sujet``: attribute that holds the id of the usager whose key seals; without it, or None, the structure's.
    ``index``: the column that receives the blind index. It cannot be compared or searched by itself: use the index.
    """

    descriptor_class = _Acces

    def __init__(self, *args: Any, sujet: str = "", index: str = "", **options: Any) -> None:
        self.sujet, self.index = sujet, index
        super().__init__(*args, **{"null": True, "blank": True, **options})

    def deconstruct(self) -> Any:
        nom, chemin, args, options = super().deconstruct()
        return nom, chemin, args, {**options, "sujet": self.sujet, "index": self.index}

    def usage(self, instance: Any = None) -> str:
        colonne = f"{self.model._meta.label_lower}.{self.name}"
        return f"{colonne}:{instance.pk}" if instance is not None else colonne

    def _a_un_sujet(self, instance: Any) -> bool:
        return bool(self.sujet) and getattr(instance, self.sujet) is not None

    def ouvrir(self, instance: Any, scelle: bytes) -> str:
        usage = self.usage(instance)
        if not self._a_un_sujet(instance):
            return coffre.ouvrir(scelle, usage).decode()
        cle = sujets.cle_de(getattr(instance, self.sujet), creer=False, alias=instance._state.db or "default")
        return cle.ouvrir(scelle, usage).decode()

    def sceller(self, instance: Any, clair: str) -> bytes:
        usage = self.usage(instance)
        if not self._a_un_sujet(instance):
            return coffre.sceller(clair.encode(), usage)
        cle = sujets.cle_de(getattr(instance, self.sujet), alias=instance._state.db or "default")
        return cle.sceller(clair.encode(), usage)

    def pre_save(self, model_instance: Any, add: bool) -> Any:  # noqa: FBT001 - Django's signature
        brut = model_instance.__dict__.get(self.attname)
        if not isinstance(brut, str):
            return brut
        scelle = self.sceller(model_instance, brut) if brut else None
        if self.index:
            alias = model_instance._state.db or "default"
            valeur = indexer(brut, self.usage(), alias=alias) if brut else None
            setattr(model_instance, self.index, valeur)
        setattr(model_instance, self.attname, scelle)
        if scelle is not None:
            model_instance.__dict__.setdefault("_clairs", {})[self.attname] = brut
        return scelle

    def to_python(self, value: Any) -> Any:
        return value

    def get_db_prep_value(self, value: Any, connection: Any, prepared: Any = False) -> Any:  # noqa: FBT002 - Django's
        if isinstance(value, str):
            raise TypeError(f"{self.name} est scellé\u00a0: enregistrez la ligne, ou cherchez par son index.")
        return super().get_db_prep_value(value, connection, prepared)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

    def value_to_string(self, obj: Any) -> str:
        brut = obj.__dict__.get(self.attname)
        return base64.b64encode(bytes(brut)).decode() if isinstance(brut, bytes | memoryview) else ""
