/* Only for pages opened from a disk. A link to a folder would show a list of files: it leads to
   the page there instead. And browsers run no worker from a file, and the search of
   Material is one. The same script in a hidden frame does the same. */
(() => {
  "use strict";
  document.addEventListener("click", (event) => {
    const link = event.target.closest && event.target.closest("a[href]");
    if (link && link.protocol === "file:" && link.pathname.endsWith("/")) link.pathname += "index.html";
  }, true);

  window.Worker = class extends EventTarget {
    constructor(url) {
      super();
      const frame = document.createElement("iframe");
      frame.hidden = true;
      document.body.append(frame);
      const inside = frame.contentWindow;
      // Kept, since the script inside is given one that speaks to this page.
      this.send = inside.postMessage.bind(inside);
      addEventListener("message", (event) => {
        if (event.source === inside) this.dispatchEvent(new MessageEvent("message", { data: event.data }));
      });
      this.ready = new Promise((resolve) => {
        const inner = frame.contentDocument;
        const speak = inner.createElement("script");
        speak.textContent = "postMessage = (data) => parent.postMessage(data, '*')";
        const script = inner.createElement("script");
        script.src = url;
        script.addEventListener("load", resolve);
        inner.head.append(speak, script);
      });
    }

    postMessage(data) {
      this.ready.then(() => this.send(data, "*"));
    }
  };
})();
