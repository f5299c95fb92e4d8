// On paper nothing can be clicked: the whole tables, and the vetoes and deductions of every site.
function toPaper() {
  if (!byId("overview").hidden) {
    const chosen = sorted(chosenCards());
    drawSites(chosen, true);
    drawHeat(chosen, true);
    drawRules(chosen, true);
    drawWaiting(chosen, true);
    fill(byId("paper"), ...chosen.map(paperCard).filter(Boolean));
  } else {
    for (const kind of ["details.group", "details.row"]) for (const part of byId("detail").querySelectorAll(kind)) part.unfold();
  }
}

function paperCard(card) {
  const rows = grouped(card.rows).filter((group) => group.words === "单项否决" || group.words === "扣分");
  if (!rows.length) return null;
  const lines = rows.flatMap((group) => [node("h3", null, group.words), ...group.rows.map((row) => paperRow(row, group.words === "单项否决"))]);
  return node("section", { class: "group" }, node("h2", null, quoted(card.site.name), ` · ${card.edition.id} `, badge(card.verdict)), ...lines);
}

function paperRow(row, pictured) {
  return node("div", { class: `row ${row.outcome}` }, rowTitle(row), ...facts(findingsOf(row)).map((findings) => paperFact(findings, pictured)));
}

function paperFact(findings, pictured) {
  const [{ says, exempt, shot }] = findings;
  const places = findings.slice(0, PLACES_SHOWN).map(({ at }) => quoted(at, "place"));
  const more = findings.length > PLACES_SHOWN ? `等 ${findings.length} 处` : "";
  return node("div", { class: "fact" }, node("p", null, quoted(says), exempt ? quoted(`（已豁免：${exempt}）`) : ""),
    node("p", { class: "small" }, ...places, more), pictured && shot && shot.key ? drawPicture(shot, says) : null);
}

function fromPaper() {
  fill(byId("paper"));
  if (!byId("overview").hidden) drawOverview();
}
