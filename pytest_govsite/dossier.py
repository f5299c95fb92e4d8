"""Evidence on disk, beside the pictures: what a site was seen to be, so that it can be judged again (--rejudge).

    sites/<site>/site.json               what was inspected, when, with which seed, by which version, in which run
    sites/<site>/evidence/<kind>.json    one value of evidence, or the Missing that stands for it
    sites/<site>/dom/, shots/            documents and pictures, written while gathering
    sites/<site>/dropped.json            how many of them were thrown away since, and why
"""
import json
import os
import shutil
from collections.abc import Iterator
from concurrent.futures import Future
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import TypeAdapter, ValidationError

from pytest_govsite.model.evidence import KINDS, Evidence
from pytest_govsite.model.missing import Missing, Reason
from pytest_govsite.model.site import Account, Site, Subject
from pytest_govsite.reading.masking_evidence import masked_evidence
from pytest_govsite.storage.dropping import read_dropped

META = "site.json"


@dataclass(frozen=True)
class Meta:
    """What a dossier says of itself. `run` tells the evidence of this run from that of an earlier one."""

    subject: Site | Account
    as_of: date
    seed: int
    tool: str
    run: str = ""


class Dossier:
    """The evidence folders under one results folder. Different processes may use it for different sites at once."""

    def __init__(self, folder: str | os.PathLike) -> None:
        self._folder = Path(folder) / "sites"

    def place(self, site_id: str) -> Path:
        """The folder of one site. ValueError for an id that would lead out of the results folder."""
        if not site_id or site_id in (".", "..") or set(site_id) & set("/\\\0"):
            raise ValueError(f"{site_id!r} cannot name a folder")
        return self._folder / site_id

    def begin(self, meta: Meta) -> bool:
        """Opens the dossier of a site for this run; what an earlier run left there is thrown away.

        False when this run had it open before (its worker died): then what was gathered is still there.
        """
        place = self.place(meta.subject.id)
        known = self.read_meta(meta.subject.id)
        if known and known.run == meta.run:
            return False
        if place.exists():
            shutil.rmtree(place)
        self.write_meta(meta)
        return True

    def store(self, site_id: str, kind: str, value: Evidence | Missing) -> None:
        """Writes one value of evidence."""
        path = self._evidence(site_id, kind)
        path.parent.mkdir(parents=True, exist_ok=True)
        _replace(path, _adapter(kind).dump_python(value, mode="json"))

    def load(self, site_id: str, kind: str) -> Evidence | Missing:
        """One value of evidence; Missing(NOT_STORED) when the dossier has none, or none that can be read."""
        try:
            return _adapter(kind).validate_json(self._evidence(site_id, kind).read_bytes())
        except FileNotFoundError:
            return Missing(Reason.NOT_STORED, kind)
        except (ValidationError, KeyError, OSError):
            return Missing(Reason.NOT_STORED, f"{kind}：存档已损坏")

    def write_meta(self, meta: Meta) -> None:
        """Writes what the dossier says of itself."""
        path = self.place(meta.subject.id) / META
        path.parent.mkdir(parents=True, exist_ok=True)
        value = TypeAdapter(Meta).dump_python(meta, mode="json") | {"target": meta.subject.target}
        _replace(path, value)

    def read_meta(self, site_id: str) -> Meta | None:
        """What the dossier says of itself; None when there is none that can be read."""
        try:
            value = json.loads((self.place(site_id) / META).read_bytes())
            kind = Account if value.pop("target") == Account.target else Site
            subject = TypeAdapter(kind).validate_python(value.pop("subject"))
            return TypeAdapter(Meta).validate_python({**value, "subject": subject})
        except (OSError, ValueError, KeyError, TypeError):  # pydantic's error is a ValueError
            return None

    def metas(self) -> Iterator[Meta]:
        """Every dossier of the folder that can be judged again, by site id: not those whose evidence was thrown away."""
        for path in sorted(self._folder.glob(f"*/{META}")):
            if not read_dropped(path.parent).evidence and (meta := self.read_meta(path.parent.name)):
                yield meta

    def copy_from(self, other: "Dossier", site_id: str) -> None:
        """Takes over a dossier of another results folder, so that a judgement stands beside its evidence."""
        source, target = other.place(site_id), self.place(site_id)
        if source.resolve() != target.resolve():
            shutil.rmtree(target, ignore_errors=True)
            shutil.copytree(source, target)

    def _evidence(self, site_id: str, kind: str) -> Path:
        return self.place(site_id) / "evidence" / f"{kind}.json"


class Archive:
    """A collector that only remembers: hands out the evidence that another run stored."""

    def __init__(self, folder: str | os.PathLike) -> None:
        self._dossier = Dossier(folder)

    def want(self, site: Subject, kind: str) -> Future:
        """A future that is done: the stored evidence, or Missing(NOT_STORED); masked, for earlier versions did not mask it."""
        future: Future = Future()
        future.set_result(masked_evidence(self._dossier.load(site.id, kind)))
        return future

    def ahead(self, site: Subject, kinds: tuple[str, ...]) -> None:
        """Nothing can be gathered ahead here."""

    def finish(self, site: Subject) -> None:
        """Nothing is held here."""

    def close(self) -> None:
        """Nothing is open here."""


@cache
def _adapter(kind: str) -> TypeAdapter:
    return TypeAdapter(KINDS[kind] | Missing)


def _replace(path: Path, value: object) -> None:
    """A reader finds the old file or the new one, never half of one. Half surrogates of a hostile page become "?"."""
    fresh = path.with_name(f".{path.name}.new")
    fresh.write_bytes(json.dumps(value, ensure_ascii=False, indent=1).encode(errors="replace"))
    os.replace(fresh, path)
