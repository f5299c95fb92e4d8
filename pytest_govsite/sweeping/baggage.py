"""What an inspection elsewhere sends home: its ledger and its evidence in one archive.

Packed there, in the order in which it matters, up to a bound. Unpacked here as if it came from an enemy: a machine that
opens hostile pages all day may be one.
"""
import io
import json
import zipfile
import zlib
from collections.abc import Collection, Iterator
from dataclasses import asdict
from pathlib import Path, PurePosixPath

from pytest_govsite.ledger import JOURNAL, LEDGER
from pytest_govsite.storage.dropping import DROPPED, Dropped, read_dropped

MOST_BYTES = 192 * 2**20  # of an archive: Dask holds it in memory, and so do we, one at a time
MOST_UNPACKED = 1024 * 2**20
MOST_FILES = 50_000
LONGEST_NAME, DEEPEST = 400, 8
PIECE = 2**20
SMALL_ALREADY = {".png", ".jpg", ".jpeg", ".webp", ".gz", ".zst"}
ORDER = {"site.json": 0, "evidence": 1, "shots": 2, "dom": 3}


class BaggageError(ValueError):
    """An archive that is not to be unpacked: one sentence for the person who runs the sweep."""


def pack(results: Path, most: int = MOST_BYTES) -> bytes:
    """The ledger and the evidence of a results folder, at most about `most` bytes; what had no room is said in dropped.json.

    Links are not followed.
    """
    paper, left_out = io.BytesIO(), {}
    with zipfile.ZipFile(paper, "w", compresslevel=3) as archive:
        for path in _in_order(results):
            name = path.relative_to(results).as_posix()
            if path.parent == results or paper.tell() + path.stat().st_size <= most:
                archive.write(path, name, zipfile.ZIP_STORED if path.suffix in SMALL_ALREADY else zipfile.ZIP_DEFLATED)
            else:
                left_out.setdefault(results.joinpath(*path.relative_to(results).parts[:2]), []).append(path)
        for site in sorted({path.parent for path in results.glob(f"sites/*/{DROPPED}")} | left_out.keys()):
            told = json.dumps(asdict(_dropped(site, left_out.get(site, []), most)), ensure_ascii=False)
            archive.writestr((site / DROPPED).relative_to(results).as_posix(), told)
    return paper.getvalue()


def unpack(data: bytes, folder: Path, sites: Collection[str]) -> None:
    """Unpacks an archive into a folder that is empty or not there yet: the ledger, and evidence of these sites only.

    Raises BaggageError for whatever `pack` would not have made; files may have been written by then.
    """
    left = MOST_UNPACKED
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            if len(archive.filelist) > MOST_FILES:
                raise BaggageError(f"有 {len(archive.filelist)} 个文件，超过 {MOST_FILES} 个")
            for info in archive.infolist():
                left = _write(archive, info, folder / _place(info.filename, sites), left)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, zlib.error) as error:
        raise BaggageError(f"不是完整的压缩包（{type(error).__name__}）") from error
    except (OSError, ValueError) as error:
        if isinstance(error, BaggageError):
            raise
        raise BaggageError(f"有写不下的文件（{type(error).__name__}）") from error


def _in_order(results: Path) -> Iterator[Path]:
    """The ledger, then of each site what is needed most; of the same kind the small ones first."""
    yield from (path for name in (LEDGER, JOURNAL) if (path := results / name).is_file())
    found = [path for path in (results / "sites").glob("*/**/*") if path.is_file() and not path.is_symlink()]
    found = [path for path in found if path.name != DROPPED]
    yield from sorted(found, key=lambda path: (_rank(path.relative_to(results)), path.stat().st_size, path))


def _rank(name: Path) -> int:
    return ORDER.get(name.parts[2], len(ORDER))


def _dropped(site: Path, paths: list[Path], most: int) -> Dropped:
    """What is missing of a site's evidence in all: what its inspection had to drop, and what had no room here."""
    kinds = [path.relative_to(site).parts[0] for path in paths]
    sizes = sum(path.stat().st_size for path in paths)
    why = f"送回的压缩包以 {most // 2**20} MB 为限" if paths else ""
    return read_dropped(site) + Dropped(kinds.count("dom"), kinds.count("shots"), kinds.count("evidence"), sizes, why)


def _place(name: str, sites: Collection[str]) -> PurePosixPath:
    """Where a member may go. BaggageError for a name that leads anywhere else."""
    path = PurePosixPath(name)
    odd = len(name) > LONGEST_NAME or len(path.parts) > DEEPEST or not name.isprintable() or set(name) & set("\\:")
    if not odd and path.as_posix() == name and not path.is_absolute() and ".." not in path.parts:
        if name in (LEDGER, JOURNAL) or len(path.parts) > 2 and path.parts[0] == "sites" and path.parts[1] in sites:
            return path
    raise BaggageError(f"里面有不该有的文件 {name[:80]!r}")


def _write(archive: zipfile.ZipFile, info: zipfile.ZipInfo, path: Path, left: int) -> int:
    """Writes one member as a plain new file, whatever the archive calls it; how many more bytes may follow."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(info) as source, open(path, "xb") as target:
        while piece := source.read(PIECE):
            left -= len(piece)
            if left < 0:
                raise BaggageError(f"解开后超过 {MOST_UNPACKED // 2**20} MB")
            target.write(piece)
    return left
