// The totals and the table of sites.
const FIRST_ROWS = 40;
const FURTHER_ROWS = 400;
const SEVERITY = (card) => VERDICTS.indexOf(card.verdict);
const COLUMNS = [
  { id: "name", words: "网站", value: (card) => card.site.name, draw: drawName },
  { id: "group", words: "分组", value: (card) => card.site.group, draw: (card) => quoted(card.site.group), shown: () => many((card) => card.site.group) },
  { id: "edition", words: "指标表", value: (card) => card.edition.id, draw: (card) => card.edition.id, shown: () => editions.length > 1 },
  { id: "verdict", words: "结论", value: (card) => [SEVERITY(card), -card.vetoes.length, number(card.high)], draw: (card) => badge(card.verdict) },
  { id: "vetoes", words: "单项否决", most: true, value: (card) => card.vetoes.length, draw: drawVetoes },
  { id: "score", words: "得分区间", value: (card) => (card.byPoints ? number(card.high) : NaN), draw: drawScore },
  { id: "lost", words: "已失分", most: true, value: (card) => (card.byPoints ? number(card.lost) : NaN), draw: (card) => (card.byPoints ? card.lost : "—") },
  { id: "coverage", words: "已判", value: (card) => judgedShare(card), draw: drawCoverage },
  { id: "open", words: "未定", most: true, value: (card) => openCount(card), draw: drawOpen },
];

const many = (value) => new Set(cards.map(value)).size > 1;
const openCount = ({ coverage }) => coverage.awaiting + coverage.trouble + coverage.outside;
const judgedShare = ({ coverage }) => coverage.judged / Math.max(1, coverage.rules - coverage.notApplicable);

function drawTotals(chosen) {
  const counts = (test) => chosen.filter(test).length;
  const rows = (test) => chosen.reduce((sum, card) => sum + card.rows.filter(test).length, 0);
  const vetoed = counts((card) => card.vetoes.length);
  const tiles = [tile("网站", new Set(chosen.map((card) => card.site)).size, editions.length > 1 ? `评分 ${chosen.length} 份` : "")];
  for (const verdict of VERDICTS) {
    const count = counts((card) => card.verdict === verdict);
    if (count || verdict !== "未评分") tiles.push(tile(verdict, count, share(count, chosen.length), BADGES[verdict]));
  }
  tiles.push(tile("有单项否决", vetoed, `共 ${rows((row) => row.outcome === "veto")} 条`, vetoed ? "failed" : ""));
  tiles.push(tile("待检查人员核定", rows((row) => row.blame && row.blame.id === "person"), "条"));
  tiles.push(tile("等待记录或账号", rows((row) => row.blame && row.blame.standing === "awaiting" && row.blame.id !== "person"), "条"));
  tiles.push(tile("未能查看或出错", rows((row) => row.blame && row.blame.standing !== "awaiting"), "条"));
  fill(byId("totals"), node("dl", { class: "tiles" }, ...tiles), chosen.length > 1 ? verdictBar(chosen) : null);
}

function tile(words, count, more, className) {
  return node("div", { class: className || "" }, node("dt", null, words), node("dd", null, node("b", null, count.toLocaleString("zh-CN")), more ? ` ${more}` : ""));
}

const share = (count, all) => (all > 1 ? `${Math.round((100 * count) / all)}%` : "");

function verdictBar(chosen) {
  const bar = node("div", { class: "verdicts", "aria-hidden": "true" });
  for (const verdict of VERDICTS) {
    const count = chosen.filter((card) => card.verdict === verdict).length;
    if (!count) continue;
    const piece = node("span", { class: BADGES[verdict] || "" }, count / chosen.length > 0.08 ? `${verdict} ${count}` : "");
    piece.style.flexGrow = count;
    bar.append(piece);
  }
  return bar;
}

function sorted(chosen) {
  const downwards = choice.sort.startsWith("-");
  const column = COLUMNS.find((each) => each.id === choice.sort.replace("-", "")) || COLUMNS.find((each) => each.id === "verdict");
  const values = new Map(chosen.map((card) => [card, [].concat(column.value(card))]));
  const sign = downwards ? -1 : 1;
  return [...chosen].sort((one, other) => compare(values.get(one), values.get(other), sign) || one.place - other.place);
}

function compare(one, other, sign) {
  for (let place = 0; place < one.length; place += 1) {
    const [left, right] = [one[place], other[place]];
    if (typeof left === "string" && left !== right) return sign * left.localeCompare(right, "zh-CN");
    if (Number.isNaN(left) !== Number.isNaN(right)) return Number.isNaN(left) ? 1 : -1; // what has no number comes last
    if (left < right || left > right) return sign * (left < right ? -1 : 1);
  }
  return 0;
}

function drawSites(chosen, all) {
  const columns = COLUMNS.filter((column) => !column.shown || column.shown());
  const body = node("tbody");
  const head = node("tr", null, ...columns.map((column) => drawHeading(column, all)));
  fill(byId("sites"), node("table", { class: "sites" }, node("thead", null, head), body));
  const draw = (from, to) => body.append(...chosen.slice(from, to).map((card) => drawSite(card, columns)));
  draw(0, all ? chosen.length : FIRST_ROWS);
  if (!all && chosen.length > FIRST_ROWS) drawFurther(chosen.length, draw);
  if (!chosen.length) byId("sites").append(node("p", { class: "none" }, "没有符合条件的网站。"));
}

function drawFurther(count, draw) {
  let drawn = FIRST_ROWS;
  const words = () => `再显示 ${Math.min(FURTHER_ROWS, count - drawn)} 行（共 ${count} 行）`;
  const button = node("button", { type: "button", class: "more", onclick: () => {
    draw(drawn, drawn + FURTHER_ROWS);
    drawn += FURTHER_ROWS;
    if (drawn >= count) button.remove();
    else button.textContent = words();
  } }, words());
  byId("sites").append(button);
}

function drawHeading(column, all) {
  if (all) return node("th", { scope: "col" }, column.words); // paper repeats headings on every page, but no buttons
  const current = choice.sort.replace("-", "") === column.id;
  const downwards = current && choice.sort.startsWith("-");
  const next = current ? (downwards ? column.id : `-${column.id}`) : column.most ? `-${column.id}` : column.id;
  const arrow = current ? (downwards ? "▼" : "▲") : "";
  const button = node("button", { type: "button", "data-sort": column.id, onclick: () => choose({ sort: next }) }, column.words, node("span", { "aria-hidden": "true" }, arrow));
  return node("th", { scope: "col", class: `of-${column.id}`, "aria-sort": current ? (downwards ? "descending" : "ascending") : "none" }, button);
}

function drawSite(card, columns) {
  return node("tr", null, ...columns.map((column) => {
    const tag = column.id === "name" ? "th" : "td";
    return node(tag, { class: `of-${column.id}`, scope: tag === "th" ? "row" : null, "data-words": column.words }, column.draw(card));
  }));
}

function drawName(card) {
  return node("span", null, node("a", { href: toSite(card) }, quoted(card.site.name)), " ", card.site.name === card.site.id ? "" : quoted(card.site.id, "small"));
}

function drawVetoes(card) {
  if (!card.vetoes.length) return node("span", { class: "faint" }, "无");
  return node("span", { class: "veto", title: card.vetoes.map((rule) => `${rule.key} ${rule.summary}`).join("\n") },
    `✗ ${card.vetoes.length}　`, node("span", { class: "small" }, card.vetoes.map((rule) => rule.key).join(" ")));
}

function drawScore(card) {
  if (!card.byPoints) return node("span", { class: "faint" }, "只看否决");
  return node("span", { class: "score" }, node("span", null, interval(card.low, card.high)), scoreBar(card));
}

function scoreBar(card) {
  const { full, bonus, mark } = card.edition;
  const whole = (number(full) || 100) + (number(bonus) || 0);
  const part = (points) => `${Math.max(0, Math.min(100, (100 * points) / whole))}%`;
  const from = number(card.low);
  const piece = node("span", { class: BADGES[card.verdict] || "" });
  piece.style.left = part(from);
  piece.style.width = part(Math.max(number(card.high) - from, whole / 100));
  const line = mark ? node("i") : null;
  if (line) line.style.left = part(number(mark));
  return node("span", { class: "bar", "aria-hidden": "true", title: mark ? `竖线是合格线 ${mark}` : null }, piece, line);
}

function drawCoverage(card) {
  const { coverage } = card;
  return node("span", { title: `规则 ${coverage.rules} 条，其中不适用 ${coverage.notApplicable} 条` },
    `${coverage.judged}/${coverage.rules - coverage.notApplicable}`, node("span", { class: "small" }, `${Math.round(100 * judgedShare(card))}%`));
}

function drawOpen(card) {
  const { awaiting, trouble, outside } = card.coverage;
  const parts = [["待核", awaiting], ["出错", trouble], ["未能查看", outside]].filter(([, count]) => count);
  return node("span", null, String(openCount(card)), node("span", { class: "small" }, parts.map(([words, count]) => `${words} ${count}`).join("，")));
}
