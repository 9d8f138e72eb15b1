"""Uploads stay in memory and under a limit: nothing a person sends is ever written in clear on a disk."""

from typing import Any

from django.conf import settings
from django.core.exceptions import RequestDataTooBig
from django.core.files.uploadhandler import FileUploadHandler

# Names, boundaries, the other fields.
_MARGE = 256 * 1024


class Plafond(FileUploadHandler):
    """First of the handlers: stops a request larger than the largest document, from its announced length or its bytes."""

    def handle_raw_input(
        self,
        input_data: Any,
        META: Any,  # noqa: N803 - Django's name
        content_length: int,
        boundary: Any,
        encoding: Any = None,
    ) -> None:
        self.recus = 0
        if content_length > settings.DOCUMENT_TAILLE_MAX + _MARGE:
            raise RequestDataTooBig("Envoi trop volumineux.")

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        self.recus += len(raw_data)
        if self.recus > settings.DOCUMENT_TAILLE_MAX + _MARGE:
            raise RequestDataTooBig("Envoi trop volumineux.")
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
