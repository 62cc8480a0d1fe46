/* What a page does beyond showing itself: sort, filter, copy links, print. Every page is complete
   without it. No library; Other scripts beside it are loaded where they are used. */
(() => {
  "use strict";

  const here = document.currentScript;
  const PHONE = "(max-width: 44.984375em)"; // as in reportgen.css

  const all = (selector, root = document) => [...root.querySelectorAll(selector)];

  /** Make an element: properties, then children (elements or text). */
  const make = (tag, properties = {}, ...children) => {
    const { attributes = {}, ...own } = properties;
    const element = Object.assign(document.createElement(tag), own);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  let announcer;
  /** Let a screen reader say something. */
  const announce = (text) => {
    if (!announcer) {
      announcer = make("div", { className: "rg-vh", attributes: { "aria-live": "polite" } });
      document.body.append(announcer);
    }
    announcer.textContent = text;
  };

  /* Address: the state of tables in the query, so that a view can be linked ---------------- */

  const readState = (key) => new URLSearchParams(location.search).get(key) || "";

  const writeState = (entries) => {
    const url = new URL(location.href);
    for (const [key, value] of entries) {
      if (value) url.searchParams.set(key, value);
      else url.searchParams.delete(key);
    }
    try {
      history.replaceState(history.state, "", url);
    } catch {
      // Some browsers refuse to change the address of a local file.
    }
  };

  let mainTable;
  /** The main table of a page has the plain names (?status=fail), others their id before. */
  const stateKey = (table, name) => (table === mainTable ? name : `${table.id || "table"}.${name}`);

  /** What a table is called: its caption, or the heading that it stands under. */
  const tableName = (table) => {
    if (table.caption) return table.caption.textContent.trim();
    const above = all("h1, h2, h3, h4, summary").filter(
      (heading) => heading.compareDocumentPosition(table) & Node.DOCUMENT_POSITION_FOLLOWING);
    const heading = above[above.length - 1];
    return heading ? heading.textContent.replace("¶", "").trim() : table.id;
  };

  /* Sorting -------------------------------------------------------------------------------- */

  /** The state of a cell: the cell itself, or what stands in it. */
  const badgeOf = (cell) => (cell.matches(".rg-badge, .rg-lv") ? cell : cell.querySelector(".rg-badge"));
  const RANK = ["fail", "worse", "watch", "missing", "unsure", "known", "plain", "same", "better", "pass"];
  /** u, g, r, i, z, y as the filters of a telescope follow each other, then others by name. */
  const byBand = (a, b) => bandPlace(a) - bandPlace(b) || byText.compare(a, b);
  const bandPlace = (band) => (band.length === 1 && "ugrizy".includes(band) ? "ugrizy".indexOf(band) : 6);
  const byText = new Intl.Collator("en", { numeric: true, sensitivity: "base" });

  /** The value by which a cell is sorted: a number, a rank of badges, a text; null at the end. */
  const sortKey = (cell) => {
    if (!cell) return null;
    if (cell.dataset.v !== undefined) return cell.dataset.v === "" ? null : number(cell.dataset.v);
    const badge = badgeOf(cell);
    if (badge) return RANK.findIndex((name) => badge.classList.contains(`rg-${name}`));
    const text = cell.textContent.trim();
    if (cell.classList.contains("n")) {
      const found = parseFloat(cell.title || text.replace("−", "-").replace(/[\s\u202f]/g, ""));
      return Number.isNaN(found) ? null : found;
    }
    return text === "" || cell.querySelector(".rg-none") ? null : text;
  };

  const number = (text) => (text.trim() !== "" && !Number.isNaN(Number(text)) ? Number(text) : text);

  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : byText.compare(String(a), String(b));

  /** Rows were hidden, shown or moved: rows.js wants to know. */
  const changed = (table) => table.dispatchEvent(new Event("rg:rows"));

  /** Rows that stand in groups only so that long tables are fast are sorted as one. */
  const sortRows = (table, column, direction) => {
    const bodies = [...table.tBodies];
    for (const some of table.classList.contains("rg-rows") ? [bodies] : bodies.map((body) => [body])) {
      const order = (some[0].rgOrder ??= some.flatMap((body) => [...body.rows]));
      let rows = order;
      if (direction) {
        const keyed = rows.map((row) => ({ row, key: sortKey(row.cells[column]) }));
        keyed.sort((a, b) =>
          a.key === null || b.key === null
            ? (a.key === null) - (b.key === null)
            : direction * compare(a.key, b.key));
        rows = keyed.map(({ row }) => row);
      }
      const size = Math.ceil(rows.length / some.length);
      some.forEach((body, at) => body.append(...rows.slice(at * size, (at + 1) * size)));
    }
    changed(table);
  };

  const makeSortable = (table) => {
    const head = table.tHead && table.tHead.rows[table.tHead.rows.length - 1];
    if (!head || all("[colspan]:not([colspan='1'])", head).length) return;
    const key = stateKey(table, "sort");
    const cells = [...head.cells];
    const show = (cell, direction) => {
      for (const other of cells) other.removeAttribute("aria-sort");
      if (direction) cell.setAttribute("aria-sort", direction > 0 ? "ascending" : "descending");
      sortRows(table, cell.cellIndex, direction);
    };
    for (const cell of cells) {
      if (cell.dataset.nosort !== undefined || !cell.textContent.trim()) continue;
      const title = cell.textContent.trim();
      const button = make("button", { type: "button", className: "rg-th", title: "Sort by this column" });
      // A head that is a link stays one, with the button beside it; among the heads of cards it is named as all are.
      if (cell.querySelector("a")) button.append(make("span", { className: "rg-vh" }, "Sort by "), make("span", { className: "rg-vh rg-name" }, title), make("span", { className: "rg-arrows", attributes: { "aria-hidden": "true" } }, "↕"));
      else button.append(...cell.childNodes);
      cell.append(button);
      button.addEventListener("click", () => {
        const now = cell.getAttribute("aria-sort");
        const direction = now === "ascending" ? -1 : now === "descending" ? 0 : 1;
        show(cell, direction);
        const name = cell.dataset.key ? `${cell.dataset.key}${direction > 0 ? "" : " down"}` : `${cell.cellIndex}${direction > 0 ? "" : "d"}`;
        writeState([[key, direction ? name : ""]]);
        announce(direction ? `Sorted by ${title}, ${direction > 0 ? "ascending" : "descending"}` : "Original order");
      });
    }
    const wanted = /^(.*?)( down|(?<=\d)d)?$/.exec(readState(key));
    const found = wanted[1] && (cells.find((cell) => cell.dataset.key === wanted[1]) || cells[wanted[1]]);
    if (found) show(found, wanted[2] ? -1 : 1);
  };

  /* Filtering ------------------------------------------------------------------------------ */

  /** The value of a row for one filter: its data attribute, or the text of the marked column. */
  const facet = (table, name) => {
    const head = table.tHead && table.tHead.querySelector(`th[data-filter="${CSS.escape(name)}"]`);
    const column = head ? head.cellIndex : -1;
    const badge = (row) => (row.cells[column] ? badgeOf(row.cells[column]) : row.querySelector(".rg-badge"));
    const read = (row) => {
      if (row.dataset[name] !== undefined) return row.dataset[name];
      const cell = row.cells[column];
      if (!cell) return "";
      const state = badgeOf(cell);
      return (state ? state.firstChild.textContent.split("\n")[0] : cell.textContent).trim();
    };
    return { read, badge };
  };

  const makeFilter = (table) => {
    let rows = all("tbody > tr", table);
    const names = table.dataset.filter.split(/\s+/).filter((name) => name && name !== "text");
    const facets = [];
    const chosen = new Map(names.map((name) => [name, new Set()]));
    const form = make("form", { className: "rg-filter", attributes: { role: "search", "aria-label": `Filter ${tableName(table)}` } });
    form.addEventListener("submit", (event) => event.preventDefault());

    const input = make("input", { type: "search", placeholder: "Filter by text", autocomplete: "off", spellcheck: false, attributes: { "aria-label": "Filter by text" } });
    form.append(make("label", {}, input));

    for (const name of names) {
      const { read, badge } = facet(table, name);
      const counts = new Map();
      const samples = new Map();
      const values = rows.map((row) => {
        const value = read(row);
        if (value) {
          counts.set(value, (counts.get(value) || 0) + 1);
          if (!samples.has(value)) samples.set(value, badge(row));
        }
        return value;
      });
      if (new Set(values).size < 2) continue;
      const choices = [...counts.keys()];
      if (name !== "status") choices.sort(name === "band" ? byBand : byText.compare);
      else choices.sort((a, b) => rank(samples.get(a)) - rank(samples.get(b)));
      const control = choices.length > 8 || /minimum|stretch/.test(name) ? menu(name, choices, counts) : chips(name, choices, counts, samples);
      facets.push({ name, values, control });
      form.append(control.element);
    }

    const output = make("output", { attributes: { "aria-live": "polite" } });
    const clear = make("button", { type: "button", className: "rg-clear", hidden: true }, "Clear filters");
    const download = make("button", { type: "button", className: "rg-clear", title: "Download the rows that are shown" }, "CSV");
    download.addEventListener("click", () => {
      const save = () => window.reportgen.saveRows(table, rows.filter((row) => !row.hidden), tableName(table));
      if (window.reportgen.saveRows) save();
      else loadPart("csv.js").addEventListener("load", save);
    });
    form.append(output, clear, download);

    function rank(badge) {
      const found = RANK.findIndex((name) => badge && badge.classList.contains(`rg-${name}`));
      return found < 0 ? RANK.length : found;
    }

    function chips(name, choices, counts, samples) {
      const buttons = choices.map((value) => {
        const badge = name === "status" && samples.get(value);
        const label = badge ? make("span", { className: badge.className }, badge.firstChild.textContent) : make("span", {}, value);
        const button = make("button", { type: "button", attributes: { "aria-pressed": "false" } }, label, ` ${counts.get(value)}`);
        button.addEventListener("click", () => {
          const set = chosen.get(name);
          if (!set.delete(value)) set.add(value);
          update();
        });
        return button;
      });
      const legend = make("legend", { className: "rg-vh" }, `Filter by ${name}`);
      return {
        element: make("fieldset", {}, legend, ...buttons),
        show: () => buttons.forEach((button, at) => button.setAttribute("aria-pressed", chosen.get(name).has(choices[at]))),
      };
    }

    function menu(name, choices, counts) {
      const options = choices.map((value) => make("option", { value }, `${name}: ${value} (${counts.get(value)})`));
      const select = make("select", { attributes: { "aria-label": `Filter by ${name}` } }, make("option", { value: "" }, `any ${name}`), ...options);
      select.addEventListener("change", () => {
        chosen.set(name, new Set(select.value ? [select.value] : []));
        update();
      });
      return { element: select, show: () => { select.value = [...chosen.get(name)][0] || ""; } };
    }

    let texts;
    function apply() {
      const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
      if (words.length) texts ??= rows.map((row) => row.textContent.toLowerCase());
      let shown = 0;
      rows.forEach((row, at) => {
        const kept =
          facets.every(({ name, values }) => !chosen.get(name).size || chosen.get(name).has(values[at])) &&
          words.every((word) => texts[at].includes(word));
        if (row.hidden === kept) row.hidden = !kept;
        shown += kept;
      });
      changed(table);
      const active = words.length > 0 || facets.some(({ name }) => chosen.get(name).size);
      output.textContent = active ? `${shown} of ${rows.length} rows` : `${rows.length} rows`;
      clear.hidden = !active;
      facets.forEach(({ control }) => control.show());
    }

    const key = (name) => stateKey(table, name);
    function update() {
      apply();
      writeState([
        [key("q"), input.value.trim()],
        ...facets.map(({ name }) => [key(name), [...chosen.get(name)].join(",")]),
      ]);
    }

    let waiting;
    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(update, 80);
    });
    clear.addEventListener("click", () => {
      input.value = "";
      for (const set of chosen.values()) set.clear();
      update();
      input.focus();
    });

    input.value = readState(key("q"));
    for (const { name, values } of facets) {
      const known = new Set(values);
      // Both "not measured" and the word of the JSON, "not_measured", may be linked.
      const wanted = readState(key(name)).split(",").flatMap((value) => [value, value.replaceAll("_", " ")]);
      chosen.set(name, new Set(wanted.filter((value) => value && known.has(value))));
    }
    apply();
    // A table that is filtered by text alone may grow: all members, loaded when asked for.
    table.addEventListener("rg:grown", () => {
      rows = all("tbody > tr", table);
      texts = undefined;
      apply();
    });
    (table.closest(".rg-scroll") || table).before(form);
  };

  /* Wide tables ---------------------------------------------------------------------------- */

  /** A table that fits lets its head stick to the window; one that does not scrolls sideways. */
  const watchWidths = () => {
    const boxes = all(".rg-scroll");
    if (!boxes.length) return;
    const hint = (box) => box.classList.toggle("rg-scroll--more", box.scrollLeft + box.clientWidth < box.scrollWidth - 4);
    const fit = (box) => {
      const table = box.querySelector("table");
      const fits = table && table.offsetWidth <= box.clientWidth + 1;
      box.classList.toggle("rg-scroll--fits", fits);
      box.classList.toggle("rg-scroll--wide", !fits);
      hint(box);
      if (fits) {
        box.removeAttribute("tabindex");
      } else {
        box.setAttribute("tabindex", "0");
        box.setAttribute("role", "group");
        if (table && !box.hasAttribute("aria-labelledby")) box.setAttribute("aria-label", tableName(table));
      }
    };
    const observer = new ResizeObserver((entries) => {
      const header = document.querySelector(".md-header");
      const sticky = header && getComputedStyle(header).position === "sticky" ? header.offsetHeight : 0;
      for (const { target } of entries) {
        // On the head alone: on the root it would have the browser style every element again.
        const head = target.querySelector("thead");
        if (head) head.style.setProperty("--rg-top", `${sticky}px`);
        fit(target);
      }
    });
    for (const box of boxes) {
      observer.observe(box);
      box.addEventListener("scroll", () => hint(box), { passive: true });
    }
  };

  /* Links to rows -------------------------------------------------------------------------- */

  const copyText = async (text, said = "Link copied") => {
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      const area = make("textarea", { value: text, className: "rg-vh" });
      document.body.append(area);
      area.select();
      document.execCommand("copy");
      area.remove();
    }
    announce(said);
  };

  /** One button for the whole page, which moves to the row under the pointer or the focus. */
  const offerRowLinks = () => {
    const button = make("button", { type: "button", className: "rg-copy", title: "Copy the link to this row", attributes: { "aria-label": "Copy the link to this row" } }, "#");
    button.addEventListener("click", async () => {
      const row = button.closest("tr");
      const url = new URL(location.href);
      url.hash = row.id;
      await copyText(url.href);
      button.textContent = "copied";
      setTimeout(() => { button.textContent = "#"; }, 1500);
    });
    const visit = (event) => {
      const row = event.target.closest && event.target.closest(".rg-table tbody tr[id]");
      const first = row && row.cells[0];
      if (first && button.parentNode !== first) {
        button.textContent = "#";
        first.append(button);
      }
    };
    for (const kind of ["pointerover", "focusin"]) document.addEventListener(kind, visit, { passive: true });
  };

  /** What the address names, where the page has it. */
  const targetOf = () => {
    try {
      return location.hash.length > 1 && document.getElementById(decodeURIComponent(location.hash.slice(1)));
    } catch {
      return null;
    }
  };

  /** Show the row that the address names, even if a filter hides it or a box is closed. */
  const showTarget = () => {
    const target = targetOf();
    if (!target) return;
    const closed = target.hidden || target.closest("details:not([open])");
    target.hidden = false;
    for (let box = target.closest("details"); box; box = box.parentElement.closest("details")) box.open = true;
    if (!closed) return;
    if (target.closest("table")) changed(target.closest("table"));
    target.scrollIntoView({ block: "center" });
  };

  /* Paper ---------------------------------------------------------------------------------- */

  /** Links of a page as numbered footnotes; returns what was added. */
  const addFootnotes = (report) => {
    const numbers = new Map();
    const added = [];
    for (const link of all("a[href]", report)) {
      if (link.hash && link.pathname === location.pathname) continue;
      if (link.closest(".rg-table, .rg-crumbs, .rg-addresses, .rg-downloads, .rg-noprint, svg")) continue;
      if (!numbers.has(link.href)) numbers.set(link.href, numbers.size + 1);
      added.push(make("sup", { className: "rg-footref" }, `[${numbers.get(link.href)}]`));
      link.after(added[added.length - 1]);
    }
    if (numbers.size) {
      const items = [...numbers.keys()].map((href) => make("li", {}, href));
      added.push(make("section", { className: "rg-footnotes" }, make("h2", {}, "Links"), make("ol", {}, ...items)));
      report.append(added[added.length - 1]);
    }
    return added;
  };

  const preparePrint = () => {
    let undo = [];
    addEventListener("beforeprint", () => {
      const report = document.querySelector(".rg-report");
      if (!report || undo.length) return;
      for (const details of all("details:not([open])", report)) {
        details.open = true;
        undo.push(() => { details.open = false; });
      }
      // Chromium leaves buttons out of the heads that it repeats on each page.
      for (const button of all(".rg-th", report)) {
        const text = make("span", {}, ...button.childNodes);
        button.replaceWith(text);
        undo.push(() => {
          button.append(...text.childNodes);
          text.replaceWith(button);
        });
      }
      const added = addFootnotes(report);
      undo.push(() => added.forEach((element) => element.remove()));
    });
    addEventListener("afterprint", () => {
      undo.forEach((step) => step());
      undo = [];
    });
  };

  /** Material leaves its search without a name for screen readers. */
  const nameSearch = () => all(".md-search[role=dialog]").forEach((dialog) => dialog.setAttribute("aria-label", "Search"));

  /** Load a part of this script that not every page or reader needs, in the order of the calls. */
  const loadPart = (name) => {
    const script = make("script", { src: new URL(name, here.src).href, async: false });
    document.head.append(script);
    return script;
  };

  /** "/" or Ctrl-K, or a button in the head of the page, open the list of names. */
  const offerJump = () => {
    const own = window.reportgen;
    const waits = () => own.typed !== undefined && !own.jump;
    const open = () => {
      if (own.jump) own.jump();
      else if (!waits()) {
        own.typed = "";
        loadPart("jump.js").addEventListener("error", () => delete own.typed);
      }
    };
    // Before the frame of the page, which opens its search at "/". What is typed while the list is on its way is for the list.
    addEventListener("keydown", (event) => {
      if (waits() && event.key.length === 1 && !event.ctrlKey && !event.metaKey) {
        own.typed += event.key;
        event.preventDefault();
        event.stopImmediatePropagation();
        return;
      }
      const asks = event.key === "/" ? !event.ctrlKey && !event.metaKey && !event.altKey : event.key === "k" && (event.ctrlKey || event.metaKey);
      if (!asks || (event.key === "/" && event.target.closest && event.target.closest("input, select, textarea, dialog, [contenteditable]"))) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      open();
    }, true);
    const place = document.querySelector(".md-header__inner > .md-search, .md-header__inner > [for=__search]");
    if (!place) return;
    const button = make("button", { type: "button", className: "rg-jump-open", title: "Jump to a run or metric ( / or Ctrl K )", attributes: { "aria-label": "Jump to a run or metric" } }, make("span", {}, "Jump to "), make("kbd", {}, "/"));
    button.addEventListener("click", open);
    place.before(button);
  };

  /* Text that people paste elsewhere: without this, its field is there to be selected. */
  const offerCopies = () => all("textarea[data-copy]").forEach((field) => {
    const button = make("button", { type: "button", className: "rg-paste-copy" }, "Copy");
    button.addEventListener("click", async () => {
      await copyText(field.value, "Text copied");
      button.textContent = "Copied";
    });
    field.before(button);
  });

  /** What is open because there is room is closed on a phone; its head says what it holds. */
  const makeRoom = () => {
    if (matchMedia(PHONE).matches) all("details[data-wide]").forEach((box) => { box.open = false; });
  };

  const start = () => {
    makeRoom();
    nameSearch();
    const tables = all("table.rg-table");
    const rows = (table) => all("tbody > tr", table).length;
    const own = document.getElementById("table-requirements");
    // Few rows need no filter, but one that an address names counts.
    const filtered = tables.filter((table) => table.dataset.filter !== undefined && (rows(table) > 5 || (table === own && location.search)));
    mainTable = own || filtered[0] || tables[0];
    filtered.forEach(makeFilter);
    // Nor an order: among cards its heads would be longer than the rows. Any table can be sorted by an address.
    const few = (table) => rows(table) < (table.classList.contains("rg-cards") ? 6 : 2) && !readState(stateKey(table, "sort"));
    tables.filter((table) => table.dataset.nosort === undefined && !few(table)).forEach(makeSortable);
    watchWidths();
    if (document.querySelector("img[data-inline]")) ["numbers.js", "figures.js"].forEach(loadPart);
    offerRowLinks();
    offerCopies();
    preparePrint();
    offerJump();
    showTarget();
    addEventListener("hashchange", showTarget);
    if (document.querySelector(".rg-rows")) loadPart("rows.js");
  };

  window.reportgen = { all, make, announce, targetOf, PHONE };
  start();
})();
