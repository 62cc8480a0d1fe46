/* Members that a page does not list, loaded from its JSON when asked for.
   Without this script the page says how many there are and where they are. */
const BATCH = 500;

const make = (tag, properties = {}, ...children) => {
  const { attributes = {}, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

/** A number with five digits; the full one is on hover. */
const shown = (value) => String(Number(value.toPrecision(5))).replace("-", "−");

/** Dimensions that the name of a member leaves out. */
const QUIET = new Set(["band", "instrument", "skymap"]);

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

/** A row like those of the page: cells of the first one are the pattern. */
const makeRow = (row, pattern, badge) => {
  const place = Object.entries(row.data_id).filter(([name]) => !QUIET.has(name)).map((pair) => pair.join(" "));
  const cells = [make("th", { scope: "row" }, place.join(" ") || "the one value")];
  const value = make("td", { className: "n" });
  if (row.value === null) value.append(make("span", { className: "rg-none" }, `– ${row.reason || "no value"}`));
  else {
    value.title = String(row.value);
    value.append(pattern.unit ? `${shown(row.value)} ${pattern.unit}` : shown(row.value));
  }
  cells.push(value);
  const state = row.reason ? "not_measured" : row.status;
  if (pattern.limit) cells.push(make("td", {}, pattern.limit), badge(state), make("td", { className: "n" }));
  return make("tr", { id: row.anchor }, ...cells);
};

const requests = new Map();
const load = (path) => {
  if (!requests.has(path)) {
    requests.set(path, fetch(path).then((response) => {
      if (!response.ok) throw new Error(`${response.status}`);
      return response.json();
    }));
  }
  return requests.get(path);
};

const pause = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));

const loadAll = async (box, button, count) => {
  const table = box.querySelector("table");
  const body = table.tBodies[0];
  const { measurements } = await load(box.dataset.members);
  const own = measurements
    .filter((row) => (row.data_id.band || "") === box.dataset.band && (row.producer || "") === box.dataset.producer);
  const listed = new Set([...body.rows].map((row) => row.id));
  const pattern = { unit: box.dataset.unit, limit: box.dataset.limit };
  const badge = badges(table);
  const missing = own.filter((row) => !listed.has(row.anchor));
  for (let at = 0; at < missing.length; at += BATCH) {
    const batch = missing.slice(at, at + BATCH).map((row) => makeRow(row, pattern, badge));
    body.append(...batch);
    // The script of the page sorts what it knows of.
    if (body.rgOrder) body.rgOrder.push(...batch);
    button.textContent = `${at + batch.length} of ${missing.length} loaded`;
    await pause();
  }
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
