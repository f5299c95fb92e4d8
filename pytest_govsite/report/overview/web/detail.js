// One site under one edition, rule by rule; or one rule on all sites.
const PLACES_SHOWN = 10;

const GROUPS = [
  { words: "单项否决", test: (row) => row.outcome === "veto", open: true },
  { words: "扣分", test: (row) => row.outcome === "deduct", open: true, order: (one, other) => number(one.points) - number(other.points) },
  { words: "加分", test: (row) => row.outcome === "award", open: true },
  { words: "已见问题，未到扣分或否决的程度", test: (row) => row.faulty && (row.outcome === "pass" || row.outcome === "undetermined"), open: true },
  ...BLAMES.map((blame) => ({ words: `未能判定：${blame.words}`, test: (row) => row.blame === blame })),
  { words: "未发现问题", test: (row) => row.outcome === "pass" },
  { words: "未加分", test: (row) => row.outcome === "unearned" },
  { words: "不适用", test: (row) => row.outcome === "not-applicable" },
];

// each row in the first group that takes it: every row is somewhere
function grouped(rows) {
  const left = new Set(rows);
  const parts = [];
  for (const group of GROUPS) {
    const mine = [...left].filter(group.test);
    mine.forEach((row) => left.delete(row));
    if (group.order) mine.sort(group.order);
    if (mine.length) parts.push({ ...group, rows: mine });
  }
  return parts;
}

function drawCard(card, chosen) {
  const at = chosen.indexOf(card);
  const step = (place, words) => (at >= 0 && chosen[place] ? node("a", { href: toSite(chosen[place]) }, words) : null);
  const way = node("nav", { class: "way", "aria-label": "翻页" }, node("a", { href: home() }, "← 返回总览"), step(at - 1, "上一个"), step(at + 1, "下一个"));
  const parts = grouped(card.rows).map((group) => drawGroup(group));
  fill(byId("detail"), way, cardHead(card), ...parts, card.rows.length ? null : node("p", { class: "none" }, "台账里没有这个网站的记录。"));
  document.title = `${card.site.name} · 政府网站检查总览`;
}

function cardHead(card) {
  const { site, edition } = card;
  const others = cards.filter((other) => other.site === site && other !== card);
  return node("header", { class: "card" },
    node("h2", null, quoted(site.name), " ", badge(card.verdict)),
    node("dl", { class: "facts" },
      fact("网址", site.url ? address(site.url) : ""), fact("编号", quoted(site.id)), fact("类型", site.kind), fact("分组", quoted(site.group)),
      fact("指标表", `${edition.title}（${edition.id}）`), fact("检查日期", card.asOf), fact("判定时间", [...new Set(card.found)].join(" 至 ")),
      fact("单项否决", card.vetoes.length ? card.vetoes.map((rule) => rule.key).join("、") : "无"), ...scoreFacts(card),
      fact("规则", coverageWords(card)), fact("说明", [card.note, site.dropped].filter(Boolean).join("；")),
      fact("其他指标表", others.length ? node("span", null, ...others.map((other) => node("a", { href: toSite(other) }, `${other.edition.id} ${other.verdict} `))) : "")));
}

const fact = (words, value) => (value ? node("div", null, node("dt", null, words), node("dd", null, value)) : null);

function scoreFacts(card) {
  if (!card.byPoints) return [];
  const { edition, deduction, bonus } = card;
  const [low, high, full] = deduction;
  const gate = { yes: "已达到", no: "未达到", maybe: "能否达到待定" }[bonus[2]];
  const above = edition.gate ? `，扣分部分高于 ${edition.gate} 才加，${gate}` : "";
  const total = node("span", { class: "score" }, `${interval(card.low, card.high)}${edition.mark ? `（合格线 ${edition.mark}）` : ""}${card.vetoes.length ? "，有单项否决，仅供参考" : ""}`, scoreBar(card));
  return [
    fact("合计", total), fact("扣分部分", `${interval(low, high)}（满分 ${full}）`),
    number(edition.bonus) ? fact("加分部分", `${interval(bonus[0], bonus[1])}（满分 ${edition.bonus}${above}）`) : null,
  ];
}

function coverageWords({ coverage }) {
  const parts = [["已判", "judged"], ["待核", "awaiting"], ["出错", "trouble"], ["未能查看", "outside"], ["不适用", "notApplicable"]];
  return `${coverage.rules} 条：${parts.filter(([, name]) => coverage[name]).map(([words, name]) => `${words} ${coverage[name]}`).join("，")}`;
}

function drawGroup({ words, rows, open }) {
  const title = `${words}（${rows.length} 条）`;
  const list = (place) => place.append(...rows.map((row) => drawRow(row, open)));
  if (open) {
    const section = node("section", { class: "group" }, node("h3", null, title));
    list(section);
    return section;
  }
  const body = node("div");
  const part = node("details", { class: "group", ontoggle: () => part.open && !body.firstChild && list(body) }, node("summary", null, node("h3", null, title)), body);
  part.unfold = () => {
    if (!body.firstChild) list(body);
    part.open = true;
  };
  part.holds = (rule) => rows.some((row) => row.rule === rule);
  return part;
}

function drawRow(row, open) {
  const body = node("div", { class: "body" });
  const show = () => body.firstChild || body.append(...rowParts(row));
  const part = node("details", { class: `row ${row.outcome}`, "data-rule": row.rule.key, ontoggle: () => part.open && show() }, rowTitle(row), body);
  part.unfold = () => {
    show();
    part.open = true;
  };
  if (open) part.unfold();
  return part;
}

function rowTitle(row) {
  const { rule } = row;
  const hints = [row.raw.notes.length ? `提示 ${row.raw.notes.length}` : "", exempted(row) ? `已豁免 ${exempted(row)}` : "", row.open ? `${row.open} 处未能查看` : ""];
  return node("summary", null, node("span", { class: "price" }, priceOf(row)),
    node("span", null, node("b", null, rule.key), ` ${rule.item.level2}${rule.summary ? `：${rule.summary}` : ""}`,
      node("span", { class: "small" }, hints.filter(Boolean).join("，"))));
}

const exempted = (row) => row.raw.findings.filter((finding) => finding[4]).length;

function priceOf(row) {
  const points = number(row.points);
  if (points) return points > 0 ? `+${row.points}` : row.points;
  return { veto: "✗", pass: "✓", undetermined: row.blame && row.blame.standing !== "awaiting" ? "!" : "?" }[row.outcome] || "–";
}

function rowParts(row) {
  const { rule } = row;
  const cap = capOf(row.card, rule.item);
  const place = `${rule.item.level1} · ${rule.item.level2}${cap ? `，本项上限 ${cap} 分` : ""}　结果：${OUTCOMES.get(row.outcome)}${row.blame ? `（${row.blame.words}）` : ""}`;
  return [
    node("p", { class: "small" }, place),
    row.reason && row.reason !== (row.blame && row.blame.words) ? node("p", null, quoted(row.reason)) : null,
    drawFacts(row),
    row.more ? node("p", { class: "small" }, `另有 ${row.more} 处，见台账 ledger.jsonl`) : null,
    row.open ? node("p", { class: "small" }, `另有 ${row.open} 处未能查看，只计入最低分`) : null,
    ...notesOf(row).map(drawNote), row.sample ? drawSample(row.sample) : null,
    others(row.card) ? node("p", { class: "small" }, node("a", { href: toRule(rule, row.card.edition) }, "这条规则在各网站的结果")) : null,
  ].filter(Boolean);
}

const others = (card) => cards.some((other) => other !== card && other.edition === card.edition);

function drawFacts(row) {
  const parts = facts(findingsOf(row)).map(drawFact);
  const pictured = parts.length > 1 && row.raw.findings.some((finding) => finding[3]);
  return parts.length ? node("div", { class: pictured ? "columns" : "" }, ...parts) : null;
}

// findings that say the same are told once, with all their places
function facts(findings) {
  const told = new Map();
  for (const finding of findings) {
    const key = `${finding.says}\n${finding.exempt}`;
    told.set(key, [...(told.get(key) || []), finding]);
  }
  return [...told.values()];
}

function drawFact(findings) {
  const [{ says, exempt }] = findings;
  const part = node("div", { class: exempt ? "fact exempted" : "fact" }, node("p", null, quoted(says, "says"), findings.length > 1 ? ` （${findings.length} 处）` : ""));
  if (exempt) part.append(node("p", { class: "small" }, "已豁免，不扣分：", quoted(exempt)));
  const list = node("ul", { class: findings.length > 1 && findings.some((finding) => finding.shot) ? "places pictured" : "places" });
  part.append(list);
  shortened(findings, PLACES_SHOWN, drawPlace, list);
  return part;
}

function drawPlace({ at, what, says, shot }) {
  const about = what && what !== at && !says.includes(what) ? node("span", { class: "small" }, quoted(what)) : null;
  return node("li", null, at ? address(at) : null, about, shot ? drawPicture(shot, says) : null);
}

function drawNote({ at, says, shot }) {
  return node("div", { class: "note" }, node("p", null, node("b", null, "提示（不扣分） "), quoted(says)), at ? node("p", null, address(at)) : null, shot ? drawPicture(shot, says) : null);
}

function drawPicture({ href, key, list }, says) {
  const kind = /\.svg$/.test(href) ? "图示" : "截图";
  if (!href) return node("p", { class: "small" }, "截图已清理");
  const words = list ? node("a", { class: "small", href: list, target: "_blank" }, "文字清单") : null;
  const file = (...inside) => node("a", { href, target: "_blank", title: `打开原图 ${href}` }, ...inside);
  if (!key) return node("p", { class: "small" }, file(`打开${kind}`), "（没有嵌入本页）", words);
  const image = node("img", { alt: `${kind}：${says}`, decoding: "async" });
  const show = () => image.setAttribute("src", dataUrl(key));
  if (byId(`picture-${key}`)) show();
  else addEventListener("DOMContentLoaded", show); // the page is still arriving, and pictures come last
  return node("p", { class: "picture" }, file(image), words);
}

function drawSample([seed, of, urls]) {
  const list = node("ul", { class: "places" });
  shortened(urls, 50, (url) => node("li", null, address(textOf(url))), list);
  return node("details", { class: "sample" }, node("summary", null, `抽查 ${urls.length} 处（共 ${of} 处，种子 ${seed}）`), list);
}

function drawRule(rule, edition, chosen) {
  const rows = chosen.filter((card) => card.edition === edition).map((card) => card.rows.find((row) => row.rule === rule)).filter(Boolean);
  const parts = grouped(rows).map((group) => {
    const list = node("ul", { class: "plain lines" });
    shortened(group.rows, 100, drawRuleSite, list);
    return node("section", { class: "group" }, node("h3", null, `${group.words}（${group.rows.length} 个网站）`), list);
  });
  const way = node("nav", { class: "way" }, node("a", { href: home() }, "← 返回总览"));
  const head = node("header", { class: "card" }, node("h2", null, `${rule.key} ${rule.item.level2}`), rule.summary ? node("p", null, rule.summary) : null,
    node("p", { class: "small" }, `${edition.title} · ${titleOf(rule.item)}`));
  fill(byId("detail"), way, head, ...parts, rows.length ? null : node("p", { class: "none" }, "符合条件的网站都没有这条规则。"));
  document.title = `${rule.key} · 政府网站检查总览`;
}

function drawRuleSite(row) {
  const said = findingsOf(row).filter((finding) => !finding.exempt);
  const words = said.length ? said[0].says : row.reason && row.reason !== (row.blame && row.blame.words) ? row.reason : "";
  return node("li", null, node("span", { class: "price" }, priceOf(row)), node("span", null, node("a", { href: toSite(row.card, row.rule) }, quoted(row.card.site.name)), words ? node("span", { class: "small" }, quoted(words), row.found > 1 ? ` 等 ${row.found} 处` : "") : null));
}
