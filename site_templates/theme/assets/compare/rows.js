/* Comparison of two runs: one row per metric and band, each with a verdict and its basis.
   The rules are those of reportgen/analysis/{compare,compare_rows,verdicts}.py; a test runs both
   on the same data. */

import { factorBetween, groupsOf, keyOf, linesOf, margin, pairMembers } from "./lines.js";
import { median, pairedEffect, qValues } from "./statistics.js";

const MIN_PAIRS = 7;
const DEFAULT_TOLERANCE = 0.01;
const FALSE_DISCOVERIES = 0.05;
const BANDS = "ugrizy";

export const VERDICTS = ["regressed", "improved", "removed", "added", "not_comparable", "inconclusive", "negligible", "unchanged"];

const middle = (values) => {
  const known = values.filter((value) => value !== null);
  return known.length ? median(known) : null;
};

const reasonFor = (...lines) => {
  const counts = new Map();
  for (const row of lines.flatMap((line) => (line ? line.rows : []))) {
    if (row.reason) counts.set(row.reason, (counts.get(row.reason) || 0) + 1);
  }
  const most = [...counts].sort((x, y) => y[1] - x[1])[0];
  return most ? most[0] : "";
};

/** One line of both sides before its verdict; null: neither measured it. */
const draft = (a, b, context) => {
  const either = b || a;
  const factor = a && b ? factorBetween(a, b) : 1;
  const members = pairMembers(a, b, factor ?? 1);
  const pairs = members.filter((one) => one.a !== null && one.b !== null);
  const hasA = members.some((one) => one.a !== null);
  const hasB = members.some((one) => one.b !== null);
  const row = {
    metric: either.metric,
    band: either.band,
    producer: context.producerA || (a || b).producer,
    producer_b: context.producerB || either.producer,
    unit: either.past ? either.past.unit : either.rows.length ? either.rows[0].unit : null,
    a: factor === null ? null : middle(members.map((one) => one.a)),
    b: middle(members.map((one) => one.b)),
    change: null, relative: null, medians_disagree: false, basis: "too_few", reason: "",
    direction: (either.past || {}).direction ?? null,
    n: pairs.length,
    of: members.length,
    joined: members.filter((one) => one.a === null && one.b !== null).length,
    left: members.filter((one) => one.b === null && one.a !== null).length,
    ci_low: null, ci_high: null, p_value: null, q_value: null,
    threshold: null, tolerance: null, noise: null,
    status_a: a ? a.status : null,
    status_b: b ? b.status : null,
    lines: [a, b],
  };
  if (!hasA && !hasB) return { ...row, verdict: null, reason: reasonFor(a, b) };
  if (!hasA || !hasB) {
    const why = reasonFor(a, b);
    return { ...row, verdict: hasA ? "removed" : "added", reason: why ? `not measured: ${why}` : "not in this run" };
  }
  const obstacle = obstacleTo(a, b, factor, context) || (pairs.length ? "" : "they share no member that has a value in both");
  if (obstacle) return { ...row, verdict: "not_comparable", reason: obstacle };
  return { ...row, ...compareValues(pairs, a, b, factor, context) };
};

const obstacleTo = (a, b, factor, context) => {
  if (factor === null) return `the unit changed from ${a.past.unit} to ${b.past.unit}`;
  const [first, second] = [a.past, b.past];
  if (!context.sameDataset || a.producer !== b.producer || !first || !second || first.epoch === second.epoch) return "";
  return (first.epoch > second.epoch ? first : second).epoch_reason;
};

const compareValues = (pairs, a, b, factor, context) => {
  const [before, after] = [pairs.map((one) => one.a), pairs.map((one) => one.b)];
  const groups = groupsOf(pairs);
  const independent = groups ? new Set(groups).size : pairs.length;
  const effect = independent >= MIN_PAIRS ? pairedEffect(before, after, groups) : null;
  const past = (context.bIsEarlier ? b.past : a.past) || {};
  const scale = context.bIsEarlier ? 1 : factor;
  const threshold = past.threshold == null ? null : past.threshold * scale;
  const centre = median(before);
  const tolerance = (b.past || {}).tolerance ?? DEFAULT_TOLERANCE * Math.abs(centre);
  const change = effect ? effect.change : median(after.map((value, i) => value - before[i]));
  return {
    a: centre,
    b: median(after),
    change,
    relative: centre ? change / Math.abs(centre) : null,
    medians_disagree: (median(after) - centre) * change < 0,
    basis: effect ? "paired" : threshold === null ? "too_few" : "history",
    tolerance,
    threshold: effect ? tolerance : threshold,
    noise: effect ? effect.noise : past.noise == null ? null : past.noise * scale,
    past_changes: past.changes || 0,
    ...(effect ? { ci_low: effect.ci_low, ci_high: effect.ci_high, p_value: effect.p_value } : {}),
  };
};

const decide = (row) => {
  const size = Math.abs(row.change);
  if (row.basis === "paired") {
    if (row.q_value <= FALSE_DISCOVERIES) return size <= row.tolerance ? "negligible" : byDirection(row);
    if (row.ci_low === null || row.ci_high === null) return "inconclusive";
    return Math.max(-row.ci_low, row.ci_high) <= row.tolerance ? "unchanged" : "inconclusive";
  }
  if (row.change === 0) return "unchanged";
  if (row.basis === "too_few") return "inconclusive";
  if (size <= row.threshold) return "unchanged";
  return size <= row.tolerance ? "negligible" : byDirection(row);
};

const byDirection = (row) => {
  if (row.direction) return row.change < 0 === (row.direction === "down") ? "improved" : "regressed";
  const [before, after] = row.lines.map((line) => (line ? line.headline : null));
  const [old, now] = [margin(before), margin(after)];
  if (old === null || now === null || before.specification !== after.specification || now === old) return "inconclusive";
  return now > old ? "improved" : "regressed";
};

/** One row for a metric that one producer stopped measuring and another began with. */
const joinTakeovers = (rows) => {
  const places = new Map();
  for (const row of rows) {
    const key = keyOf(row.metric, row.band);
    if (!places.has(key)) places.set(key, { removed: [], added: [] });
    if (row.verdict === "removed" || row.verdict === "added") places.get(key)[row.verdict].push(row);
  }
  const replaced = new Set();
  const joined = [];
  for (const { removed, added } of places.values()) {
    if (removed.length !== 1 || added.length !== 1) continue;
    const [old, now] = [removed[0], added[0]];
    replaced.add(old).add(now);
    joined.push({
      ...now,
      producer: old.producer,
      a: old.unit === now.unit ? old.a : null,
      status_a: old.status_a,
      lines: [old.lines[0], now.lines[1]],
      n: 0, of: old.of + now.of, joined: 0, left: 0,
      verdict: "not_comparable",
      reason: `the producer changed from ${old.producer || "not stated"} to ${now.producer_b || "not stated"}`,
    });
  }
  return [...rows.filter((row) => !replaced.has(row)), ...joined];
};

/** Compare two runs. a, b: {run, baselines, members} as the API has them. */
export const compare = (a, b, producerA = null, producerB = null) => {
  const context = {
    producerA, producerB,
    sameDataset: a.baselines.dataset === b.baselines.dataset,
    bIsEarlier: a.baselines.dataset === b.baselines.dataset && b.baselines.position < a.baselines.position,
  };
  const [linesA, linesB] = [linesOf(a, producerA), linesOf(b, producerB)];
  const keys = [...new Set([...linesA.keys(), ...linesB.keys()])];
  const drafts = keys.map((key) => draft(linesA.get(key), linesB.get(key), context));
  const rows = joinTakeovers(drafts.filter((row) => row.verdict !== null));
  const tested = rows.filter((row) => row.p_value !== null);
  qValues(tested.map((row) => row.p_value)).forEach((q, i) => { tested[i].q_value = q; });
  const failing = new Set([...linesOf(a, null).values()].filter((line) => line.status === "fail").map((line) => keyOf(line.metric, line.band)));
  for (const row of rows) {
    row.verdict ??= decide(row);
    const before = row.lines[0] ? row.status_a === "fail" : failing.has(keyOf(row.metric, row.band));
    row.newly_failing = row.status_b === "fail" && !before;
    row.fixed = row.status_b === "pass" && row.status_a === "fail";
  }
  rows.sort(worstFirst);
  const summary = Object.fromEntries(VERDICTS.map((verdict) => [verdict, rows.filter((row) => row.verdict === verdict).length]));
  summary.newly_failing = rows.filter((row) => row.newly_failing).length;
  summary.fixed = rows.filter((row) => row.fixed).length;
  return { a: a.run.run.id, b: b.run.run.id, summary, rows, not_measured: drafts.filter((row) => row.verdict === null) };
};

const worstFirst = (x, y) =>
  y.newly_failing - x.newly_failing ||
  y.fixed - x.fixed ||
  VERDICTS.indexOf(x.verdict) - VERDICTS.indexOf(y.verdict) ||
  Math.abs(y.relative || 0) - Math.abs(x.relative || 0) ||
  (x.metric < y.metric ? -1 : x.metric > y.metric ? 1 : 0) ||
  BANDS.indexOf(x.band || " ") - BANDS.indexOf(y.band || " ");
