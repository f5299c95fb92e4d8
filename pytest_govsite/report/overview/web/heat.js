// The heat map of one edition: only the rows that are on the screen are drawn, for there may be a thousand.
const ROW_HEIGHT = 28;
const BEYOND = 16; // rows drawn above and below what is seen
const heat = { cards: [], items: [], edition: null, first: 0, last: 0, row: 0, column: 0, frame: null, body: null, drawn: new Map() };

// what a cell says: its sign without colour, its class, and the whole in words
function cellOf(card, item) {
  const rows = card.byItem.get(item.place) || [];
  if (!rows.length) return { sign: "", className: "absent", words: "没有这一项" };
  const open = rows.filter((row) => row.outcome === "undetermined" || row.open);
  const fired = rows.filter((row) => row.outcome === "veto");
  const [low, high] = card.items.get(item.place) || ["0", "0"];
  if (rows.every((row) => row.outcome === "not-applicable")) return { sign: "", className: "exempt", words: "不适用" };
  const still = open.length ? `，${openWords(open)}` : "";
  const hatched = open.length ? " open" : "";
  if (fired.length) return { sign: "✗", className: `veto${hatched}`, words: `单项否决 ${fired.map((row) => row.rule.key).join(" ")}${still}` };
  const cap = capOf(card, item);
  const [lost, earned] = [-number(high), number(low)];
  if (item.part === "deduction" && lost > 0) {
    return { sign: high, className: `${shade(lost, cap)}${hatched}`, words: `扣 ${tidy(lost)} 分${cap ? `，上限 ${cap} 分` : ""}${still}` };
  }
  if (item.part === "bonus" && earned > 0) return { sign: `+${low}`, className: `earned${hatched}`, words: `加 ${low} 分${still}` };
  if (open.length) return { sign: open.some((row) => row.blame && row.blame.standing !== "awaiting") ? "!" : "?", className: "open", words: openWords(open) };
  return item.part === "bonus" ? { sign: "0", className: "unearned", words: "未加分" } : { sign: "✓", className: "fine", words: "未发现问题" };
}

function capOf(card, item) {
  const points = card.items.get(item.place);
  return points && points.length > 2 ? points[2] : item.cap;
}

function openWords(rows) {
  const counts = new Map();
  for (const row of rows) {
    const words = row.blame ? row.blame.words : "没能看全";
    counts.set(words, (counts.get(words) || 0) + 1);
  }
  return [...counts].map(([words, count]) => `${words} ${count} 条`).join("，");
}

const shade = (lost, cap) => `lost${Math.max(1, Math.min(5, Math.ceil((5 * lost) / (number(cap) || lost || 1))))}`;

function drawHeat(chosen, all) {
  const place = byId("heat");
  const present = editions.filter((edition) => chosen.some((card) => card.edition === edition));
  fill(place, drawLegend());
  if (all) {
    for (const edition of present) place.append(wholeHeat(chosen.filter((card) => card.edition === edition), edition));
    return;
  }
  const edition = present.find((each) => each.id === (heat.edition && heat.edition.id)) || mostUsed(present, chosen);
  if (!edition) return;
  if (present.length > 1) place.prepend(editionTabs(present, edition, chosen));
  scrollingHeat(place, chosen.filter((card) => card.edition === edition), edition);
}

const mostUsed = (present, chosen) =>
  [...present].sort((one, other) => chosen.filter((card) => card.edition === other).length - chosen.filter((card) => card.edition === one).length)[0];

function editionTabs(present, current, chosen) {
  return node("p", { class: "tabs" }, "指标表：", ...present.map((edition) => node("button", {
    type: "button", "aria-pressed": String(edition === current), onclick: () => {
      heat.edition = edition;
      drawHeat(chosen);
    },
  }, edition.title)));
}

function drawLegend() {
  const sample = (className, sign, words) => node("span", null, node("span", { class: `cell ${className}` }, sign), words);
  return node("p", { class: "legend" },
    sample("veto", "✗", "单项否决"), sample("lost1", "-0.2", "失分少"), sample("lost3", "-1", "失分约半"), sample("lost5", "-2", "扣到上限"),
    sample("earned", "+2", "加分"), sample("fine", "✓", "未发现问题"), sample("open", "?", "待核"), sample("open", "!", "出错或未能查看"),
    sample("lost2 open", "-0.4", "已扣分，尚有未定"), sample("exempt", "", "不适用"), node("span", null, "颜色深浅：失分占该项上限的比例"));
}

function headRows(items) {
  const groups = [];
  for (const item of items) {
    const last = groups[groups.length - 1];
    const words = item.part === "bonus" ? `加分：${item.level1}` : item.level1;
    if (last && last.words === words) last.count += 1;
    else groups.push({ words, count: 1 });
  }
  const above = groups.map(({ words, count }) => node("th", { scope: "colgroup", colspan: count, title: words }, node("span", null, words)));
  const below = items.map((item) => node("th", { scope: "col", title: titleOf(item) }, node("span", null, item.level2)));
  return node("thead", null, node("tr", null, node("th", { scope: "col", rowspan: 2, class: "name" }, "网站"), ...above), node("tr", null, ...below));
}

const titleOf = (item) => `${item.level1} · ${item.level2}（${item.id}）${item.cap ? `，上限 ${item.cap} 分` : ""}`;

// items that no rule of these sites is about (those of accounts) would be empty columns
const itemsOf = (shown, edition) => edition.items.filter((item) => shown.some((card) => card.byItem.has(item.place)));

function wholeHeat(shown, edition) {
  const items = itemsOf(shown, edition);
  const rows = shown.map((card) => heatRow(card, items));
  return node("div", null, node("h3", null, edition.title), node("table", { class: "heat" }, headRows(items), node("tbody", null, ...rows)));
}

function scrollingHeat(place, shown, edition) {
  Object.assign(heat, { cards: shown, items: itemsOf(shown, edition), edition, first: 0, last: 0, row: 0, column: 0, body: node("tbody"), drawn: new Map() });
  const grid = node("table", {
    class: "heat", role: "grid", "aria-rowcount": shown.length + 2, "aria-label": `指标热力图：${edition.title}`, onkeydown: moveInHeat, onclick: clickInHeat,
  }, headRows(heat.items), heat.body);
  heat.frame = node("div", { class: "frame", onscroll: drawSeen }, grid);
  place.append(heat.frame);
  drawSeen();
}

// draws anew only where the reader comes near the end of what is drawn, and keeps the rows that stay
function drawSeen() {
  const { frame, cards: shown, drawn } = heat;
  const top = Math.floor(frame.scrollTop / ROW_HEIGHT);
  const bottom = Math.ceil((frame.scrollTop + frame.clientHeight) / ROW_HEIGHT);
  if (heat.last && Math.max(0, top - 2) >= heat.first && Math.min(shown.length, bottom + 2) <= heat.last) return;
  const focused = heat.body.contains(document.activeElement);
  const [first, last] = [Math.max(0, top - BEYOND), Math.min(shown.length, bottom + BEYOND)];
  heat.drawn = new Map(shown.slice(first, last).map((card, at) => [first + at, drawn.get(first + at) || heatRow(card, heat.items, first + at)]));
  Object.assign(heat, { first, last });
  fill(heat.body, filler(first), ...heat.drawn.values(), filler(shown.length - last));
  if (focused) focusCell();
}

function filler(rows) {
  if (!rows) return null;
  const made = node("tr", { "aria-hidden": "true" }, node("td", { colspan: heat.items.length + 1 }));
  made.style.height = `${rows * ROW_HEIGHT}px`;
  return made;
}

function heatRow(card, items, at) {
  const cells = items.map((item, column) => {
    const { sign, className, words } = cellOf(card, item);
    const told = `${card.site.name}　${item.level2}（${item.id}）：${words}`;
    const focus = at === undefined ? null : at === heat.row && column === heat.column ? 0 : -1; // one stop for the Tab key
    return node("td", { class: className, title: told, "aria-label": told, tabindex: focus, "data-at": at === undefined ? null : `${at},${column}` }, sign);
  });
  const words = hasTwin(card.site) ? `${card.site.id} ${card.site.name}` : card.site.name;
  const name = node("th", { scope: "row", class: "name", title: words }, node("a", { href: toSite(card) }, quoted(words)));
  return node("tr", { "aria-rowindex": at === undefined ? null : at + 3 }, name, ...cells);
}

const hasTwin = (site) => sites.some((other) => other !== site && other.name === site.name);

function openCell(card, item) {
  const rows = card.byItem.get(item.place) || [];
  location.hash = toSite(card, (rows.find((row) => row.found) || rows[0] || {}).rule);
}

function clickInHeat(event) {
  const cell = event.target.closest("[data-at]");
  if (!cell) return;
  const [row, column] = cell.dataset.at.split(",").map(Number);
  openCell(heat.cards[row], heat.items[column]);
}

const MOVES = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1], PageUp: [-15, 0], PageDown: [15, 0] };

function moveInHeat(event) {
  if (!event.target.hasAttribute("data-at")) return;
  if (event.key === "Enter") {
    openCell(heat.cards[heat.row], heat.items[heat.column]);
    return;
  }
  const move = event.key === "Home" ? [0, -heat.column] : event.key === "End" ? [0, heat.items.length] : MOVES[event.key];
  if (!move) return;
  event.preventDefault();
  heat.row = Math.max(0, Math.min(heat.cards.length - 1, heat.row + move[0]));
  heat.column = Math.max(0, Math.min(heat.items.length - 1, heat.column + move[1]));
  focusCell();
}

function focusCell() {
  if (heat.row < heat.first || heat.row >= heat.last) {
    heat.frame.scrollTop = heat.row * ROW_HEIGHT;
    drawSeen();
  }
  for (const cell of heat.body.querySelectorAll('[tabindex="0"]')) cell.tabIndex = -1;
  const cell = heat.body.querySelector(`[data-at="${heat.row},${heat.column}"]`);
  if (!cell) return;
  cell.tabIndex = 0;
  cell.focus();
}
