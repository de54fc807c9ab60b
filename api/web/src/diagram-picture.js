// A diagram with its heat as a picture: every step in its colour, with its number below the name.
import { Sheet } from "./pictures.js";

const HEAT = ["#fff7bc", "#fee391", "#fec44f", "#fe9929", "#ec7014", "#b84300"];
const EDGE = 24;
const [KEY, KEY_WIDE] = [28, 150]; // what the colours mean, below

export function diagramPicture(viewer, { elements, scale }, title, below) {
  const canvas = viewer.get("canvas");
  const registry = viewer.get("elementRegistry");
  const box = canvas.getActiveLayer().getBBox();
  const [width, height] = [Math.ceil(box.width) + 2 * EDGE, Math.ceil(box.height) + 2 * EDGE + KEY];
  const sheet = new Sheet(width, height, title, below);
  const defs = canvas.getContainer().querySelector("defs");
  if (defs) sheet.root.append(defs.cloneNode(true));
  const layer = canvas.getActiveLayer().cloneNode(true);
  for (const extra of layer.querySelectorAll(".djs-hit, .djs-outline, .djs-dragger")) extra.remove();
  const moved = sheet.add("g", { transform: `translate(${EDGE - box.x} ${EDGE - box.y + sheet.top})` });
  for (const [id, fact] of Object.entries(elements)) {
    const shape = registry.get(id);
    if (!shape || shape.waypoints) continue;
    const drawn = layer.querySelector(`[data-element-id="${CSS.escape(id)}"] .djs-visual > :first-child`);
    if (drawn && HEAT[fact.level]) drawn.style.fill = HEAT[fact.level];
    if (fact.level !== "5") continue;
    for (const words of drawn?.parentNode.querySelectorAll("text") ?? []) words.style.fill = "#fff";
  }
  moved.append(layer);
  for (const [id, fact] of Object.entries(elements)) {
    const shape = registry.get(id);
    if (!shape || shape.waypoints || !fact.label) continue;
    const words = [fact.label, fact.late].filter(Boolean).join(" · ");
    const [x, y] = [shape.x + shape.width / 2 + EDGE - box.x, shape.y + shape.height + 16 + EDGE - box.y + sheet.top];
    sheet.text(words, x, y, { "text-anchor": "middle", "font-weight": 600, stroke: "#fff", "stroke-width": 4, "paint-order": "stroke" });
  }
  const foot = sheet.top + height - KEY;
  scale.forEach((words, level) => {
    const x = EDGE + level * KEY_WIDE;
    sheet.add("rect", { x, y: foot, width: 24, height: 14, fill: HEAT[level], stroke: "#555" });
    sheet.text(words, x + 32, foot + 12);
  });
  return sheet.done();
}
