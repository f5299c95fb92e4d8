// Building nodes: whatever is no node goes in as text.
function node(tag, attributes, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes || {})) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) made.setAttribute(name, value === true ? "" : value);
  }
  made.append(...children.filter((child) => child !== null && child !== ""));
  return made;
}

function fill(place, ...children) {
  while (place.firstChild) place.firstChild.remove();
  place.append(...children.filter((child) => child !== null && child !== ""));
}

const byId = (id) => document.getElementById(id);

// a site's own text, kept from turning the direction of ours
const quoted = (words, className) => node("bdi", { class: className }, words);

function address(url) {
  const target = webAddress(url);
  if (!target) return quoted(url, "address");
  return node("a", { class: "address", href: target, target: "_blank", rel: "noreferrer noopener" }, quoted(url));
}

function webAddress(url) {
  if (!/^https?:\/\//i.test(url) || url.endsWith("…")) return "";
  try {
    const target = new URL(url);
    return target.protocol === "http:" || target.protocol === "https:" ? target.href : "";
  } catch (error) {
    return "";
  }
}

const badge = (verdict) => node("span", { class: `badge ${BADGES[verdict] || ""}` }, `${SIGNS[verdict] || ""} ${verdict}`);
const BADGES = { "不合格": "failed", "待定": "undecided", "合格": "passed" };

const interval = (low, high) => (low === high ? low : `${low}～${high}`);
const number = (words) => (words === "" ? NaN : parseFloat(words));
const tidy = (value) => String(Math.round(value * 1000) / 1000);

function table(className, headings, rows) {
  const head = node("tr", null, ...headings.map((words) => node("th", { scope: "col" }, words)));
  return node("table", { class: className }, node("thead", null, head), node("tbody", null, ...rows));
}

// the first of many, and a button for the others
function shortened(many, first, draw, place) {
  place.append(...many.slice(0, first).map(draw));
  if (many.length <= first) return;
  const button = node("button", { type: "button", class: "more", onclick: () => {
    button.remove();
    place.append(...many.slice(first).map(draw));
  } }, `显示其余 ${many.length - first} 项`);
  place.append(button);
}
