// Across all sites: which rules fail most, and what nobody could judge yet.
const FIRST_RULES = 15;

// one entry for each rule of each edition with what became of it on the chosen sites
function tally(chosen) {
  const entries = new Map();
  for (const card of chosen) for (const row of card.rows) {
    let entry = entries.get(row.rule);
    if (!entry) entries.set(row.rule, (entry = { rule: row.rule, edition: card.edition, vetoes: 0, deductions: 0, lost: 0, found: 0, open: new Map() }));
    if (row.outcome === "veto") entry.vetoes += 1;
    if (row.outcome === "deduct") entry.deductions += 1;
    if (row.outcome === "deduct") entry.lost -= number(row.points);
    if (row.outcome === "veto" || row.outcome === "deduct") entry.found += row.found;
    if (row.blame) entry.open.set(row.blame.id, (entry.open.get(row.blame.id) || 0) + 1);
  }
  return [...entries.values()];
}

function drawRules(chosen, all) {
  const failing = tally(chosen).filter((entry) => entry.vetoes || entry.deductions);
  failing.sort((one, other) => other.vetoes - one.vetoes || other.deductions - one.deductions || other.lost - one.lost);
  if (!failing.length) {
    fill(byId("rules"), node("p", { class: "none" }, chosen.length ? "没有规则扣分或否决。" : "没有符合条件的网站。"));
    return;
  }
  const body = node("tbody");
  const most = Math.max(...failing.map((entry) => entry.vetoes + entry.deductions));
  const headings = ["规则", "否决", "扣分", "共失分", "问题"].map((words) => node("th", { scope: "col" }, words));
  fill(byId("rules"), node("table", { class: "rules" }, node("thead", null, node("tr", null, ...headings)), body));
  const draw = (entry) => ruleLine(entry, chosen.length > 1 ? most : 0);
  body.append(...failing.slice(0, all ? failing.length : FIRST_RULES).map(draw));
  if (!all && failing.length > FIRST_RULES) byId("rules").append(moreRules(body, failing.slice(FIRST_RULES).map(draw)));
}

function moreRules(body, lines) {
  const button = node("button", { type: "button", class: "more", onclick: () => {
    button.remove();
    body.append(...lines);
  } }, `显示其余 ${lines.length} 条规则`);
  return button;
}

// a bar as long as the share of sites, where there are several
function ruleBar(entry, most) {
  const bar = node("span", { class: "bar", "aria-hidden": "true" });
  for (const [count, className] of [[entry.vetoes, "veto"], [entry.deductions, "lost"]]) {
    const piece = node("span", { class: className });
    piece.style.width = `${(100 * count) / most}%`;
    bar.append(piece);
  }
  return bar;
}

function ruleLine(entry, most) {
  const { rule, edition, vetoes, deductions, lost, found } = entry;
  const cell = (words, heading) => node("td", { "data-words": heading }, words);
  return node("tr", null, node("th", { scope: "row" }, ruleLink(rule, edition), most ? ruleBar(entry, most) : null),
    cell(vetoes ? `${vetoes} 个网站` : "—", "否决"), cell(deductions ? `${deductions} 个网站` : "—", "扣分"),
    cell(lost ? `-${tidy(lost)}` : "—", "共失分"), cell(`${found} 处`, "问题"));
}

function ruleLink(rule, edition) {
  const table = editions.length > 1 ? node("span", { class: "small" }, edition.id) : null;
  return node("span", null, node("a", { href: toRule(rule, edition) }, node("b", null, rule.key), ` ${rule.item.level2}`), rule.summary ? `：${rule.summary}` : "", table);
}

function drawWaiting(chosen, all) {
  const entries = tally(chosen).filter((entry) => entry.open.size);
  const parts = BLAMES.map((blame) => waitingFor(blame, chosen, entries, all)).filter(Boolean);
  fill(byId("waiting"), ...(parts.length ? parts : [node("p", { class: "none" }, chosen.length ? "所有规则都已判定。" : "没有符合条件的网站。")]));
}

const STANDINGS = { awaiting: "不扣分，也不算通过", outside: "不在本机视野之内", trouble: "需要重查" };

function waitingFor(blame, chosen, entries, all) {
  const mine = entries.filter((entry) => entry.open.has(blame.id)).sort((one, other) => other.open.get(blame.id) - one.open.get(blame.id));
  if (!mine.length) return null;
  const rows = mine.reduce((sum, entry) => sum + entry.open.get(blame.id), 0);
  const places = new Set(chosen.filter((card) => card.rows.some((row) => row.blame === blame)).map((card) => card.site)).size;
  const title = node("summary", null, node("b", null, blame.words), `　${rows} 条，涉及 ${places} 个网站　`, node("span", { class: "small" }, STANDINGS[blame.standing]));
  const body = node("div");
  const open = () => body.firstChild || fillWaiting(body, blame, chosen, mine, all);
  const part = node("details", { class: "waiting", ontoggle: () => part.open && open() }, title, body);
  if (all) part.open = true;
  if (all) open();
  return part;
}

function fillWaiting(body, blame, chosen, mine, all) {
  if (blame.id !== "person") body.append(reasonsFor(blame, chosen));
  const list = node("ul", { class: "plain" });
  body.append(list);
  const draw = (entry) => node("li", null, ruleLink(entry.rule, entry.edition), node("span", { class: "small" }, `${entry.open.get(blame.id)} 个网站`));
  shortened(mine, all ? mine.length : FIRST_RULES, draw, list);
}

function reasonsFor(blame, chosen) {
  const reasons = new Map();
  for (const card of chosen) for (const row of card.rows) {
    if (row.blame !== blame) continue;
    const places = reasons.get(row.reason) || { rows: 0, cards: new Set() };
    places.rows += 1;
    places.cards.add(card);
    reasons.set(row.reason, places);
  }
  const ordered = [...reasons].sort((one, other) => other[1].rows - one[1].rows);
  const list = node("ul", { class: "plain" });
  shortened(ordered, 8, ([reason, places]) => node("li", null, quoted(reason), node("span", { class: "small" }, `${places.rows} 条，${places.cards.size} 个网站：`),
    ...[...places.cards].slice(0, 5).map((card) => node("a", { class: "small", href: toSite(card) }, quoted(card.site.name))),
    places.cards.size > 5 ? node("span", { class: "small" }, "等") : ""), list);
  return node("div", null, node("p", { class: "small" }, "原因："), list, node("p", { class: "small" }, "规则："));
}
