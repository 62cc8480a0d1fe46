/* The form of the page of comparisons: any two runs, compared in the browser from the JSON of
   the site. No library; nothing is sent anywhere. */

import "./numbers.js";
import { isAggregate } from "./compare/lines.js";
import { VERDICTS, compare } from "./compare/rows.js";

const { formatNumber, formatQuantity } = reportgenNumbers;

const MOST_FOLDED = 300;
const LOOKS = { pass: "pass", improved: "better", fail: "fail", regressed: "worse", not_measured: "missing", removed: "missing", unchanged: "same", inconclusive: "unsure" };

const make = (tag, properties = {}, ...children) => {
  const { attributes = {}, ...own } = properties;
  const element = Object.assign(document.createElement(tag), own);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  element.append(...children);
  return element;
};

const signed = (value, text) => (value > 0 ? `+${text}` : text);
const words = (name) => name.replace(/_/g, " ");
const badge = (name) => make("span", { className: `rg-badge rg-${LOOKS[name] || "plain"}` }, words(name || "no specification"));
const plural = (n, noun) => `${n} ${noun}${n === 1 ? "" : "s"}`;

const HEAD = ["Metric", "Band", "Verdict", "A", "B", "Change", "Requirement", "Basis", "Members", "90 % interval", "Producer"];
const NUMERIC = new Set(["A", "B", "Change", "90 % interval"]);
const BASES = { paired: "paired members", history: "past changes", too_few: "too few to tell" };
const end = (value, open) => (value === null ? open : formatNumber(value));

const tableRow = (row, addresses) => {
  const address = addresses.get(row.metric);
  const name = row.metric.slice(row.metric.indexOf(".") + 1) || row.metric;
  const verdict = make("td", {}, badge(row.verdict));
  if (row.reason) verdict.append(make("br"), make("small", {}, row.reason));
  const state = (status, value) => (status || value !== null ? badge(status) : "– no value");
  const requirement = row.status_a || row.status_b ? [state(row.status_a, row.a), " → ", state(row.status_b, row.b)] : ["no requirement"];
  const producers = row.producer === row.producer_b ? row.producer || "" : `${row.producer || "not stated"} → ${row.producer_b || "not stated"}`;
  const compared = row.change !== null;
  const cell = (className, text, note = "") =>
    note ? make("td", { className }, text, make("br"), make("small", {}, note)) : make("td", { className }, text);
  const probability = (value) => (value < 1e-4 ? "< 0.0001" : `= ${value.toPrecision(2)}`);
  const relative = row.relative === null ? "" : `${signed(row.relative, formatNumber(100 * row.relative))}\u00a0%`;
  const change = cell("n", compared ? signed(row.change, formatQuantity(row.change, row.unit)) : "", relative);
  if (row.medians_disagree) {
    const against = row.change > 0 ? "most members rise, though their median falls" : "most members fall, though their median rises";
    change.append(make("br"), make("small", { className: "rg-against" }, against));
  }
  const limit = row.basis === "paired" ? "tolerance" : "usual up to";
  return make("tr", {},
    make("th", { scope: "row", title: row.metric }, address ? make("a", { href: address }, name) : name),
    cell("", row.band || ""),
    verdict,
    cell("n", formatQuantity(row.a, row.unit)),
    cell("n", formatQuantity(row.b, row.unit)),
    change,
    make("td", {}, ...requirement),
    cell("", compared ? BASES[row.basis] : "", row.threshold === null ? "" : `${limit} ${formatQuantity(row.threshold, row.unit)}`),
    cell("", row.of > 1 ? `${row.n} of ${row.of}` : ""),
    row.basis === "paired"
      ? cell("n", `${end(row.ci_low, "below")} to ${end(row.ci_high, "above")}`, `p ${probability(row.p_value)}, q ${probability(row.q_value)}`)
      : cell("n", ""),
    cell("", producers));
};

const table = (rows, caption, addresses) =>
  make("div", { className: "rg-scroll", tabIndex: 0, attributes: { role: "region", "aria-label": caption } },
    make("table", { className: "rg-table" },
      make("caption", {}, caption),
      make("thead", {}, make("tr", {}, ...HEAD.map((title) => make("th", { scope: "col", className: NUMERIC.has(title) ? "n" : "" }, title)))),
      make("tbody", {}, ...rows.slice(0, MOST_FOLDED).map((row) => tableRow(row, addresses)))));

const show = (found, addresses) => {
  const leading = found.rows.filter((row) => row.newly_failing || row.fixed);
  const groups = [["newly failing or fixed", leading], ...VERDICTS.map((verdict) => [words(verdict), found.rows.filter((row) => row.verdict === verdict && !leading.includes(row))])];
  const parts = [];
  for (const [title, rows] of groups) {
    if (!rows.length) continue;
    const left = rows.length > MOST_FOLDED ? `, the first ${MOST_FOLDED} shown` : "";
    const content = table(rows, `${rows.length} ${title}${left}`, addresses);
    const open = rows === leading || ["regressed", "improved", "removed"].includes(rows[0].verdict);
    parts.push(open ? content : make("details", {}, make("summary", {}, `${rows.length} ${title}`), content));
  }
  if (found.not_measured.length) parts.push(make("p", {}, `${plural(found.not_measured.length, "line")} without a value in either.`));
  return parts;
};

const sentence = (found) => {
  const names = ["newly_failing", "fixed", ...VERDICTS];
  const parts = names.filter((name) => found.summary[name]).map((name) => `${found.summary[name]} ${words(name)}`);
  return parts.length ? `${parts.join(", ")}.` : "The two have no measured metric in common.";
};

const box = document.querySelector("[data-compare]");
const root = new URL(box.dataset.root, location.href);
const cache = new Map();

const load = (path) => {
  if (!cache.has(path)) {
    cache.set(path, fetch(new URL(path, root)).then((answer) => {
      if (!answer.ok) throw new Error(`${path} cannot be read (${answer.status})`);
      return answer.json();
    }));
  }
  return cache.get(path);
};

const loadRun = async (entry) => {
  const [run, baselines] = await Promise.all([load(entry.api), load(`api/v1/baselines/${entry.id}.json`)]);
  const files = new Set(run.measurements.filter(isAggregate).map((row) => row.members.api));
  return { run, baselines, members: await Promise.all([...files].map(load)) };
};

const option = (value, text) => make("option", { value }, text);
const producersOf = (data) => [...new Set(data.run.measurements.map((row) => row.producer).filter(Boolean))].sort();

const start = (index) => {
  // Runs of calibrations alone have nothing to compare here: no requirement and no comparison.
  const compared = new Set(index.comparisons.map((one) => one.dataset));
  const isJudged = ({ counts }) => counts.pass + counts.fail + counts.not_measured > 0;
  const runs = index.runs.filter((run) => run.api && (compared.has(run.dataset) || isJudged(run)));
  const byId = new Map(runs.map((run) => [run.id, run]));
  const addresses = new Map(index.metrics.filter((metric) => metric.url).map((metric) => [metric.name, new URL(metric.url, root).href]));
  const chooser = (name) => {
    const select = make("select", { name });
    for (const dataset of new Set(runs.map((run) => run.dataset))) {
      const group = make("optgroup", { label: dataset });
      group.append(...runs.filter((run) => run.dataset === dataset).reverse().map((run) => option(run.id, run.release)));
      select.append(group);
    }
    return select;
  };
  const [a, b] = [chooser("a"), chooser("b")];
  const [by, against] = ["pa", "pb"].map((name) => make("select", { name }, option("", "each producer with itself")));
  const button = make("button", { type: "submit", className: "rg-button" }, "Compare");
  const form = make("form", { className: "rg-filter" },
    make("label", {}, "A ", a), " ", make("label", {}, "by ", by), " ",
    make("label", {}, "B ", b), " ", make("label", {}, "by ", against), " ", button);
  const status = make("p", { className: "rg-lead", attributes: { role: "status", "aria-live": "polite" } });
  const result = make("div");
  box.querySelector("[data-offline]").remove();
  box.append(form, status, result);

  const wanted = new URLSearchParams(location.search);
  if (byId.has(wanted.get("b"))) b.value = wanted.get("b");
  const previous = byId.get(b.value) && byId.get(b.value).previous;
  a.value = byId.has(wanted.get("a")) ? wanted.get("a") : byId.has(previous) ? previous : b.value;

  const run = async (event) => {
    if (event) event.preventDefault();
    result.replaceChildren();
    status.textContent = "Reading the two runs …";
    try {
      const [first, second] = await Promise.all([loadRun(byId.get(a.value)), loadRun(byId.get(b.value))]);
      offer(by, producersOf(first), wanted.get("pa"));
      offer(against, producersOf(second), wanted.get("pb"));
      const pair = by.value && against.value ? [by.value, against.value] : [null, null];
      const found = compare(first, second, ...pair);
      status.textContent = sentence(found);
      result.append(...show(found, addresses));
      remember({ a: a.value, b: b.value, pa: pair[0], pb: pair[1] });
    } catch (error) {
      status.textContent = `${error.message}.`;
    }
  };

  const offer = (select, names, chosen) => {
    const kept = select.value || chosen || "";
    select.replaceChildren(option("", "each producer with itself"), ...names.map((name) => option(name, name)));
    select.value = names.includes(kept) ? kept : "";
  };

  const remember = (state) => {
    const url = new URL(location.href);
    for (const [name, value] of Object.entries(state)) {
      if (value) url.searchParams.set(name, value);
      else url.searchParams.delete(name);
    }
    try {
      history.replaceState(history.state, "", url);
    } catch {
      // Some browsers refuse to change the address of a local file.
    }
  };

  form.addEventListener("submit", run);
  if (wanted.get("a") && wanted.get("b")) run();
};

load("api/v1/index.json").then(start, (error) => {
  box.append(make("p", { className: "rg-notice" }, `${error.message}.`));
});
