// Draws [data-chart="line"] with uPlot from the JSON in the <script> that data-series names:
//   {"x": [numbers, or ISO dates], "xLabel": "...", "yLabel": "giờ làm việc",
//    "series": [{"label": "P90", "values": [numbers or null],
//                "low": [...], "high": [...]}],          low, high: the interval, optional
//    "xMonths": true,                                     each x is a month: ticks stand at them
//    "limit": {"value": 40, "label": "thời hạn 40 giờ"},  optional, across the picture
//    "mark": {"x": 5, "label": "thời hạn 5 ngày"}}        optional, upright at a place of x
// The finding stands in the caption, the numbers in a table beside it; this is the picture.
import uPlot from "uplot";
import "uplot/dist/uPlot.min.css";

const LOCALE = document.documentElement.lang === "en" ? "en-GB" : "vi-VN";
const DASHES = [[], [6, 4], [2, 3], [8, 3, 2, 3]]; // lines differ in more than colour
const number = new Intl.NumberFormat(LOCALE, { maximumFractionDigits: 2 });
const two = (value) => String(value).padStart(2, "0");
const day = (date) => `${two(date.getDate())}/${two(date.getMonth() + 1)}`;
const month = (date) => `${two(date.getMonth() + 1)}/${date.getFullYear()}`;
const MONTH_SECONDS = 27 * 86400;

for (const holder of document.querySelectorAll('[data-chart="line"]')) {
  const facts = JSON.parse(document.querySelector(holder.dataset.series).textContent);
  let plot = line(holder, facts);
  document.fonts.ready.then(() => plot.redraw()); // a canvas does not wait for its letters
  new ResizeObserver(() => plot.setSize(sizeOf(holder))).observe(holder);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    plot.destroy();
    plot = line(holder, facts);
  });
}

function line(holder, facts) {
  const colour = (name) => getComputedStyle(holder).getPropertyValue(name).trim();
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
  return new uPlot(
    {
      ...sizeOf(holder),
      padding: [12, labelRoom(facts), 0, 0],
      legend: { show: false },
      cursor: { show: false },
      scales: { x: { time: dates }, y: { range: (_, low, high) => rangeOf(facts, low, high) } },
      axes: [
        {
          ...axis(small ? null : facts.xLabel, 32, (_, ticks) => ticks.map(dateOr(facts, ticks)), 72),
          ...(facts.xMonths ? { splits: (plot) => monthsOf(plot, data[0]) } : {}),
        },
        axis(small ? null : facts.yLabel, 52, (_, ticks) => ticks.map((tick) => number.format(tick)), 32),
      ],
      series,
      bands,
      hooks: { draw: [(plot) => direct(plot, facts, inks, colour)] },
    },
    data,
    holder,
  );
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
  const top = Math.max(high ?? 1, facts.limit?.value ?? 0);
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

function labelRoom(facts) {
  const longest = Math.max(...facts.series.map(({ label }) => label.length));
  return Math.min(180, 16 + longest * 8);
}

// Each line is named at its end; the limit is a line with its name.
function direct(plot, facts, inks, colour) {
  const { ctx } = plot;
  const ratio = devicePixelRatio;
  ctx.save();
  ctx.font = `600 ${14 * ratio}px ${colour("--font")}`;
  ctx.textBaseline = "middle";
  ctx.textAlign = "left";
  const taken = [];
  facts.series.forEach((one, index) => {
    const last = one.values.findLastIndex((value) => value !== null);
    if (last < 0) return;
    let y = plot.valToPos(one.values[last], "y", true);
    while (taken.some((other) => Math.abs(other - y) < 18 * ratio)) y += 18 * ratio;
    taken.push(y);
    ctx.fillStyle = inks[index % inks.length];
    ctx.fillText(one.label, plot.valToPos(plot.data[0][last], "x", true) + 8 * ratio, y);
  });
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
