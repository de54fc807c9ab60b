// The line of a chart as a picture of its own: the same scales, ticks and names as on the screen.
import { Sheet } from "./pictures.js";

const INKS = ["#0b4f8a", "#1b1b1b", "#8a5a00", "#555555"];
const NAME_ROOM = 190; // beside the lines, for their names
const LATE = "#b3261e";
const GRID = "#d9d9d9";

export function chartPicture(plot, facts, dashes, endsOf, title, below) {
  const names = NAME_ROOM - (plot.width - (plot.bbox.left + plot.bbox.width) / devicePixelRatio);
  const [width, height] = [plot.width + Math.max(0, facts.series.length > 1 ? names : 0), plot.height];
  const sheet = new Sheet(width, height, title, below);
  const at = (x, y) => [plot.bbox.left / devicePixelRatio + plot.valToPos(x, "x"), sheet.top + frame.top + plot.valToPos(y, "y")];
  const frame = {
    left: plot.bbox.left / devicePixelRatio,
    top: plot.bbox.top / devicePixelRatio,
    width: plot.bbox.width / devicePixelRatio,
    height: plot.bbox.height / devicePixelRatio,
  };
  axes(sheet, plot, facts, frame, at);
  const xs = plot.data[0];
  facts.series.forEach((one, index) => {
    const ink = INKS[index % INKS.length];
    if (one.low && one.high) sheet.add("path", { d: band(xs, one, at), fill: ink, "fill-opacity": 0.15 });
    const dash = dashes[index % dashes.length].join(" ");
    sheet.add("path", {
      d: lines(xs, one.values, at),
      fill: "none",
      stroke: ink,
      "stroke-width": 2,
      ...(dash ? { "stroke-dasharray": dash } : {}),
    });
  });
  for (const { one, index, x, y } of endsOf(plot, facts, 18, frame.height, false)) {
    const ink = { fill: INKS[index % INKS.length], "font-weight": 600 };
    sheet.text(one.label, frame.left + x + 8, sheet.top + frame.top + y + 5, ink);
  }
  if (facts.mark) {
    const [x] = at(facts.mark.x, 0);
    const [top, foot] = [sheet.top + frame.top, sheet.top + frame.top + frame.height];
    sheet.add("line", { x1: x, x2: x, y1: top, y2: foot, stroke: LATE, "stroke-dasharray": "4 4" });
    const beyond = x > frame.left + frame.width / 2;
    const side = { fill: LATE, "text-anchor": beyond ? "end" : "start", "font-weight": 600 };
    sheet.text(facts.mark.label, x + (beyond ? -8 : 8), foot - 12, side);
  }
  return sheet.done();
}

function axes(sheet, plot, facts, frame, at) {
  const bottom = sheet.top + frame.top + frame.height;
  const [across, up] = plot.axes;
  (across._splits ?? []).forEach((tick, place) => {
    const [x] = at(tick, 0);
    sheet.add("line", { x1: x, x2: x, y1: sheet.top + frame.top, y2: bottom, stroke: GRID });
    sheet.text(across._values?.[place] ?? "", x, bottom + 20, { "text-anchor": "middle", fill: "#555" });
  });
  (up._splits ?? []).forEach((tick, place) => {
    const [, y] = at(0, tick);
    sheet.add("line", { x1: frame.left, x2: frame.left + frame.width, y1: y, y2: y, stroke: GRID });
    sheet.text(up._values?.[place] ?? "", frame.left - 8, y + 5, { "text-anchor": "end", fill: "#555" });
  });
  const middle = frame.left + frame.width / 2;
  if (across.label) sheet.text(facts.xLabel, middle, bottom + 44, { "text-anchor": "middle", fill: "#555" });
  if (up.label) {
    const y = sheet.top + frame.top + frame.height / 2;
    const turned = { "text-anchor": "middle", fill: "#555", transform: `rotate(-90 14 ${y})` };
    sheet.text(facts.yLabel, 14, y, turned);
  }
}

function lines(xs, values, at) {
  let drawn = false;
  return values
    .map((value, place) => {
      if (value === null) {
        drawn = false;
        return "";
      }
      const [x, y] = at(xs[place], value);
      const step = `${drawn ? "L" : "M"}${x.toFixed(1)} ${y.toFixed(1)}`;
      drawn = true;
      return step;
    })
    .join("");
}

function band(xs, { low, high }, at) {
  const known = xs.map((_, place) => place).filter((place) => low[place] !== null && high[place] !== null);
  const points = [
    ...known.map((place) => at(xs[place], high[place])),
    ...known.toReversed().map((place) => at(xs[place], low[place])),
  ];
  return points.length ? `M${points.map(([x, y]) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z` : "";
}
