"""What stays on disk of a run: pictures that a finding or a note names, documents and pictures within the budgets.

Evidence that can be judged again is never thrown away here; a picture that only another table's rules would have named is, so a
judgement under another table (--rejudge) may have findings without picture.
"""
from itertools import chain
from pathlib import Path

from pytest_govsite.dossier import Dossier
from pytest_govsite.model.verdict import Outcome
from pytest_govsite.planning import Plan
from pytest_govsite.report.wording import sized
from pytest_govsite.rows import Row
from pytest_govsite.storage import objects
from pytest_govsite.storage.budget import MB, excess
from pytest_govsite.storage.contents import Stored, stored
from pytest_govsite.storage.dropping import Dropped, drop, remove

SITE_MB, ALL_MB = 100, 10_000
PICTURE = ".png"
SWEPT_AFTER = 20  # sites: what was thrown away takes room until then, and to sweep is to look at every object
ROOM_MADE = 0.9  # of the budget is what is left where it was exceeded, else every further site would be gone through anew
WORTH = {Outcome.DEDUCT: 2, Outcome.VETO: 3}  # 1: of another finding, 0: of a note


class Housekeeping:
    """Hears of every row and of every finished site; the run's only one that throws away. Where evidence is judged again, nothing goes.

    trouble  why something could not be thrown away or said; it costs nothing else.
    """

    def __init__(self, plan: Plan) -> None:
        request = plan.request
        self._folder = request.results
        self._dossier = Dossier(request.results)
        self._rests = request.rejudge is not None
        self._site_most = (request.site_evidence or SITE_MB) * MB
        self._most = (request.evidence or ALL_MB) * MB
        self._named: dict[str, dict[str, int]] = {}
        self._inspected: dict[str, None] = {}
        self._rooms: dict[str, int] = {}
        self._waiting: str | None = None
        self._gone = Dropped()
        self._sites: set[str] = set()
        self.trouble = ""
        for row in plan.kept:
            self._name(row)

    def row(self, row: Row) -> None:
        """A row is finished: its pictures are needed."""
        self._inspected[row.site] = None
        self._name(row)

    def site(self, site_id: str) -> None:
        """A site is finished. The one before is put in order: whoever inspected it has left it by now."""
        self._tidy(self._waiting)
        self._waiting = site_id
        if sum(self._rooms.values()) > self._most:
            self._shrink()
        elif not self._rests and len(self._rooms) % SWEPT_AFTER == 0:
            objects.sweep(self._folder)

    def close(self) -> None:
        """Puts all sites in order of which something was found out, and the whole."""
        for site_id in self._inspected:
            self._tidy(site_id)
        self._shrink()
        if not self._rests:
            objects.sweep(self._folder)

    @property
    def line(self) -> str:
        """What was thrown away for want of room, in one line; empty when nothing was."""
        if self.trouble:
            return f"证据目录没有整理完，结论不受影响：{self.trouble}"
        if not self._sites:
            return ""
        told = "，".join(f"{words} {count} 份" for words, count in (("网页存档", self._gone.dom), ("截图", self._gone.shots)) if count)
        return f"证据超过限额，已清理 {len(self._sites)} 个网站的{told}（{sized(self._gone.bytes)}）；台账、评分和可复核的证据都在"

    def _name(self, row: Row) -> None:
        shots = self._named.setdefault(row.site, {})
        for shot, worth in (
            *((note.shot, 0) for note in row.notes), *((finding.shot, WORTH.get(row.outcome, 1)) for finding in row.findings),
        ):
            if shot:
                shots[shot] = max(worth, shots.get(shot, 0))

    def _tidy(self, site_id: str | None) -> None:
        """Pictures that nobody names go unsaid; what exceeds the site's budget is said."""
        if site_id is None or self._rests:
            return
        place = self._dossier.place(site_id)
        files = list(stored(place, "dom", "shots"))
        idle = [file for file in files if file.path.suffix == PICTURE and self._shot(file) not in self._named[site_id]]
        remove(idle)
        rest = [file for file in files if file not in idle]
        gone = excess(rest, self._site_most, self._worth)
        self._drop(place, gone, f"超过每个网站 {self._site_most // MB} MB 的限额")
        self._rooms[site_id] = sum(file.room for file in rest) - sum(file.room for file in gone)

    def _shrink(self) -> None:
        """All finished sites together within the budget of the whole."""
        if self._rests or sum(self._rooms.values()) <= self._most:
            return
        files = {site_id: list(stored(self._dossier.place(site_id), "dom", "shots")) for site_id in self._rooms}
        gone = set(excess(chain.from_iterable(files.values()), int(self._most * ROOM_MADE), self._worth))
        for site_id, all_of_it in files.items():
            mine = [file for file in all_of_it if file in gone]
            self._drop(self._dossier.place(site_id), mine, f"超过本次检查 {self._most // MB} MB 的限额")
            self._rooms[site_id] = sum(file.room for file in all_of_it) - sum(file.room for file in mine)
        objects.sweep(self._folder)

    def _drop(self, place: Path, files: list[Stored], why: str) -> None:
        if not files:
            return
        try:
            self._gone += drop(place, files, why)
            self._sites.add(place.name)
        except OSError as error:
            self.trouble = str(error)

    def _shot(self, file: Stored) -> str:
        return file.path.relative_to(self._folder).as_posix()

    def _worth(self, file: Stored) -> int:
        return self._named.get(file.path.relative_to(self._folder).parts[1], {}).get(self._shot(file), 0)
