// What is chosen stands in the address after "#": the browser's Back works, and a link can be passed on.
const NAMES = ["text", "group", "verdict", "edition", "sort", "site", "table", "rule"];
let choice = {};

function readChoice() {
  const words = new URLSearchParams(location.hash.slice(1));
  choice = Object.fromEntries(NAMES.map((name) => [name, words.get(name) || ""]));
}

function addressOf(changes) {
  const words = new URLSearchParams();
  for (const [name, value] of Object.entries({ ...choice, ...changes })) if (value) words.set(name, value);
  return `#${words}`;
}

const home = () => addressOf({ site: "", table: "", rule: "" });
const toSite = (card, rule) => addressOf({ site: card.site.id, table: card.edition.id, rule: rule ? rule.key : "" });
const toRule = (rule, edition) => addressOf({ site: "", table: edition.id, rule: rule.key });

// filters replace what stands there, so that Back leads out of a view, not through every letter of a word
function choose(changes) {
  location.replace(addressOf(changes));
}

function chosenCards() {
  const wanted = wantedTexts(choice.text.trim().toLowerCase());
  return cards.filter((card) =>
    (!choice.group || card.site.group === choice.group) && (!choice.verdict || card.verdict === choice.verdict) &&
    (!choice.edition || card.edition.id === choice.edition) && (!wanted || speaksOf(card, wanted)));
}

let lastWanted = { needle: "", places: null };

function wantedTexts(needle) {
  if (!needle) return null;
  if (lastWanted.needle !== needle) {
    const places = new Set();
    packed.texts.forEach((words, place) => words.toLowerCase().includes(needle) && places.add(place));
    lastWanted = { needle, places };
  }
  return lastWanted;
}

function speaksOf(card, { needle, places }) {
  const { site } = card;
  if ([site.name, site.id, site.url, site.group].some((words) => words.toLowerCase().includes(needle))) return true;
  return card.rows.some((row) => {
    if ((row.faulty || row.outcome === "veto") && row.rule.key.includes(needle)) return true;
    const spoken = (entry) => places.has(entry[0]) || places.has(entry[1]) || places.has(entry[2]);
    return row.raw.findings.some(spoken) || row.raw.notes.some(([at, says]) => places.has(at) || places.has(says));
  });
}

function fillFilters() {
  const groups = [...new Set(sites.map((site) => site.group))].sort((one, other) => one.localeCompare(other, "zh-CN"));
  const tables = editions.map((edition) => [edition.id, edition.title === edition.id ? edition.id : `${edition.title}（${edition.id}）`]);
  const verdicts = VERDICTS.filter((verdict) => cards.some((card) => card.verdict === verdict));
  offer("by-group", groups.map((group) => [group, group]));
  offer("by-edition", tables);
  offer("by-verdict", verdicts.map((verdict) => [verdict, verdict]));
  let waiting;
  byId("by-text").addEventListener("input", (event) => {
    clearTimeout(waiting);
    waiting = setTimeout(() => choose({ text: event.target.value }), 150);
  });
  byId("clear").addEventListener("click", () => choose({ text: "", group: "", verdict: "", edition: "" }));
  byId("print").addEventListener("click", () => window.print());
}

function offer(id, options) {
  const select = byId(id);
  fill(select, node("option", { value: "" }, "全部"), ...options.map(([value, words]) => node("option", { value }, words)));
  select.addEventListener("change", () => choose({ [id.slice(3)]: select.value }));
  select.parentNode.hidden = options.length < 2;
}

function showFilters(count) {
  for (const name of ["group", "edition", "verdict"]) byId(`by-${name}`).value = choice[name];
  if (byId("by-text") !== document.activeElement) byId("by-text").value = choice.text;
  const filtered = choice.text || choice.group || choice.verdict || choice.edition;
  byId("clear").hidden = !filtered;
  byId("count").textContent = filtered ? `符合条件 ${count} / ${cards.length} 份` : "";
}
