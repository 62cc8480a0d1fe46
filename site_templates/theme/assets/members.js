/* Members that a page does not list, loaded from its CSV when asked for.
   Without this script the page says how many there are and where they are. */
import "./numbers.js";

const BATCH = 2000;
const { formatQuantity } = reportgenNumbers;

const make = (tag, properties = {}, ...children) => {
  const { attributes = {}, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** Dimensions that name a member, in their order. */
const PLACE = ["tract", "patch", "physical_filter", "day_obs", "visit", "exposure", "group", "detector", "amplifier"];

const WORDS = { pass: "pass", fail: "fail", not_measured: "not measured" };

/** A function that returns the badge of a state as the page has it already, else its words. */
const badges = (table) => {
  const known = new Map();
  for (const row of table.tBodies[0].rows) {
    const badge = row.querySelector(".rg-badge");
    if (badge && row.dataset.status) known.set(row.dataset.status, badge.parentElement);
  }
  return (state) => {
    const cell = known.get(state);
    return cell ? cell.cloneNode(true) : make("td", {}, WORDS[state] || state);
  };
};

/** A row like those that the page has. */
const makeRow = (row, pattern, badge) => {
  const place = PLACE.filter((name) => row[name]).map((name) => `${name} ${row[name]}`);
  const withUnit = (number, unit) => formatQuantity(Number(number), unit);
  const value = make("td", { className: "n" });
  if (row.value === "") value.append(make("span", { className: "rg-none" }, `– ${row.reason || "no value"}`));
  else {
    value.title = row.value;
    value.append(withUnit(row.value, pattern.unit));
  }
  const cells = [make("th", { scope: "row" }, place.join(" ") || "the one value"), value];
  if (pattern.limit) {
    const inside = Number(row.inside);
    const words = row.inside === "" ? "" : `${withUnit(Math.abs(inside), pattern.limitUnit)} ${inside >= 0 ? "inside" : "outside"}`;
    cells.push(make("td", {}, row.reason || row.status ? pattern.limit : "– none"), badge(row.reason ? "not_measured" : row.status),
      make("td", { className: "n", attributes: { "data-v": row.inside } }, words));
  }
  // As the rows of the page: on a phone they are laid out as cards.
  for (const cell of cells) cell.setAttribute("role", cell.tagName === "TH" ? "rowheader" : "cell");
  return make("tr", { id: row.anchor, attributes: { role: "row" } }, ...cells);
};

/** The cells of a CSV file, row by row; quoted cells may hold commas, quotes and line ends. */
const parseCsv = (text) => {
  const rows = [[]];
  const cell = /("(?:[^"]|"")*"|[^",\n]*)(,|\n|$)/gy;
  for (let found = cell.exec(text); found && found.index < text.length; found = cell.exec(text)) {
    const raw = found[1];
    rows[rows.length - 1].push(raw.startsWith('"') ? raw.slice(1, -1).replaceAll('""', '"') : raw);
    if (found[2] === "\n") rows.push([]);
  }
  return rows.filter((row) => row.length);
};

const requests = new Map();
/** The members as objects by the names of the columns; a file is read once for all bands. */
const load = (path) => {
  if (!requests.has(path)) {
    requests.set(path, fetch(path).then(async (response) => {
      if (!response.ok) throw new Error(`${response.status}`);
      const [names, ...rows] = parseCsv(await response.text());
      return rows.map((row) => Object.fromEntries(names.map((name, at) => [name, row[at]])));
    }));
  }
  return requests.get(path);
};

const pause = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

const loadAll = async (box, button, count) => {
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const members = await load(box.dataset.members);
  const own = members.filter((row) => (row.band || "") === box.dataset.band && row.producer === box.dataset.producer);
  const listed = new Map([...body.rows].map((row) => [row.id, row]));
  const pattern = { unit: box.dataset.unit, limit: box.dataset.limit, limitUnit: box.dataset.limitUnit };
  const badge = badges(table);
  const order = [];
  for (let at = 0; at < own.length; at += BATCH) {
    const batch = own.slice(at, at + BATCH).map((row) => listed.get(row.anchor) || makeRow(row, pattern, badge));
    body.append(...batch);
    order.push(...batch);
    button.textContent = `${order.length} of ${own.length} loaded`;
    await pause();
  }
  // The script of the page sorts what it knows of.
  body.rgOrder = order;
  table.dispatchEvent(new Event("rg:grown"));
  button.remove();
  count.textContent = `All ${own.length} members are listed, worst first.`;
};

for (const box of document.querySelectorAll("[data-members]")) {
  const count = box.querySelector(".rg-more");
  if (!count || location.protocol === "file:") continue;
  const button = make("button", { type: "button", className: "rg-load md-button" }, "Load all here");
  count.after(button);
  button.addEventListener("click", () => {
    button.disabled = true;
    loadAll(box, button, count).catch(() => {
      button.disabled = false;
      button.textContent = "Could not be loaded; try again";
    });
  });
}
