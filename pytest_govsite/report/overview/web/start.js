function drawOverview() {
  const chosen = sorted(chosenCards());
  showFilters(chosen.length);
  drawTotals(chosen);
  drawSites(chosen);
  drawHeat(chosen);
  drawRules(chosen);
  drawWaiting(chosen);
  document.title = "政府网站检查总览";
}

let scrolled = 0; // where the reader left the overview

function draw() {
  const inOverview = !byId("overview").hidden;
  if (inOverview) scrolled = window.scrollY;
  readChoice();
  const card = choice.site && cards.find((each) => each.site.id === choice.site && each.edition.id === choice.table);
  const edition = !choice.site && choice.rule && editions.find((each) => each.id === choice.table);
  const rule = edition && edition.rules.find((each) => each.key === choice.rule);
  const detailed = Boolean(card || rule);
  byId("filters").hidden = detailed || cards.length < 2;
  byId("overview").hidden = detailed;
  byId("detail").hidden = !detailed;
  if (!detailed) {
    drawOverview();
    if (!inOverview) window.scrollTo(0, scrolled);
    return;
  }
  if (card) drawCard(card, sorted(chosenCards()));
  else drawRule(rule, edition, chosenCards());
  window.scrollTo(0, 0);
  if (card && choice.rule) showRule(choice.rule);
  else byId("detail").focus({ preventScroll: true });
}

function showRule(key) {
  const rule = cards.find((card) => card.site.id === choice.site && card.edition.id === choice.table).edition.rules.find((each) => each.key === key);
  for (const group of byId("detail").querySelectorAll("details.group")) if (group.holds(rule)) group.unfold();
  const part = [...byId("detail").querySelectorAll("details.row")].find((each) => each.dataset.rule === key);
  if (!part) return;
  part.unfold();
  part.classList.add("sought");
  part.scrollIntoView();
  part.querySelector("summary").focus({ preventScroll: true });
}

function drawFrame() {
  const dates = [...new Set(cards.map((card) => card.asOf))].sort();
  const days = dates.length > 1 ? `${dates[0]} 至 ${dates[dates.length - 1]}` : dates[0] || "—";
  const titles = editions.map((edition) => edition.title);
  byId("about").textContent = `检查日期 ${days}　指标：${titles.join("、") || "—"}`;
  const bare = packed.bare ? `另有 ${packed.bare} 张图片没有嵌入本页，点开的是本页旁边 sites 文件夹里的文件；单独转发本页时看不到。` : "";
  fill(byId("foot"),
    node("p", null, "“得分区间”：把未能判定的规则全按最差、全按最好各算一次。“已失分”是已经确定的扣分。未能判定的不扣分，也不算通过。"),
    node("p", null, `${bare}逐条记录见 `, node("a", { href: "ledger.jsonl" }, "ledger.jsonl"), "，评分见 ", node("a", { href: "scorecards.json" }, "scorecards.json"), "，证据见 sites 文件夹。"),
    node("p", null, `本页生成于 ${packed.written}（北京时间）　pytest-govsite ${packed.tools.join("、")}`));
}

// buttons, for what stands after "#" in the address is the choice
function fillWay() {
  const titles = document.querySelectorAll("#overview h2");
  fill(byId("way"), ...[...titles].map((title) => node("button", { type: "button", onclick: () => title.scrollIntoView() }, title.textContent)));
}

drawFrame();
fillFilters();
fillWay();
if (cards.length === 1 && !location.hash) location.replace(toSite(cards[0]));
addEventListener("hashchange", draw);
addEventListener("beforeprint", toPaper);
addEventListener("afterprint", fromPaper);
draw();
