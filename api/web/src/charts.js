// Draws [data-chart="line"] with uPlot from the JSON in the <script> that data-series names:
//   {"x": [numbers, or ISO dates], "xLabel": "...", "yLabel": "giờ làm việc",
//    "series": [{"label": "P90", "values": [numbers or null],
//                "low": [...], "high": [...]}],          low, high: the interval, optional
//    "top": 100,                                          the axis reaches it: all of a hundred
//    "whole": true,                                       the values are counts: no ticks between
//    "xMonths": true,                                     each x is a month: ticks stand at them
//    "limit": {"value": 40, "label": "thời hạn 40 giờ"},  optional, across the picture
//    "mark": {"x": 5, "label": "thời hạn 5 ngày"},        optional, upright at a place of x
//    "keys": [...]}                                       optional: what {x} of a link stands for
// A series may have "link": "/list?day={x}", where a point leads; {x} is its x, or its key.
// The finding stands in the caption, the numbers in a table beside it; this is the picture. What
// the pointer is at is read out in words; a click leads to what is counted there.
import { chartPicture } from "./chart-picture.js";
import { offer } from "./pictures.js";
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const LOCALE = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]]; // lines differ in more than colour
const number = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const two = (value) => String(value).padStart(2, "0");
const day = (date) => `${two(date.getDate())}/${two(date.getMonth() + 1)}`;
const wholeDay = (date) => `${day(date)}/${date.getFullYear()}`;
const month = (date) => `${two(date.getMonth() + 1)}/${date.getFullYear()}`;
// On paper the inks are those of the light scheme, whatever the screen's.
const PAPER = {
  "--blue": "#0b4f8a",
  "--ink": "#1b1b1b",
  "--spent": "#55647a",
  "--quiet": "#555555",
  "--line": "#d9d9d9",
  "--late": "#b3261e",
};
const WHOLE = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 20_000, 50_000, 100_000];
const MONTH_SECONDS = 27 * 86400;

for (const holder of document.querySelectorAll('[data-chart="line"]')) {
  const facts = JSON.parse(document.querySelector(holder.dataset.series).textContent);
  let plot = line(holder, facts);
  readout(holder, facts, () => plot);
  const caption = holder.closest("figure")?.querySelector("figcaption");
  const title = caption?.firstChild?.textContent.trim() ?? holder.getAttribute("aria-label");
  const below = [caption?.querySelector(".quiet")?.textContent.trim(), holder.dataset.below];
  const draw = () => chartPicture(plot, facts, DASHES, endsOf, title, below.filter(Boolean).join(" · "));
  offer(holder.parentNode.lastElementChild, holder.dataset.name ?? "chart", draw);
  document.fonts.ready.then(() => plot.redraw()); // a canvas does not wait for its letters
  new ResizeObserver(() => plot.setSize(sizeOf(holder))).observe(holder);
  for (const scheme of ["(prefers-color-scheme: dark)", "print"]) {
    matchMedia(scheme).addEventListener("change", () => {
      plot.destroy();
      plot = line(holder, facts);
    });
  }
}

function line(holder, facts) {
  const paper = matchMedia("print").matches ? PAPER : {};
  const colour = (name) => paper[name] ?? getComputedStyle(holder).getPropertyValue(name).trim();
  const inks = ["--blue", "--ink", "--spent", "--quiet"].map(colour);
  const { series, bands, data } = columns(facts, inks);
  const dates = typeof facts.x[0] === "string";
  const axis = (label, size, values, space) => ({
    label,
    space,
    labelFont: `14px ${colour("--font")}`,
    labelSize: 24,
    font: `14px ${colour("--font")}`,
    size,
    stroke: colour("--quiet"),
    grid: { stroke: colour("--line"), width: 1 },
    ticks: { stroke: colour("--line"), width: 1 },
    values,
  });
  const small = holder.clientHeight < 120; // no room for the words beside the axes
  const beside = namesBeside(holder, facts);
  named(holder, facts, inks, beside);
  return new uPlot(
    {
      ...sizeOf(holder),
      padding: [12, beside ? labelRoom(facts) : 8, 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: dates }, y: { range: (_, low, high) => rangeOf(facts, low, high) } },
      axes: [
        {
          ...axis(small ? null : facts.xLabel, 32, (_, ticks) => ticks.map(dateOr(facts, ticks)), 72),
          ...(facts.xMonths ? { splits: (plot) => monthsOf(plot, data[0]) } : {}),
        },
        {
          ...axis(small ? null : facts.yLabel, 52, (_, ticks) => ticks.map((tick) => number.format(tick)), 32),
          ...(facts.whole ? { incrs: WHOLE } : {}), // half a dossier is none
        },
      ],
      series,
      bands,
      hooks: { draw: [(plot) => direct(plot, facts, inks, colour, beside)] },
    },
    data,
    holder,
  );
}

// What lies at the pointer: the place of x, and the line that is nearest.
function nearest(event, plot, facts) {
  const frame = plot.over.getBoundingClientRect();
  const place = plot.posToIdx(event.clientX - frame.left);
  const y = event.clientY - frame.top;
  const away = (one) => Math.abs(plot.valToPos(one.values[place], "y") - y);
  const told = facts.series.filter((one) => one.values[place] !== null && one.values[place] !== undefined);
  const one = told.sort((a, b) => away(a) - away(b))[0];
  return one ? { place, one } : null;
}

function readout(holder, facts, plotOf) {
  const words = document.createElement("p");
  words.className = "chart__readout";
  words.setAttribute("aria-hidden", "true"); // the table beside says it to those who listen
  holder.append(words);
  const clear = () => {
    words.textContent = "";
    holder.classList.remove("chart--leads");
  };
  holder.addEventListener("pointerleave", clear);
  holder.addEventListener("pointermove", (event) => {
    const found = nearest(event, plotOf(), facts);
    if (!found) return clear();
    const { place, one } = found;
    const at = facts.x[place];
    const date = typeof at === "string" ? new Date(`${at}T00:00`) : null;
    const spelt = date ? (facts.xMonths ? month : wholeDay)(date) : number.format(at);
    words.textContent = `${spelt} · ${one.label}: ${number.format(one.values[place])}`;
    holder.classList.toggle("chart--leads", Boolean(one.link && one.values[place]));
  });
  holder.addEventListener("click", (event) => {
    const found = nearest(event, plotOf(), facts);
    if (!found?.one.link || !found.one.values[found.place]) return;
    const key = (facts.keys ?? facts.x)[found.place];
    // A key that is an address of ours stands for itself.
    const local = String(key).startsWith("/dossiers/");
    location.assign(found.one.link.replace("{x}", local ? key : encodeURIComponent(key)));
  });
}

function sizeOf(holder) {
  return { width: holder.clientWidth, height: holder.clientHeight };
}

// Two months are two ticks, not the days between them; many are thinned to those that have room.
function monthsOf(plot, months) {
  const every = Math.ceil(months.length / Math.max(1, Math.floor(plot.bbox.width / devicePixelRatio / 72)));
  return months.filter((_, place) => (months.length - 1 - place) % every === 0);
}

function dateOr(facts, ticks) {
  if (typeof facts.x[0] !== "string") return (tick) => number.format(tick);
  const wide = facts.xMonths || (ticks.length > 1 && ticks[1] - ticks[0] >= MONTH_SECONDS);
  return (tick) => (wide ? month : day)(new Date(tick * 1000));
}

// Zero is always on the axis, and so is the limit: a short axis would exaggerate.
function rangeOf(facts, low, high) {
  const top = Math.max(high ?? 1, facts.limit?.value ?? 0, facts.top ?? 0);
  return [Math.min(0, low ?? 0), top * 1.1 || 1];
}

function columns(facts, inks) {
  const x = facts.x.map((at) => (typeof at === "string" ? Date.parse(at) / 1000 : at));
  const series = [{}];
  const bands = [];
  const data = [x];
  facts.series.forEach((one, index) => {
    const stroke = inks[index % inks.length];
    if (one.low && one.high) {
      const faint = { stroke: "transparent", points: { show: false } };
      series.push(faint, faint);
      data.push(one.high, one.low);
      bands.push({ series: [series.length - 2, series.length - 1], fill: `${stroke}26` });
    }
    const few = x.length <= 40;
    series.push({
      label: one.label,
      stroke,
      width: 2,
      dash: DASHES[index % DASHES.length],
      points: { show: few, size: 5, fill: stroke },
    });
    data.push(one.values);
  });
  return { series, bands, data };
}

// Where the names of the lines stand at their ends: apart from each other, none below the picture.
function endsOf(plot, facts, apart, foot, canvas) {
  const ends = facts.series.flatMap((one, index) => {
    const last = one.values.findLastIndex((value) => value !== null);
    if (last < 0) return [];
    const [x, y] = [plot.valToPos(plot.data[0][last], "x", canvas), plot.valToPos(one.values[last], "y", canvas)];
    return [{ one, index, x, y }];
  });
  ends.sort((a, b) => b.y - a.y || b.index - a.index); // from below
  let free = foot;
  for (const end of ends) {
    end.y = Math.min(end.y, free);
    free = end.y - apart;
  }
  return ends;
}

// Beside their ends only where that leaves most of the width to the lines.
function namesBeside(holder, facts) {
  return labelRoom(facts) < holder.clientWidth / 4;
}

// Else they stand below, each with a piece of its line.
function named(holder, facts, inks, beside) {
  const figure = holder.parentNode;
  figure.querySelector(".chart__names")?.remove();
  if (beside) return;
  const list = document.createElement("ul");
  list.className = "chart__names";
  list.setAttribute("aria-hidden", "true"); // the chart's own name says them
  facts.series.forEach((one, index) => {
    const item = document.createElement("li");
    const piece = document.createElementNS("http://www.w3.org/2000/svg", "svg");
    piece.setAttribute("width", "28");
    piece.setAttribute("height", "10");
    const drawn = document.createElementNS("http://www.w3.org/2000/svg", "line");
    const dash = DASHES[index % DASHES.length].join(" ");
    const line = { x1: 0, x2: 28, y1: 5, y2: 5, stroke: inks[index % inks.length], "stroke-width": 2 };
    for (const [name, value] of Object.entries({ ...line, ...(dash ? { "stroke-dasharray": dash } : {}) })) {
      drawn.setAttribute(name, value);
    }
    piece.append(drawn);
    item.append(piece, ` ${one.label}`);
    list.append(item);
  });
  holder.after(list);
}

function labelRoom(facts) {
  const longest = Math.max(...facts.series.map(({ label }) => label.length));
  return Math.min(180, 16 + longest * 8);
}

// Each line is named at its end; the limit is a line with its name.
function direct(plot, facts, inks, colour, beside) {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${14 * ratio}px ${colour("--font")}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const ends = beside ? endsOf(plot, facts, 18 * ratio, plot.bbox.top + plot.bbox.height, true) : [];
  for (const { one, index, x, y } of ends) {
    ctx.fillStyle = inks[index % inks.length];
    ctx.fillText(one.label, x + 8 * ratio, y);
  }
  if (facts.mark) {
    const x = Math.round(plot.valToPos(facts.mark.x, "x", true));
    ctx.strokeStyle = ctx.fillStyle = colour("--late");
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([4 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(x, plot.bbox.top);
    ctx.lineTo(x, plot.bbox.top + plot.bbox.height);
    ctx.stroke();
    const beyond = x > plot.bbox.left + plot.bbox.width / 2;
    ctx.textAlign = beyond ? "right" : "left";
    ctx.fillText(facts.mark.label, x + (beyond ? -8 : 8) * ratio, plot.bbox.top + plot.bbox.height - 12 * ratio);
    ctx.textAlign = "left";
  }
  if (facts.limit) {
    const y = Math.round(plot.valToPos(facts.limit.value, "y", true));
    ctx.strokeStyle = ctx.fillStyle = colour("--late");
    ctx.lineWidth = 1.5 * ratio;
    ctx.setLineDash([4 * ratio, 4 * ratio]);
    ctx.beginPath();
    ctx.moveTo(plot.bbox.left, y);
    ctx.lineTo(plot.bbox.left + plot.bbox.width, y);
    ctx.stroke();
    ctx.fillText(facts.limit.label, plot.bbox.left + 8 * ratio, y - 12 * ratio);
  }
  ctx.restore();
}
