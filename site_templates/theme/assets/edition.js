/* Loaded by published pages only, before the script of the theme: switches on its selector of
   editions. Pages of an older edition say so, and lead to the same page of the newest one, or say
   that it has no such page. Only where editions stand side by side, below v/. */
(async () => {
  "use strict";
  const element = document.getElementById("__config");
  if (!element || location.protocol === "file:") return;
  const settings = JSON.parse(element.textContent);
  const root = new URL(`${settings.base}/`, location);
  const [parent, own] = root.pathname.split("/").slice(-3, -1).map(decodeURIComponent);
  if (parent !== "v") return;
  settings.version ??= { provider: "mike" };
  element.textContent = JSON.stringify(settings);

  const answer = await fetch(new URL("../versions.json", root));
  if (!answer.ok) return;
  const versions = (await answer.json()).filter(({ properties }) => !properties?.hidden);
  const [newest] = versions;
  if (newest?.version === own || !versions.some(({ version }) => version === own)) return;

  const page = location.pathname.slice(root.pathname.length);
  const there = new URL(`../${encodeURIComponent(newest.version)}/${page}`, root);
  const held = (await fetch(there, { method: "HEAD" })).ok;

  const link = (address, text) =>
    Object.assign(document.createElement("a"), { href: address, textContent: text });
  const inner = document.createElement("p");
  inner.className = "md-banner__inner md-grid md-typeset";
  inner.append(
    `This is the edition ${own}, as it was published. `,
    held ? link(there.href + location.hash, `This page in ${newest.title}`)
      : `The newest edition, ${newest.title}, does not hold this page.`,
    " · ",
    link(new URL("../", root), "All editions"),
  );
  const banner = document.createElement("aside");
  banner.className = "md-banner md-banner--warning";
  banner.setAttribute("aria-label", "Older edition");
  banner.append(inner);
  document.querySelector("main")?.prepend(banner);
})();
