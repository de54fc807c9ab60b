// Draws [data-diagram=URL] with bpmn-js and lays the facts of [data-overlays] over it.
// data-overlays: a URL, or #ID of a <script type="application/json">, holding
//   {"mode": "findings|path|heat|coverage",
//    "elements": {ID: {"level": "error|warning|info|done|current|late|missed|0..5",
//                      "label": "text on the badge", "title": "sentence for everybody",
//                      "late": "text of the late badge (heat only, optional)"}},
//    "scale": ["< 50%", ...six texts],      (heat only, optional: what the levels mean)
//    "walks": {NAME: [moves]}, "ends": {NAME: sentence},   (optional: see walk.js)
//    "scaleTitle": "what is measured:"}     (heat only, optional)
// Findings jump both ways: [data-element=ID] in the page and the badge on the drawing.
import NavigatedViewer from "bpmn-js/lib/NavigatedViewer";
import "bpmn-js/dist/assets/diagram-js.css";
import "bpmn-js/dist/assets/bpmn-js.css";
import vietnamese from "./bpmn-vi.json";
import { diagramPicture } from "./diagram-picture.js";
import { offer } from "./pictures.js";
import { walks } from "./walk.js";

const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);

const SMALLEST = 0.7; // below it nobody reads the names of steps
const MARGIN = 60;
const URGENT = ["late", "current", "error", "missed", "5"];
const SYMBOLS = { error: "✕", warning: "!", info: "i", done: "✓", current: "●", late: "⚠", missed: "○" };
const SCALE = ["< 50%", "50–75%", "75–90%", "90–100%", "100–150%", "> 150%"];
const LEGENDS = {
  findings: [
    ["error", say("Lỗi, phải sửa", "Error, must be mended")],
    ["warning", say("Cảnh báo", "Warning")],
    ["info", say("Gợi ý", "Hint")],
  ],
  path: [
    ["done", say("Đã xong", "Done")],
    ["current", say("Đang làm", "In hand")],
    ["late", say("Đang trễ", "Late")],
  ],
  coverage: [
    ["done", say("Đã đi qua", "Passed")],
    ["missed", say("Chưa lượt nào đi qua", "Never passed")],
  ],
};

const translation = {
  translate: [
    "value",
    (text, values = {}) =>
      ((english ? null : vietnamese[text]) ?? text).replace(
        /{([^}]+)}/g,
        (whole, name) => values[name] ?? whole,
      ),
  ],
};

for (const holder of document.querySelectorAll("[data-diagram]")) {
  draw(holder).catch((error) => fail(holder, error));
}

async function draw(holder) {
  const [xml, facts] = await Promise.all([text(holder.dataset.diagram), overlaysOf(holder)]);
  const canvasBox = document.createElement("div");
  canvasBox.className = "diagram__canvas";
  holder.append(canvasBox);
  const viewer = new NavigatedViewer({
    container: canvasBox,
    additionalModules: [translation],
    zoomScroll: { enabled: false }, // the wheel belongs to the page; Ctrl + wheel zooms
  });
  try {
    await viewer.importXML(xml);
  } catch (error) {
    viewer.destroy();
    canvasBox.remove();
    throw error;
  }
  holder.querySelector(".diagram__fallback")?.remove();
  fit(viewer);
  lay(viewer, holder, facts);
  readable(viewer, facts);
  describe(viewer, holder, facts);
  tools(viewer, holder);
  wheel(viewer, canvasBox);
  refit(viewer, holder, facts);
  walks(viewer, holder, facts, say);
  if (facts.mode === "heat" && holder.dataset.picture) {
    const legend = holder.nextElementSibling ?? holder;
    const told = { ...facts, scale: facts.scale ?? SCALE };
    const draw = () => diagramPicture(viewer, told, holder.dataset.label, holder.dataset.below);
    offer(legend, holder.dataset.picture, draw);
  }
  holder.dataset.drawn = "";
}

async function text(url) {
  const answer = await fetch(url, { headers: { Accept: "application/xml, text/xml" } });
  if (!answer.ok) throw new Error(say("máy chủ không gửi sơ đồ", "the server did not send it"));
  return answer.text();
}

async function overlaysOf(holder) {
  const from = holder.dataset.overlays;
  if (!from) return { mode: "findings", elements: {} };
  if (from.startsWith("#")) return JSON.parse(document.querySelector(from).textContent);
  const answer = await fetch(from, { headers: { Accept: "application/json" } });
  if (!answer.ok) throw new Error(say("máy chủ không gửi số liệu", "the server sent no facts"));
  return answer.json();
}

function fail(holder, error) {
  const said = document.createElement("p");
  said.className = "diagram__failed";
  said.setAttribute("role", "status");
  const why = english ? error.message : (vietnamese[error.message] ?? error.message);
  said.textContent = say("Chưa vẽ được sơ đồ: ", "The diagram cannot be drawn: ") + why;
  holder.prepend(said);
}

function fit(viewer) {
  const canvas = viewer.get("canvas");
  canvas.zoom("fit-viewport", "auto");
  if (canvas.zoom() > 1) canvas.zoom(1, "auto"); // small drawings keep their size
}

// In a new frame (a turned phone, a sheet of paper) a drawing that nobody has moved fits itself anew.
function refit(viewer, holder, facts) {
  let moved = false;
  for (const kind of ["pointerdown", "wheel", "keydown"]) {
    holder.addEventListener(kind, () => (moved = true), { passive: true });
  }
  const again = () => {
    viewer.get("canvas").resized();
    if (moved) return;
    fit(viewer);
    readable(viewer, facts);
  };
  new ResizeObserver(again).observe(holder);
}

// Where the whole does not fit in letters one can read, begin at the left, or, where that would
// hide it, where it matters first.
function readable(viewer, { elements }) {
  const canvas = viewer.get("canvas");
  if (canvas.zoom() >= SMALLEST) return;
  const registry = viewer.get("elementRegistry");
  const shapes = registry.filter(({ x, waypoints }) => x !== undefined && !waypoints);
  const urgent = shapes.filter(({ id }) => URGENT.includes(elements[id]?.level));
  const starts = shapes.filter(({ type }) => type === "bpmn:StartEvent");
  const target = (urgent[0] ? urgent : starts).sort((one, other) => one.x - other.x)[0];
  canvas.zoom(SMALLEST);
  const { inner, width, height } = canvas.viewbox();
  if (!target) return;
  const seen = target.x + target.width < inner.x + width - MARGIN;
  const x = seen ? inner.x - MARGIN / 4 : Math.min(target.x - width / 3, inner.x + inner.width - width + MARGIN);
  const middle = target.y + target.height / 2 - height / 2;
  const room = inner.y + inner.height - height + MARGIN / 2;
  const y =
    inner.height <= height
      ? inner.y - (height - inner.height) / 2
      : Math.max(inner.y - MARGIN / 2, Math.min(middle, room));
  canvas.viewbox({ x, y, width, height });
}

function lay(viewer, holder, { mode, elements, scale = SCALE, scaleTitle }) {
  const [canvas, overlays, registry] = ["canvas", "overlays", "elementRegistry"].map((part) =>
    viewer.get(part),
  );
  const used = new Set();
  for (const [id, fact] of Object.entries(elements)) {
    if (!registry.get(id)) continue;
    const level = /^[0-5]$/.test(fact.level) ? `heat-${fact.level}` : fact.level;
    used.add(fact.level);
    canvas.addMarker(id, `is-${level}`);
    if (registry.get(id).waypoints) continue; // a flow shows its level by its line
    if (fact.label || mode !== "heat") {
      overlays.add(id, { position: placeOf(mode), html: badge(viewer, holder, mode, id, fact) });
    }
    if (fact.late) {
      overlays.add(id, { position: { top: -11, right: 4 }, html: chip("late-chip", `⚠ ${fact.late}`) });
    }
  }
  unpinned(registry);
  follow(viewer, registry);
  legend(holder, mode, used, scale, scaleTitle);
}

function placeOf(mode) {
  return mode === "heat" ? { bottom: 14, left: 8 } : { top: -12, right: 12 };
}

function chip(kind, words) {
  const element = document.createElement("span");
  element.className = kind;
  element.textContent = words;
  element.setAttribute("aria-hidden", "true"); // the step's own name says it
  return element;
}

function badge(viewer, holder, mode, id, fact) {
  const symbol = SYMBOLS[fact.level] ?? "";
  const words = [symbol, fact.label].filter(Boolean).join(" ");
  if (mode !== "findings") return chip(`pin pin--${mode} pin--${fact.level}`, words);
  const button = document.createElement("button");
  button.type = "button";
  button.tabIndex = -1; // the step itself is reached with Tab; this is for the pointer
  button.className = `pin pin--${fact.level}`;
  button.textContent = words;
  button.title = fact.title ?? "";
  button.setAttribute("aria-hidden", "true");
  button.addEventListener("click", () => choose(viewer, holder, id, { toList: true }));
  return button;
}

// What cannot be pinned on the drawing stays in the list, and says so.
function unpinned(registry) {
  for (const item of document.querySelectorAll(".finding[data-element]")) {
    item.toggleAttribute("data-unpinned", !registry.get(item.dataset.element));
  }
}

// From the list to the drawing: any link or button that names an element.
function follow(viewer, registry) {
  document.addEventListener("click", (event) => {
    const from = event.target.closest("a[data-element], button[data-element]");
    if (!from || !registry.get(from.dataset.element)) return;
    event.preventDefault();
    const holder = viewer.get("canvas").getContainer().closest("[data-diagram]");
    choose(viewer, holder, from.dataset.element, { toDrawing: true });
  });
}

function choose(viewer, holder, id, { toList = false, toDrawing = false } = {}) {
  const canvas = viewer.get("canvas");
  for (const each of viewer.get("elementRegistry").getAll()) canvas.removeMarker(each, "is-chosen");
  canvas.addMarker(id, "is-chosen");
  const items = [...document.querySelectorAll(".finding[data-element]")];
  for (const item of items) item.toggleAttribute("data-selected", item.dataset.element === id);
  if (toDrawing) {
    canvas.scrollToElement(id, 80);
    holder.scrollIntoView({ block: "nearest" });
    viewer.get("elementRegistry").getGraphics(id).focus({ preventScroll: true });
  }
  const first = items.find((item) => item.dataset.element === id);
  if (toList && first) {
    first.scrollIntoView({ block: "nearest" });
    (first.querySelector("a, button") ?? first).focus({ preventScroll: true });
  }
  holder.dispatchEvent(new CustomEvent("diagram:chosen", { bubbles: true, detail: { id } }));
}

// For those who listen or use keys: a group with a name, and each step a stop that says its facts.
function describe(viewer, holder, { elements }) {
  const registry = viewer.get("elementRegistry");
  const canvas = viewer.get("canvas");
  const svg = canvas.getContainer().querySelector("svg");
  svg.setAttribute("role", "group");
  svg.setAttribute("aria-label", holder.dataset.label || say("Sơ đồ quy trình", "Process diagram"));
  svg.removeAttribute("tabindex");
  for (const element of registry.filter((each) => isStop(each, elements))) {
    const graphics = registry.getGraphics(element);
    const sentence = [element.businessObject.name || element.id, elements[element.id]?.title];
    graphics.setAttribute("role", "img");
    graphics.setAttribute("tabindex", "0");
    graphics.setAttribute("aria-label", sentence.filter(Boolean).join(". "));
    graphics.addEventListener("keydown", (event) => {
      if (event.key !== "Enter" && event.key !== " ") return;
      event.preventDefault();
      choose(viewer, holder, element.id, { toList: true });
    });
    graphics.addEventListener("focus", () => canvas.scrollToElement(element, 40));
  }
  viewer.on("element.click", ({ element }) => {
    if (isStop(element, elements)) choose(viewer, holder, element.id);
  });
}

function isStop(element, facts) {
  if (element.labelTarget || element.waypoints) return false;
  return element.id in facts || Boolean(element.businessObject?.$instanceOf?.("bpmn:Activity"));
}

function tools(viewer, holder) {
  const bar = document.createElement("div");
  bar.className = "diagram__tools";
  const zoom = (factor) => {
    const canvas = viewer.get("canvas");
    canvas.zoom(Math.min(4, Math.max(0.2, canvas.zoom() * factor)));
  };
  const buttons = [
    ["+", say("Phóng to", "Zoom in"), () => zoom(1.25)],
    ["−", say("Thu nhỏ", "Zoom out"), () => zoom(0.8)],
    ["⤢", say("Vừa khung", "Fit"), () => fit(viewer)],
  ];
  for (const [sign, name, act] of buttons) {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = sign;
    button.title = name;
    button.setAttribute("aria-label", name);
    button.addEventListener("click", act);
    bar.append(button);
  }
  holder.prepend(bar);
}

function wheel(viewer, box) {
  box.addEventListener(
    "wheel",
    (event) => {
      if (!event.ctrlKey && !event.metaKey) return;
      event.preventDefault();
      const frame = box.getBoundingClientRect();
      const point = { x: event.clientX - frame.left, y: event.clientY - frame.top };
      const canvas = viewer.get("canvas");
      const scale = canvas.zoom() * (event.deltaY < 0 ? 1.1 : 0.9);
      canvas.zoom(Math.min(4, Math.max(0.2, scale)), point);
    },
    { passive: false },
  );
}

function legend(holder, mode, used, scale, scaleTitle) {
  const entries = (LEGENDS[mode] ?? []).filter(([level]) => used.has(level));
  if (mode === "heat" && used.size > 0) holder.after(heatLegend(scale, scaleTitle));
  if (entries.length === 0) return;
  const list = document.createElement("ul");
  list.className = "diagram__legend";
  for (const [level, words] of entries) {
    const item = document.createElement("li");
    item.append(chip(`pin pin--${mode} pin--${level}`, SYMBOLS[level]), words);
    list.append(item);
  }
  holder.after(list);
}

function heatLegend(scale, title) {
  const list = document.createElement("ul");
  list.className = "diagram__legend";
  const first = document.createElement("li");
  first.textContent = title ?? say("P90 so với thời hạn:", "P90 against the limit:");
  list.append(first);
  scale.forEach((words, level) => {
    const item = document.createElement("li");
    item.append(chip(`swatch swatch--${level}`, ""), words);
    list.append(item);
  });
  return list;
}
