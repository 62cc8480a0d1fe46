/* Paired differences: their median, its interval, and whether it can be chance.
   The formulas are those of reportgen/analysis/statistics/effects.py; a test runs both on the same data. */

const EXACT_UP_TO = 25;
const EXACT_SUM = 200000;
const Z = 1.6448536269514722;
const MAD_TO_SIGMA = 1.4826;

const sum = (values) => values.reduce((total, value) => total + value, 0);
const ascending = (values) => Float64Array.from(values).sort();

export const median = (values) => {
  const sorted = ascending(values);
  const half = sorted.length >> 1;
  return sorted.length % 2 ? sorted[half] : (sorted[half - 1] + sorted[half]) / 2;
};

/** The complementary error function to a relative 1e-12, for x >= 0. */
export const erfc = (x) => {
  if (x < 2.5) {
    let term = x;
    let total = x;
    for (let n = 1; term > 1e-18 * total; n += 1) {
      term *= (2 * x * x) / (2 * n + 1);
      total += term;
    }
    return 1 - (2 / Math.sqrt(Math.PI)) * Math.exp(-x * x) * total;
  }
  let fraction = 0;
  for (let n = 80; n > 0; n -= 1) fraction = n / 2 / (x + fraction);
  return Math.exp(-x * x) / Math.sqrt(Math.PI) / (x + fraction);
};

/** Twice the ranks of values, ties sharing the middle one: whole numbers. */
const doubledRanks = (values) => {
  const order = values.map((_, i) => i).sort((i, j) => values[i] - values[j]);
  const ranks = new Array(values.length);
  for (let from = 0; from < order.length; ) {
    let to = from;
    while (to + 1 < order.length && values[order[to + 1]] === values[order[from]]) to += 1;
    for (let i = from; i <= to; i += 1) ranks[order[i]] = from + to + 2;
    from = to + 1;
  }
  return ranks;
};

/** Two-sided p-value of the signed-rank test; groups change sign as a whole. */
export const signedRank = (differences, groups) => {
  const changed = differences.map((_, i) => i).filter((i) => differences[i] !== 0);
  if (!changed.length) return 1;
  const ranks = doubledRanks(changed.map((i) => Math.abs(differences[i])));
  const sums = new Map();
  changed.forEach((i, at) => sums.set(groups[i], (sums.get(groups[i]) || 0) + Math.sign(differences[i]) * ranks[at]));
  const scores = [...sums.values()];
  const statistic = Math.abs(sum(scores));
  const sizes = scores.map(Math.abs);
  if (sizes.length <= EXACT_UP_TO && sum(sizes) <= EXACT_SUM) return exact(statistic, sizes);
  const spread = Math.sqrt(sum(scores.map((score) => score * score)));
  return spread ? erfc(statistic / spread / Math.SQRT2) : 1;
};

/** The share of sign changes whose sum is at least as far from zero. */
const exact = (statistic, sizes) => {
  const total = sum(sizes);
  const ways = new Float64Array(total + 1);
  ways[0] = 1;
  for (const size of sizes) {
    if (size === 0) for (let at = 0; at <= total; at += 1) ways[at] *= 2;
    else for (let at = total; at >= size; at -= 1) ways[at] += ways[at - size];
  }
  let far = 0;
  for (let at = 0; at <= total; at += 1) if (Math.abs(total - 2 * at) >= statistic) far += ways[at];
  return far / 2 ** sizes.length;
};

const studentQuantile = (freedom) => {
  const first = (Z ** 3 + Z) / 4;
  const second = (5 * Z ** 5 + 16 * Z ** 3 + 3 * Z) / 96;
  const third = (3 * Z ** 7 + 19 * Z ** 5 + 17 * Z ** 3 - 15 * Z) / 384;
  return Z + first / freedom + second / freedom ** 2 + third / freedom ** 3;
};

/** 90 % interval of the median: what a sign test with sums over groups does not reject. */
export const medianInterval = (differences, groups) => {
  const n = differences.length;
  const above = new Map();
  for (const group of groups) above.set(group, (above.get(group) || 0) + 1);
  if (above.size < 2) return [null, null];
  const order = differences.map((_, i) => i).sort((i, j) => differences[i] - differences[j] || i - j);
  const limit = studentQuantile(above.size - 1) ** 2;
  let variance = sum([...above.values()].map((size) => size * size));
  let first = -1;
  let last = -1;
  for (let passed = 0; passed <= n; passed += 1) {
    if ((n - 2 * passed) ** 2 <= limit * variance) {
      if (first < 0) first = passed;
      last = passed;
    }
    if (passed < n) {
      const group = groups[order[passed]];
      variance += 4 - 4 * above.get(group);
      above.set(group, above.get(group) - 2);
    }
  }
  return [first > 0 ? differences[order[first - 1]] : null, last < n ? differences[order[last]] : null];
};

export const pairedEffect = (a, b, groups) => {
  const differences = b.map((value, i) => value - a[i]);
  const codes = groups || differences.map((_, i) => i);
  const change = median(differences);
  const [low, high] = medianInterval(differences, codes);
  return {
    change,
    ci_low: low,
    ci_high: high,
    p_value: signedRank(differences, codes),
    noise: MAD_TO_SIGMA * median(differences.map((value) => Math.abs(value - change))),
  };
};

export const qValues = (pValues) => {
  const order = pValues.map((_, i) => i).sort((i, j) => pValues[i] - pValues[j]);
  const q = new Array(pValues.length);
  let smallest = 1;
  for (let rank = order.length; rank > 0; rank -= 1) {
    smallest = Math.min(smallest, (pValues[order[rank - 1]] * order.length) / rank);
    q[order[rank - 1]] = smallest;
  }
  return q;
};
