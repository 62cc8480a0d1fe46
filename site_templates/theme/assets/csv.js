/* The rows of a table as CSV; loaded when somebody asks for it. */
(() => {
  "use strict";

  /** The words of a cell, apart where lines or boxes part them; nothing is laid out for it. */
  const wordsOf = (cell) => {
    const walk = document.createTreeWalker(cell, NodeFilter.SHOW_TEXT);
    const texts = [];
    while (walk.nextNode()) if (!walk.currentNode.parentNode.matches(".rg-copy")) texts.push(walk.currentNode.data);
    return texts.join(" ");
  };

  /** The text of a cell, in full where it is rounded, as a field that no spreadsheet computes. */
  const csvField = (cell) => {
    const rounded = cell.matches(".rg-q[title]") ? cell : cell.querySelector(":scope > .rg-q[title]");
    const linked = cell.closest("thead") && cell.querySelector("a");
    const text = (rounded ? rounded.title : wordsOf(linked || cell)).replace(/\s+/g, " ").trim();
    return `"${text.replace(/^(?=[=@]|[+-](?![\d.]))/, "'").replaceAll('"', '""')}"`;
  };

  window.reportgen.saveRows = (table, rows, title) => {
    const lines = [...table.tHead.rows, ...rows].map((row) => [...row.cells].map(csvField).join(","));
    const file = URL.createObjectURL(new Blob([`${lines.join("\r\n")}\r\n`], { type: "text/csv" }));
    const name = `${location.pathname.split("/").filter(Boolean).slice(-2).join("-")}-${title}`;
    window.reportgen.make("a", { href: file, download: `${name.replace(/[^\w.-]+/g, "-")}.csv` }).click();
    setTimeout(() => URL.revokeObjectURL(file), 1000);
  };
})();
