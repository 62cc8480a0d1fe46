/* Figures that answer: put into the page in place of their images, they say what is under the
   pointer, read out their points by keyboard, lead to runs, and long histories can be zoomed.
   Loaded by reportgen.js where a page has figures; without it the figures are complete. */
(() => {
  "use strict";

  const { all, make, announce } = window.reportgen;
  const { formatNumber } = reportgenNumbers;
  const SVG = "http://www.w3.org/2000/svg";
  const REACH = 28;
  /** Positions from which on a history can be zoomed. */
  const LONG = 12;
  const PAIR = /(-?[\d.]+(?:e-?\d+)?) (-?[\d.]+(?:e-?\d+)?)/g;

  const draw = (tag, attributes, ...children) => {
    const element = document.createElementNS(SVG, tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.append(...children);
    return element;
  };

  /** An address as the page sees it, if it is one that leads to a page. */
  const pageAddress = (text) => {
    const url = new URL(text, location.href);
    return /^(https?|file):$/.test(url.protocol) ? url.href : "";
  };

  /** What changed since the value before, within one epoch; nothing for the first. */
  const change = (data, series, at, unit) => {
    const cuts = series.cuts || [];
    if (cuts.includes(at)) return "new epoch: not comparable with the run before";
    let before = at - 1;
    while (before >= 0 && series.value[before] == null && !cuts.includes(before)) before -= 1;
    if (before < 0 || series.value[before] == null) return "";
    const difference = series.value[at] - series.value[before];
    return `${difference > 0 ? "+" : ""}${formatNumber(difference)}${unit} against ${data.labels[before]}`;
  };

  /** The points of a figure in reading order, from the JSON that the figure carries. */
  const readFigure = (svg) => {
    const source = svg.querySelector("metadata.rg-points");
    if (!source) return null;
    const data = JSON.parse(source.textContent);
    const unit = data.unit ? ` ${data.unit}` : "";
    const points = [];
    (data.series || []).forEach((series, row) => {
      const limits = (data.limits || []).filter(({ of }) => !of || of.includes(row)).map(({ text }) => text);
      series.y.forEach((y, at) => {
        const x = (series.x || data.x || [])[at];
        if (x == null || y == null) return;
        const value = series.value[at];
        const link = series.href ? series.href[at] : -1;
        points.push({
          x, y, row, at, from: x,
          title: (data.labels || [])[at] || "",
          lines: [
            [series.label, value == null ? "" : `${formatNumber(value)}${unit}`].filter(Boolean).join(": "),
            (series.text || [])[at],
            value == null || !limits.length ? "" : `limit: ${limits.join(", ")}`,
            data.kind === "history" && value != null ? change(data, series, at, unit) : "",
            (data.remarks || [])[at],
          ].filter(Boolean),
          href: link >= 0 ? pageAddress(data.links[link]) : "",
        });
      });
    });
    for (const mark of data.marks || []) {
      if (mark.x != null) points.push({ x: mark.x, from: mark.x, y: null, row: Infinity, at: mark.x, title: "", lines: [mark.text], href: "" });
    }
    return points.length ? { data, points, box: data.box, whole: data.kind === "map" } : null;
  };

  let tip;
  /** Where the point is of which something is said, in the window. */
  let place = null;
  const showTip = (point, find) => {
    if (!tip) {
      tip = make("div", { className: "rg-tip", hidden: true });
      document.body.append(tip);
    }
    tip.replaceChildren(...(point.title ? [make("b", {}, point.title)] : []), point.lines.join("\n"));
    tip.hidden = false;
    place = find;
    placeTip();
  };
  const placeTip = () => {
    if (!place) return;
    const { x, y } = place();
    const { offsetWidth: width, offsetHeight: height } = tip;
    const left = Math.min(Math.max(x - width / 2, 4), document.documentElement.clientWidth - width - 4);
    const above = y - height - 14;
    tip.style.left = `${left}px`;
    tip.style.top = `${above > 4 ? above : y + 16}px`;
  };
  const hideTip = () => {
    if (tip) tip.hidden = true;
    place = null;
  };

  const inFigure = (svg, event) => new DOMPoint(event.clientX, event.clientY).matrixTransform(svg.getScreenCTM().inverse());

  /** Let a figure answer to pointer and keyboard. */
  const answer = (svg, name) => {
    const figure = readFigure(svg);
    if (!figure) return null;
    const { points, box, whole } = figure;
    const ring = draw("circle", { r: 6, class: "rg-here" });
    const area = draw("circle", { r: REACH, fill: "none", "pointer-events": "all" });
    const link = draw("a", { tabindex: -1 }, area, ring);
    let now = null;
    let fresh = false;
    figure.seen = (point) => !figure.zoom || (point.x >= box[0] - 0.5 && point.x <= box[2] + 0.5);

    const choose = (point) => {
      now = point;
      if (!point) {
        link.remove();
        hideTip();
        return;
      }
      const y = point.y ?? (box ? box[1] : 0);
      for (const circle of [ring, area]) {
        circle.setAttribute("cx", point.x);
        circle.setAttribute("cy", y);
      }
      ring.setAttribute("visibility", point.y === null ? "hidden" : "visible");
      link.setAttribute("aria-label", [point.title, ...point.lines].join(", "));
      if (point.href) link.setAttribute("href", point.href);
      else link.removeAttribute("href");
      if (!link.isConnected) svg.append(link);
      showTip(point, () => new DOMPoint(point.x, y).matrixTransform(svg.getScreenCTM()));
    };
    figure.choose = choose;

    const nearest = (event) => {
      const { x, y } = inFigure(svg, event);
      let best = null;
      let reach = whole && box && x >= box[0] && x <= box[2] && y >= box[1] && y <= box[3] ? Infinity : REACH ** 2;
      for (const point of points) {
        // A mark is a vertical line: near it in x is near, though a point of data goes first.
        const distance = point.y === null ? ((point.x - x) * 4) ** 2 + 100 : (point.x - x) ** 2 + (point.y - y) ** 2;
        if (distance < reach && figure.seen(point)) {
          best = point;
          reach = distance;
        }
      }
      return best;
    };

    const look = (event) => {
      if (figure.moving) return;
      const point = nearest(event);
      // A finger cannot hover: its first touch reads, the second follows the link.
      if (event.type === "pointerdown") fresh = event.pointerType === "touch" && point !== now;
      if (point !== now) choose(point);
    };
    svg.addEventListener("pointermove", look);
    svg.addEventListener("pointerdown", look);
    svg.addEventListener("pointerleave", (event) => { if (event.pointerType !== "touch") choose(null); });
    svg.addEventListener("click", (event) => {
      if (fresh || figure.moved) event.preventDefault();
    }, true);
    link.addEventListener("dragstart", (event) => event.preventDefault());

    /** The next point of the same series, or the point of the next series close to this one. */
    const step = (sideways, up) => {
      if (!now) return points.findLast((point) => point.y !== null && figure.seen(point)) || points[0];
      if (sideways) {
        const own = points.filter((point) => point.row === now.row);
        return own[own.indexOf(now) + sideways] || now;
      }
      const rows = [...new Set(points.map((point) => point.row))];
      const row = rows[rows.indexOf(now.row) + up];
      const others = points.filter((point) => point.row === row);
      return others.sort((a, b) => Math.abs(a.x - now.x) - Math.abs(b.x - now.x))[0] || now;
    };
    const moves = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key in moves && !event.shiftKey) {
        event.preventDefault();
        const point = step(...moves[event.key]);
        if (figure.reveal) figure.reveal(point);
        choose(point);
        announce([now.title, ...now.lines].join(", "));
      } else if (event.key === "Enter" && now && now.href) location.assign(now.href);
      else if (event.key === "Escape") choose(null);
    });
    svg.addEventListener("blur", () => choose(null));
    svg.setAttribute("tabindex", "0");
    svg.setAttribute("role", "application");
    svg.setAttribute("aria-roledescription", "figure");
    svg.setAttribute("aria-label", `${name} Arrow keys read the points.`);
    return figure;
  };

  /* A closer look at a long history: the horizontal axis alone is stretched ------------------ */

  /** Everything that stands at a run or a time, with the way to move it. */
  const movables = (svg, figure, place) => {
    const [left, , right] = figure.box;
    const moves = [];
    for (const path of all(":is(.rg-series, .rg-mark, .rg-x) path", svg)) {
      const drawn = path.getAttribute("d");
      const clip = path.getAttribute("clip-path");
      const series = /rg-series-(\d+)/.exec(path.parentNode.getAttribute("class"));
      const data = series && path.getAttribute("style") ? figure.data.series[series[1]] : null;
      // Of a crowded series only some points bear a marker; from close by all do.
      const near = () => figure.points.filter((point) => data === figure.data.series[point.row] && data.value[point.at] != null && figure.seen(point));
      const bears = () => near().map((point) => `M${point.x.toFixed(1)} ${point.y}`).join("");
      const stretched = () => drawn.replace(PAIR, (_, x, y) => `${place(+x).toFixed(1)} ${y}`);
      moves.push((zoomed) => {
        path.setAttribute("d", !zoomed ? drawn : data ? bears() : stretched());
        if (clip) return;
        if (zoomed) path.setAttribute("clip-path", `url(#${figure.clip})`);
        else path.removeAttribute("clip-path");
      });
    }
    for (const text of all(":is(.rg-mark, .rg-x) text", svg)) {
      const at = Number(text.getAttribute("x"));
      moves.push(() => {
        const x = place(at);
        text.setAttribute("x", x.toFixed(1));
        text.setAttribute("visibility", x >= left - 6 && x <= right + 6 ? "visible" : "hidden");
      });
    }
    return moves;
  };

  /** The names of the runs in sight, as many as have room. */
  const drawTicks = (svg, figure, place) => {
    const [left, , right] = figure.box;
    const y = Number(all(".rg-ticks text", svg)[0]?.getAttribute("y") || figure.box[3] + 17);
    const seen = figure.data.x.map((x, at) => ({ x: place(x), words: figure.data.labels[at] })).filter(({ x }) => x >= left && x <= right);
    const room = Math.max(...seen.map(({ words }) => words.length), 1) * 6.4 + 14;
    let free = -Infinity;
    const labels = [];
    for (const { x, words } of seen) {
      if (x < free || x + room / 2 - 7 > Number(svg.getAttribute("width")) || x < room / 2 - 7) continue;
      free = x + room;
      labels.push(draw("text", { x: x.toFixed(1), y, "text-anchor": "middle", class: "f-muted" }, words));
    }
    return draw("g", {}, ...labels);
  };

  const makeZoom = (svg, figure) => {
    const { box, data, points } = figure;
    const [left, , right] = box;
    const width = right - left;
    const closest = Math.max(width / Math.max(data.x.length / 3, 2), 1);
    const full = { from: left, span: width };
    let view = full;
    const place = (x) => left + ((x - view.from) / view.span) * width;
    const back = (x) => view.from + ((x - left) / width) * view.span;

    figure.clip = `rg-zoom-${Math.random().toString(36).slice(2)}`;
    svg.prepend(draw("clipPath", { id: figure.clip }, draw("rect", { x: left - 3, y: 0, width: width + 6, height: 9999 })));
    const moves = movables(svg, figure, place);
    const button = (text, label, act) => {
      const made = make("button", { type: "button", title: label, attributes: { "aria-label": label } }, text);
      made.addEventListener("click", act);
      return made;
    };
    const closer = button("+", "Zoom in", () => zoom(1.6));
    const wider = button("−", "Zoom out", () => zoom(1 / 1.6));
    const reset = button("Show all", "Show the whole history", () => show(full));
    const bar = make("div", { className: "rg-zoom rg-noprint", title: "Also with Ctrl and the wheel, two fingers, or + − 0; drag or Shift and arrows to move" }, closer, wider, reset);
    let ticks;

    const show = (wanted, aloud = true) => {
      const span = Math.min(Math.max(wanted.span, closest), width);
      const from = Math.min(Math.max(wanted.from, left), right - span);
      view = span > width * 0.999 ? full : { from, span };
      figure.zoom = view !== full;
      for (const point of points) point.x = place(point.from);
      for (const move of moves) move(figure.zoom);
      for (const group of all(".rg-ticks", svg)) group.setAttribute("visibility", figure.zoom ? "hidden" : "visible");
      if (ticks) ticks.remove();
      ticks = figure.zoom ? drawTicks(svg, figure, place) : null;
      if (ticks) svg.append(ticks);
      if (!aloud) figure.choose(null);
      closer.disabled = span <= closest;
      // A button that vanished would take the focus with it.
      if (!figure.zoom && bar.contains(document.activeElement) && document.activeElement !== closer) closer.focus();
      wider.disabled = !figure.zoom;
      reset.hidden = !figure.zoom;
      svg.classList.toggle("rg-zoomed", figure.zoom);
      if (!aloud) return;
      const seen = data.x.flatMap((x, at) => (x >= view.from && x <= view.from + view.span ? [data.labels[at]] : []));
      announce(figure.zoom ? `Showing ${seen[0]} to ${seen[seen.length - 1]}` : "Showing the whole history");
    };
    /** Stretch around a place of the figure: without one, around the middle. */
    const zoom = (factor, x = (left + right) / 2, aloud = true) => {
      const held = back(x);
      const span = Math.min(Math.max(view.span / factor, closest), width);
      show({ span, from: held - ((x - left) / width) * span }, aloud);
    };
    const pan = (pixels, aloud = true) => show({ span: view.span, from: view.from + (pixels / width) * view.span }, aloud);
    figure.reveal = (point) => {
      if (!figure.seen(point)) show({ span: view.span, from: point.from - view.span / 2 });
    };

    // The wheel alone belongs to the page.
    svg.addEventListener("wheel", (event) => {
      if (event.ctrlKey || event.metaKey) {
        event.preventDefault();
        zoom(Math.exp(-event.deltaY / (event.deltaMode ? 10 : 300)), inFigure(svg, event).x, false);
      } else if (figure.zoom && (event.shiftKey || Math.abs(event.deltaX) > Math.abs(event.deltaY))) {
        event.preventDefault();
        pan(event.deltaX || event.deltaY, false);
      }
    }, { passive: false });
    svg.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey) return;
      if (event.key === "+" || event.key === "=") zoom(1.6);
      else if (event.key === "-") zoom(1 / 1.6);
      else if (event.key === "0") show(full);
      else if (event.shiftKey && event.key === "ArrowLeft") pan(-width / 4);
      else if (event.shiftKey && event.key === "ArrowRight") pan(width / 4);
      else return;
      event.preventDefault();
      figure.choose(null);
    });

    const down = new Map();
    const lift = (event) => {
      // A finger belongs to the line that it touched, until the figure takes it over.
      if (event.type === "lostpointercapture" && event.target !== svg) return;
      down.delete(event.pointerId);
      figure.moving = down.size > 0 && figure.moving;
    };
    svg.addEventListener("pointerdown", (event) => {
      if (event.button) return;
      if (!down.size) figure.moved = false;
      down.set(event.pointerId, inFigure(svg, event));
    });
    svg.addEventListener("pointermove", (event) => {
      const before = down.get(event.pointerId);
      if (!before || !(figure.zoom || down.size > 1)) return;
      const after = inFigure(svg, event);
      if (!figure.moving && Math.abs(after.x - before.x) < 4) return;
      if (!figure.moving) svg.setPointerCapture(event.pointerId);
      figure.moving = figure.moved = true;
      if (down.size > 1) {
        const [other] = [...down].filter(([id]) => id !== event.pointerId).map(([, point]) => point);
        const apart = (point) => Math.max(Math.hypot(point.x - other.x, point.y - other.y), 10);
        zoom(apart(after) / apart(before), (after.x + other.x) / 2, false);
      } else pan(before.x - after.x, false);
      down.set(event.pointerId, after);
    });
    for (const kind of ["pointerup", "pointercancel", "lostpointercapture"]) svg.addEventListener(kind, lift);
    addEventListener("beforeprint", () => { if (figure.zoom) show(full, false); });

    wider.disabled = true;
    reset.hidden = true;
    svg.classList.add("rg-zooms");
    return bar;
  };

  /* Into the page ----------------------------------------------------------------------------- */

  /** Put a figure into the page in place of its image, so that it follows the page's colours. */
  const inline = async (image) => {
    const url = new URL(image.currentSrc || image.src, location.href);
    if (url.origin !== location.origin) return;
    const response = await fetch(url);
    if (!response.ok) return;
    const parsed = new DOMParser().parseFromString(await response.text(), "image/svg+xml");
    const svg = parsed.documentElement;
    if (svg.nodeName !== "svg") return;
    for (const element of [svg, ...all("*", svg)]) {
      if (/^(script|foreignobject|iframe)$/i.test(element.localName)) element.remove();
      for (const { name, value } of [...element.attributes]) {
        if (/^on/i.test(name) || /^\s*javascript:/i.test(value)) element.removeAttribute(name);
      }
    }
    const title = svg.querySelector("title");
    svg.removeAttribute("aria-labelledby");
    svg.setAttribute("aria-label", image.alt || (title ? title.textContent : ""));
    // As a title it would pop up over the points.
    if (title) title.remove();
    const figure = answer(svg, image.alt);
    const long = figure && figure.data.kind === "history" && figure.data.x.length >= LONG;
    const bar = long ? makeZoom(svg, figure) : null;
    const box = image.closest(".rg-view") || image;
    image.replaceWith(document.adoptNode(svg));
    if (bar) box.after(bar);
  };

  /** A figure wider than its box scrolls, by keyboard too. */
  const observeWidth = new ResizeObserver((entries) => {
    for (const { target } of entries) {
      const wide = target.scrollWidth > target.clientWidth + 1;
      const told = { tabindex: "0", role: "group", "aria-label": "Figure that scrolls sideways" };
      for (const [name, value] of Object.entries(told)) {
        if (wide) target.setAttribute(name, value);
        else target.removeAttribute(name);
      }
    }
  });
  all(".rg-view").forEach((box) => observeWidth.observe(box));

  const images = all("img[data-inline]");
  // From a disk no script may read another file: there the images stay.
  if (location.protocol === "file:") return;
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      if (!isIntersecting) continue;
      observer.unobserve(target);
      // The image stays where the figure cannot be had or read.
      inline(target).catch(() => {});
    }
  }, { rootMargin: "400px" });
  images.forEach((image) => observer.observe(image));
  // Also while the page still moves to the figure that somebody reads with the keys.
  addEventListener("scroll", placeTip, { passive: true, capture: true });
})();
