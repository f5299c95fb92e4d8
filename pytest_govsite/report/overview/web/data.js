// What packing.py wrote, as objects. Texts of inspected sites are strings here and become text nodes, never markup.
const packed = JSON.parse(document.getElementById("data").textContent);
const textOf = (place) => packed.texts[place || 0];

const OUTCOMES = new Map(packed.outcomes);
const BLAMES = packed.blames.map(([id, words, standing]) => ({ id, words, standing }));
const VERDICTS = ["不合格", "待定", "未评分", "合格"];
const SIGNS = { "不合格": "✗", "待定": "?", "未评分": "–", "合格": "✓" };

const sites = packed.sites.map((site) => ({
  id: textOf(site.id), name: textOf(site.name), url: textOf(site.url), group: textOf(site.group) || "未分组",
  kind: textOf(site.kind), dropped: textOf(site.dropped),
}));

const editions = packed.editions.map((edition, place) => {
  const items = edition.items.map(([id, part, level1, level2, cap], at) => ({
    place: at, id: textOf(id), part, level1: textOf(level1), level2: textOf(level2), cap,
  }));
  const rules = edition.rules.map(([key, item, summary], at) => ({ place: at, key: textOf(key), item: items[item], summary: textOf(summary) }));
  const { full, mark, gate, bonus } = edition;
  return { place, id: textOf(edition.id), title: textOf(edition.title), full, mark, gate, bonus, items, rules };
});

const cards = packed.cards.map((raw, place) => {
  const edition = editions[raw.edition];
  const [rules, judged, awaiting, trouble, outside, notApplicable] = raw.coverage;
  const [low, high] = raw.marks.total || ["", ""];
  const card = {
    place, edition, site: sites[raw.site], verdict: textOf(raw.verdict), note: textOf(raw.note), partial: raw.partial,
    byPoints: raw.byPoints && Boolean(raw.marks.total), asOf: textOf(raw.asOf), found: raw.found, low, high,
    deduction: raw.marks.deduction, bonus: raw.marks.bonus, lost: raw.marks.lost || "",
    vetoes: raw.vetoes.map((rule) => edition.rules[rule]), coverage: { rules, judged, awaiting, trouble, outside, notApplicable },
    items: new Map(raw.items.map(([item, ...points]) => [item, points])),
  };
  card.rows = raw.rows.map((row) => readRow(row, card)).sort((one, other) => one.rule.place - other.rule.place);
  card.byItem = new Map();
  for (const row of card.rows) {
    const item = row.rule.item.place;
    card.byItem.set(item, [...(card.byItem.get(item) || []), row]);
  }
  return card;
});

function readRow(raw, card) {
  const [rule = 0, outcome = 0, points = "", blame = 0, reason = 0, open = 0, sample = 0, findings = [], notes = [], more = 0] = raw;
  return {
    card, rule: card.edition.rules[rule], outcome: packed.outcomes[outcome][0], points, blame: blame ? BLAMES[blame - 1] : null,
    reason: textOf(reason), open, sample: sample ? packed.samples[sample - 1] : null, more, raw: { reason, findings, notes },
    faulty: findings.some((finding) => !finding[4]), found: findings.filter((finding) => !finding[4]).length + more,
  };
}

function findingsOf(row) {
  return row.raw.findings.map(([at, what, says, shot, exempt]) => ({
    at: textOf(at), what: textOf(what), says: textOf(says), shot: pictureOf(shot), exempt: textOf(exempt),
  }));
}

function notesOf(row) {
  return row.raw.notes.map(([at, says, shot]) => ({ at: textOf(at), says: textOf(says), shot: pictureOf(shot) }));
}

function pictureOf(place) {
  if (!place) return null;
  const [href = "", key = "", list = ""] = packed.pictures[place - 1];
  return { href, key, list };
}

function dataUrl(key) {
  const stored = document.getElementById(`picture-${key}`);
  return stored ? `data:${stored.type};base64,${stored.textContent}` : "";
}
