/* Lines of a run, their status, and the members of two runs side by side.
   The rules are those of reportgen/analysis/{lines,pairs}.py; a test runs both on the same data. */

import { median } from "./statistics.js";

const GROUPS = ["visit", "exposure", "detector", "tract"];

export const keyOf = (...parts) => JSON.stringify(parts.map((part) => part ?? null));
const bandOf = (row) => row.data_id.band ?? null;
export const isAggregate = (row) => Boolean(row.members);

/** The lines of a run by key: its stored rows, the checks, and what its past says.
    data: {run, baselines, members}; producer: of this one alone, or null. */
export const linesOf = (data, producer) => {
  const lines = new Map();
  const add = (row) => {
    if (row.metric.startsWith("cp_verify.") || (producer && row.producer !== producer)) return;
    const key = producer ? keyOf(row.metric, bandOf(row)) : keyOf(row.metric, bandOf(row), row.producer);
    if (!lines.has(key)) lines.set(key, { metric: row.metric, band: bandOf(row), producer: row.producer ?? null, rows: [], judged: [] });
    return lines.get(key);
  };
  for (const row of data.run.measurements) {
    const line = add(row);
    if (!line) continue;
    line.judged.push(row);
    if (!isAggregate(row)) line.rows.push(row);
  }
  for (const file of data.members || []) for (const row of file.measurements) add(row)?.rows.push(row);
  for (const values of data.baselines.rows) {
    const past = Object.fromEntries(data.baselines.columns.map((name, i) => [name, values[i]]));
    const key = producer ? keyOf(past.metric, past.band) : keyOf(past.metric, past.band, past.producer);
    if (lines.has(key) && (!producer || past.producer === producer)) lines.get(key).past = past;
  }
  for (const line of lines.values()) Object.assign(line, judge(line.judged));
  return lines;
};

const ORDER = { fail: 0, not_measured: 1, pass: 3 };
const isHeadline = (check) => check.kind === "requirement" && (check.level === "design" || check.level === null);

/** Status at level design by the worst member, and the check that decides. */
const judge = (rows) => {
  const found = new Map();
  for (const check of rows.flatMap((row) => row.checks).filter(isHeadline)) {
    const before = found.get(check.specification);
    if (!before || isWorse(check, before)) found.set(check.specification, check);
  }
  const checks = [...found.values()].sort((x, y) =>
    (x.level === null) - (y.level === null) || (x.specification < y.specification ? -1 : 1));
  const status = checks.reduce((worst, check) => (worst === null || ORDER[check.status] < ORDER[worst] ? check.status : worst), null);
  return { status, headline: checks.find((check) => check.status === status) || null };
};

const distance = (check) => {
  if (check.value === null) return -Infinity;
  if (check.operator[0] === ">") return -check.value;
  return check.operator === "==" ? Math.abs(check.value - check.threshold) : check.value;
};

const isWorse = (check, than) => {
  const fails = (check.status === "fail") - (than.status === "fail");
  return fails ? fails > 0 : distance(check) > distance(than);
};

export const margin = (check) => {
  if (!check || check.value === null || !check.threshold || ["==", "!="].includes(check.operator)) return null;
  const inside = check.operator[0] === "<" ? check.threshold - check.value : check.value - check.threshold;
  return inside / Math.abs(check.threshold);
};

/** The factor from the unit of line a to that of line b; null: they do not convert. */
export const factorBetween = (a, b) => {
  if (!a.past || !b.past || a.past.unit === b.past.unit) return 1;
  const meet = a.past.history_unit === b.past.history_unit && a.past.factor && b.past.factor;
  return meet ? a.past.factor / b.past.factor : null;
};

/** Members of both sides, each once: {id, a, b}, paired on what both sides state. */
export const pairMembers = (a, b, factor) => {
  const sides = [a ? a.rows : [], b ? b.rows : []];
  const stated = sides.map((rows) => new Set(rows.flatMap((row) => Object.keys(row.data_id))));
  const names = new Set([...stated[0], ...stated[1]]);
  names.delete("band");
  const shared = [...names].filter((name) => !sides[0].length || !sides[1].length || (stated[0].has(name) && stated[1].has(name)));
  const members = new Map();
  sides.forEach((rows, side) => {
    for (const row of rows) {
      const key = keyOf(...shared.map((name) => row.data_id[name]));
      if (!members.has(key)) members.set(key, { id: row.data_id, found: [[], []] });
      if (row.value !== null) members.get(key).found[side].push(side ? row.value : row.value * factor);
    }
  });
  return [...members.values()].map(({ id, found }) => ({
    id,
    a: found[0].length ? median(found[0]) : null,
    b: found[1].length ? median(found[1]) : null,
  }));
};

export const groupsOf = (pairs) => {
  if (pairs.length < 2) return null;
  for (const name of GROUPS) {
    const values = pairs.map((pair) => pair.id[name]);
    const distinct = new Set(values);
    if (!values.includes(undefined) && distinct.size < pairs.length) return values;
  }
  return null;
};
