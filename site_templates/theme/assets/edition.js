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

  /** The edition in an address of the published site. */
  const editionOf = (address) => decodeURIComponent(address.pathname.slice(new URL("../", root).pathname.length).split("/")[0]);

  /** Where the permalink of a page leads, if it has one: whatever was published once is there, so
      nothing is asked for in vain. */
  const permalink = async (page) => {
    if (!/^(runs|metrics|compare)\//.test(page)) return null;
    const place = new URL(`../../${page}`, root);
    const answer = await fetch(place);
    const way = answer.ok && /<link rel="canonical" href="([^"]*)">/.exec(await answer.text());
    return way ? new URL(way[1], place) : null;
  };

  /** The address of a page in the newest edition that holds it. */
  const newestState = async (page, newest) => {
    const lasting = await permalink(page);
    if (lasting) return lasting;
    const there = new URL(`../${encodeURIComponent(newest)}/${page}`, root);
    return (await fetch(there, { method: "HEAD" })).ok ? there : null;
  };

  const link = (address, text) =>
    Object.assign(document.createElement("a"), { href: address, textContent: text });

  const words = (newest, there) => {
    const holder = there && editionOf(there);
    if (holder === newest.version) return [link(there.href + location.hash, `This page in ${newest.title}`)];
    const missing = `The newest edition, ${newest.title}, does not hold this page.`;
    return holder && holder !== own ? [`${missing} `, link(there.href + location.hash, `This page in ${holder}`)] : [missing];
  };

  const answer = await fetch(new URL("../versions.json", root));
  if (!answer.ok) return;
  const versions = (await answer.json()).filter(({ properties }) => !properties?.hidden);
  const [newest] = versions;
  if (newest?.version === own || !versions.some(({ version }) => version === own)) return;

  const page = location.pathname.slice(root.pathname.length).replace(/(^|\/)index\.html$/, "$1");
  const there = await newestState(page, newest.version);
  const inner = document.createElement("p");
  inner.className = "md-banner__inner md-grid md-typeset";
  inner.append(
    `This is the edition ${own}, as it was published. `,
    ...words(newest, there),
    " · ",
    link(new URL("../", root), "All editions"),
  );
  const banner = document.createElement("aside");
  banner.className = "md-banner md-banner--warning";
  banner.setAttribute("aria-label", "Older edition");
  banner.append(inner);
  document.querySelector("main")?.prepend(banner);
})().catch(() => {}); // Whoever leaves the page ends its requests.
