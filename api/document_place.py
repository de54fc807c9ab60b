"""The place of documents that the settings name."""

from pathlib import Path

from api.settings import Settings
from engine.documents.disk_store import DiskStore
from engine.documents.place import Documents
from engine.documents.scanner import Clamd
from engine.documents.store import MEGABYTE, DocumentStore


def documents_of(settings: Settings) -> Documents:
    """The store, the sizes and the scanner of an installation."""
    return Documents(
        store=_store(settings),
        most_bytes=settings.document_megabytes * MEGABYTE,
        most_dossier_bytes=settings.dossier_megabytes * MEGABYTE,
        scanner=Clamd(settings.clamd_address) if settings.clamd_address else None,
    )


def _store(settings: Settings) -> DocumentStore:
    folder = documents_folder(settings)
    if not settings.s3_bucket:
        return DiskStore(folder)
    from engine.documents.s3_store import S3Store  # noqa: PLC0415 - megabytes that few need

    return S3Store(
        folder,
        settings.s3_bucket,
        endpoint=settings.s3_endpoint,
        region=settings.s3_region,
        key=settings.s3_key,
        secret=settings.s3_secret.get_secret_value(),
        prefix=settings.s3_prefix,
    )


def documents_folder(settings: Settings) -> Path:
    """Where documents lie on the disk."""
    return settings.documents_folder or settings.var_folder / "documents"
