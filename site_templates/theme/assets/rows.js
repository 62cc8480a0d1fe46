/* For pages with long tables, whose rows come into being in groups as they come near the window
   (reportgen.css, 5): how tall the groups are, that what a link names stays in sight, and that on a
   phone the many rows that pass wait behind a button. */
(() => {
  "use strict";

  const { all, make, targetOf, PHONE } = window.reportgen;
  const FEW = 6;
  const GROUP = 50; // as in pages/run.html.jinja

  /** How tall a group is that was never in sight follows from how many of its rows are shown. */
  const fit = (table) => {
    for (const body of table.tBodies) {
      if (body.hidden === "until-found") continue;
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

  /* Rows that pass: on a phone a page is as long as what does not. Search in the page still finds
     them and opens them (hidden until found), as do addresses, filters, sorting and paper. A
     browser that cannot do so shows them all. */
  const unfold = (table) => {
    if (!table || !table.rgMore) return false;
    for (const body of table.rgMore.bodies) body.removeAttribute("hidden");
    table.rgMore.button.remove();
    delete table.rgMore;
    fit(table);
    return true;
  };

  const passes = (row) => row.querySelector(":scope > td.rg-badge.rg-pass");

  const fold = (table) => {
    const rows = [...table.tBodies].flatMap((body) => [...body.rows]).filter(passes);
    const target = targetOf();
    if (rows.length < FEW || (target && rows.some((row) => row.contains(target)))) return;
    const bodies = [];
    for (let at = 0; at < rows.length; at += GROUP) {
      bodies.push(make("tbody", { hidden: "until-found", attributes: { role: "rowgroup" } }, ...rows.slice(at, at + GROUP)));
      bodies[bodies.length - 1].addEventListener("beforematch", () => unfold(table));
    }
    table.append(...bodies);
    for (const body of [...table.tBodies]) if (!body.rows.length) body.remove();
    const badge = make("span", { className: "rg-badge rg-pass" }, "pass");
    const button = make("button", { type: "button", className: "rg-more", attributes: { "aria-label": `Show ${rows.length} rows that pass` } }, `${rows.length} rows `, badge);
    button.addEventListener("click", () => {
      unfold(table);
      rows[0].querySelector("a").focus();
    });
    table.closest(".rg-scroll").after(button);
    table.rgMore = { bodies, button };
  };

  const tables = all(".rg-rows");
  const unfoldAll = () => tables.forEach(unfold);
  const narrow = matchMedia(PHONE);
  const short = narrow.matches && !location.search && "onbeforematch" in document.documentElement;
  for (const table of tables) {
    if (short) fold(table);
    fit(table);
    table.addEventListener("rg:rows", () => unfold(table) || fit(table));
  }
  narrow.addEventListener("change", unfoldAll);
  addEventListener("beforeprint", unfoldAll);

  // A place that one comes back to is where the browser left it; one that a link names is held.
  let followed = false;
  addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href*='#']");
    followed = Boolean(link && link.pathname === location.pathname);
  }, true);
  addEventListener("hashchange", () => {
    const target = targetOf();
    if (target && target.closest("tbody[hidden]")) unfold(target.closest("table"));
    if (followed) holdTarget();
    followed = false;
  });
  const [visit] = performance.getEntriesByType("navigation");
  if (!visit || visit.type === "navigate") holdTarget();
})();
