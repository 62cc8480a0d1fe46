/* Numbers and units as the pages write them; the rules are those of reportgen/model/numbers.py.
   A script and a module at once: scripts of a page opened as a file can load no modules. */
(() => {
  "use strict";

  const UNITS = { marcsec: "mas", uarcsec: "µas", uas: "µas", pct: "%", percent: "%", electron: "e⁻", adu: "ADU", pixel: "pix", um: "µm", micron: "µm" };
  const RAISED = "⁻⁰¹²³⁴⁵⁶⁷⁸⁹";

  const withoutZeros = (text) => (text.includes(".") ? text.replace(/\.?0+$/, "") : text);

  /** But for what arithmetic left behind: 5.7 − 5.5. */
  const isClose = (a, b) => Math.abs(a - b) <= 1e-9 * b;

  const scientific = (size) => {
    const [mantissa, power] = size.toExponential(2).split("e");
    const exact = isClose(Number(`${mantissa}e${power}`), size);
    const exponent = String(Number(power)).replace(/[-\d]/g, (c) => RAISED["-0123456789".indexOf(c)]);
    return `${exact ? withoutZeros(mantissa) : mantissa}×10${exponent}`;
  };

  const plain = (size) => {
    if (size >= 999.5) {
      const text = size.toFixed(0);
      return size >= 9999.5 ? text.replace(/\B(?=(\d{3})+$)/g, "\u202f") : text;
    }
    let power = -3;
    while (power < 2 && size >= 10 ** (power + 1)) power += 1;
    const digits = size < 2 * 10 ** power ? 4 : 3;
    const text = size.toFixed(Math.max(digits - 1 - power, 0));
    return isClose(Number(text), size) ? withoutZeros(text) : text;
  };

  /** Three significant digits, four after a leading 1; fewer where fewer say it exactly. */
  const formatNumber = (value) => {
    const size = Math.abs(value);
    if (size === 0) return "0";
    const text = size >= 1e-3 && size < 1e6 ? plain(size) : scientific(size);
    return value < 0 ? `−${text}` : text;
  };

  const formatQuantity = (value, unit) => {
    if (value === null) return "– no value";
    const shown = unit === null ? "unit not stated" : UNITS[unit] || unit;
    return shown ? `${formatNumber(value)}\u00a0${shown}` : formatNumber(value);
  };

  globalThis.reportgenNumbers = { formatNumber, formatQuantity };
})();
