/* For pages with long tables, whose rows come into being in groups as they come near the window
   (reportgen.css, 5): how tall the groups are, and that what a link names stays in sight. */
(() => {
  "use strict";

  const { all, targetOf } = window.reportgen;

  /** How tall a group is that was never in sight follows from how many of its rows are shown. */
  const fit = (table) => {
    for (const body of table.tBodies) {
      const shown = [...body.rows].filter((row) => !row.hidden).length;
      body.hidden = !shown;
      body.style.setProperty("--rg-n", shown);
    }
  };

  /** Keep an element in its place while tables above get filters and rows, until a reader acts. */
  const hold = (target) => {
    const stop = new AbortController();
    for (const kind of ["wheel", "touchstart", "keydown", "pointerdown"]) {
      addEventListener(kind, () => stop.abort(), { passive: true, signal: stop.signal });
    }
    let frames = 30;
    let top;
    const step = () => {
      if (stop.signal.aborted) return;
      const now = target.getBoundingClientRect().top;
      if (top === undefined || Math.abs(now - top) > 1) target.scrollIntoView({ behavior: "instant" });
      top = target.getBoundingClientRect().top;
      if (frames--) requestAnimationFrame(step);
      else stop.abort();
    };
    step();
  };

  const holdTarget = () => {
    const target = targetOf();
    if (target) hold(target);
  };

  for (const table of all(".rg-rows")) {
    fit(table);
    table.addEventListener("rg:rows", () => fit(table));
  }

  // A place that one comes back to is where the browser left it; one that a link names is held.
  let followed = false;
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href*='#']");
    followed = Boolean(link && link.pathname === location.pathname);
  }, true);
  addEventListener("hashchange", () => {
    if (followed) holdTarget();
    followed = false;
  });
  const [visit] = performance.getEntriesByType("navigation");
  if (!visit || visit.type === "navigate") holdTarget();
})();
