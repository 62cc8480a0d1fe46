/* Jump to a run, a metric or a section by a few letters of its name. Loaded by reportgen.js when
   somebody asks for it; the names come from api/v1/names.js, which a page on a disk can load too. */
(() => {
  "use strict";

  const { make } = window.reportgen;
  const MOST = 12;
  const KINDS = { runs: "run", metrics: "metric", compare: "comparison", calibrations: "calibration", requirements: "requirement", notes: "note" };
  const config = document.getElementById("__config");
  const base = new URL(`${config ? JSON.parse(config.textContent).base : "."}/`, location.href);

  const plain = (text) => text.toLowerCase().replace(/[\s_.-]+/g, "");

  let names = null;
  const read = () => new Promise((resolve, reject) => {
    const script = make("script", { src: new URL("api/v1/names.js", base).href });
    script.addEventListener("load", () => {
      names = window.reportgenNames.map(([title, path, words], at) => ({
        title, path, words: words || "", at,
        own: title.toLowerCase(),
        all: `${title} ${words || ""}`.toLowerCase(),
        short: plain(`${title} ${words || ""}`),
      }));
      resolve();
    });
    script.addEventListener("error", reject);
    document.head.append(script);
  });

  /** How well a name fits the words that were typed: less is better, Infinity not at all. */
  const fit = (name, wanted) => {
    let sum = 0;
    for (const word of wanted) {
      const at = name.own.indexOf(word);
      if (at === 0) sum += 0;
      else if (at > 0) sum += /[a-z0-9]/.test(name.own[at - 1]) ? 3 : 1;
      else if (name.all.includes(word)) sum += 4;
      else if (name.short.includes(plain(word) || word)) sum += 6;
      else return Infinity;
    }
    return sum + name.own.length / 1000;
  };

  const find = (text) => {
    const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
    if (!wanted.length) return [];
    const found = names.map((name) => ({ name, score: fit(name, wanted) })).filter(({ score }) => score < Infinity);
    return found.sort((a, b) => a.score - b.score || a.name.at - b.name.at).map(({ name }) => name);
  };

  const input = make("input", { type: "text", autocomplete: "off", spellcheck: false, placeholder: "Run, metric, ticket, requirement", attributes: { role: "combobox", "aria-label": "Jump to", "aria-expanded": "true", "aria-controls": "rg-jump-list", "aria-autocomplete": "list" } });
  const list = make("div", { id: "rg-jump-list", attributes: { role: "listbox", "aria-label": "Pages" } });
  const status = make("p", { className: "rg-jump-status", attributes: { role: "status" } });
  const dialog = make("dialog", { className: "rg-jump", attributes: { "aria-label": "Jump to a page" } }, input, list, status);
  document.body.append(dialog);

  let chosen = 0;
  const choose = (at) => {
    const options = [...list.children];
    chosen = Math.max(0, Math.min(at, options.length - 1));
    options.forEach((option, place) => option.setAttribute("aria-selected", place === chosen));
    if (options.length) {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };

  const show = () => {
    if (!names) return;
    const found = find(input.value);
    list.replaceChildren(...found.slice(0, MOST).map((name, at) => make(
      "a",
      { id: `rg-jump-${at}`, href: new URL(name.path, base).href, tabIndex: -1, attributes: { role: "option" } },
      make("span", {}, name.title),
      make("small", {}, KINDS[name.path.split("/")[0]] || "page"),
    )));
    const more = found.length - MOST;
    status.textContent = !input.value.trim() ? `${names.length} names. Type a few letters; Enter opens.`
      : !found.length ? "Nothing has this name." : more > 0 ? `and ${more} more` : "";
    choose(0);
  };

  input.addEventListener("input", show);
  input.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step) choose(chosen + step);
    else if (event.key === "Enter" && list.children[chosen]) list.children[chosen].click();
    else return;
    event.preventDefault();
  });
  // A page behind the list may be the one that is open: then nothing else would close it.
  list.addEventListener("click", () => dialog.close());
  dialog.addEventListener("click", (event) => { if (event.target === dialog) dialog.close(); });
  // Keys that mean something to the frame of the page are letters here.
  dialog.addEventListener("keydown", (event) => event.stopPropagation());

  window.reportgen.jump = () => {
    if (dialog.open) return;
    dialog.showModal();
    input.select();
    if (window.reportgen.typed) input.value = window.reportgen.typed;
    window.reportgen.typed = "";
    if (names) show();
    else {
      status.textContent = "Reading the names …";
      read().then(show, () => { status.textContent = "The names could not be read. The search finds pages, too."; });
    }
  };
  window.reportgen.jump();
})();
