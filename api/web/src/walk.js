// Plays a walk of tokens on the drawing: how a dossier would get stuck, move by move.
// Contract: the overlays' JSON holds "walks": {NAME: [{"element": ID, "takes": [FLOW...],
// "gives": [FLOW...]}]}, and a button [data-walk=NAME] in the page plays it. "ends": {NAME: sentence}
// says how it ends; without it, that here it goes wrong.
const PACE = 900; // milliseconds a move
const GLIDE = 600; // of them a token is under way
const RADIUS = 8;
const WAITS_AT = 0.72; // how far along its flow a waiting token is drawn
const SVG = "http://www.w3.org/2000/svg";

export function walks(viewer, holder, facts, say) {
  for (const button of document.querySelectorAll("button[data-walk]")) {
    const moves = facts.walks?.[button.dataset.walk];
    if (!moves?.length) continue;
    button.hidden = false;
    const end = facts.ends?.[button.dataset.walk] ?? say("Đến đây thì hỏng.", "Here it goes wrong.");
    button.addEventListener("click", () => open(viewer, holder, moves, end, button, say));
  }
}

function open(viewer, holder, moves, end, button, say) {
  holder.walk?.close();
  const player = new Player(viewer, holder, moves, end, button, say);
  holder.walk = player;
  holder.scrollIntoView({ block: "nearest" });
  player.show(0);
  player.play();
}

class Player {
  constructor(viewer, holder, moves, end, button, say) {
    Object.assign(this, { viewer, holder, moves, end, button, say, at: 0, timer: null });
    this.layer = viewer.get("canvas").getLayer("tokens", 100);
    this.bar = this.buildBar();
    holder.append(this.bar);
    this.pressed = (event) => event.key === "Escape" && this.close();
    document.addEventListener("keydown", this.pressed);
  }

  buildBar() {
    const bar = document.createElement("div");
    bar.className = "diagram__walk";
    this.said = document.createElement("p");
    this.said.setAttribute("role", "status");
    const { say } = this;
    this.toggle = control("▶", say("Chạy", "Play"), () => (this.timer ? this.pause() : this.play()));
    bar.append(
      control("⏮", say("Về đầu", "To the start"), () => this.step(-this.at)),
      control("◀", say("Bước trước", "Back"), () => this.step(-1)),
      this.toggle,
      control("⏭", say("Bước sau", "Forward"), () => this.step(1)),
      this.said,
      control("✕", say("Đóng", "Close"), () => this.close()),
    );
    return bar;
  }

  play() {
    if (this.at >= this.moves.length) this.show(0);
    this.timer = setInterval(() => this.forward(), PACE);
    face(this.toggle, "⏸", this.say("Dừng", "Pause"));
  }

  pause() {
    clearInterval(this.timer);
    this.timer = null;
    face(this.toggle, "▶", this.say("Chạy", "Play"));
  }

  step(by) {
    this.pause();
    this.show(Math.max(0, Math.min(this.moves.length, this.at + by)), by === 1);
  }

  forward() {
    this.show(this.at + 1, true);
    if (this.at >= this.moves.length) this.pause();
  }

  // The tokens after so many moves, counted anew: going back needs no memory.
  show(at, glides = false) {
    this.at = at;
    const tokens = new Map();
    for (const { takes, gives } of this.moves.slice(0, at)) {
      for (const flow of takes) tokens.set(flow, Math.max(0, (tokens.get(flow) ?? 0) - 1));
      for (const flow of gives) tokens.set(flow, (tokens.get(flow) ?? 0) + 1);
    }
    this.layer.replaceChildren();
    const fresh = new Set(glides && at > 0 ? this.moves[at - 1].gives : []);
    for (const [flow, count] of tokens) if (count > 0) this.draw(flow, count, fresh.has(flow));
    this.mark(this.moves[at - 1]?.element);
    this.tell();
  }

  draw(flow, count, isFresh) {
    const connection = this.viewer.get("elementRegistry").get(flow);
    const path = connection?.waypoints;
    if (!path) return;
    const token = document.createElementNS(SVG, "g");
    token.setAttribute("class", "token");
    const circle = document.createElementNS(SVG, "circle");
    circle.setAttribute("r", RADIUS);
    token.append(circle);
    if (count > 1) {
      const number = document.createElementNS(SVG, "text");
      number.textContent = count;
      number.setAttribute("text-anchor", "middle");
      number.setAttribute("dy", "0.35em");
      token.append(number);
    }
    this.layer.append(token);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    if (isFresh && !still) glide(token, path);
    else place(token, along(path, WAITS_AT));
  }

  mark(element) {
    const canvas = this.viewer.get("canvas");
    for (const each of this.viewer.get("elementRegistry").getAll()) canvas.removeMarker(each, "is-moving");
    if (!element || !this.viewer.get("elementRegistry").get(element)) return;
    canvas.addMarker(element, "is-moving");
    canvas.scrollToElement(element, 60);
  }

  tell() {
    const { say, at, moves } = this;
    const element = moves[at - 1]?.element;
    const name = this.viewer.get("elementRegistry").get(element)?.businessObject?.name || element || "";
    if (at === 0) this.said.textContent = say(`${moves.length} bước`, `${moves.length} moves`);
    else if (at < moves.length) this.said.textContent = `${at}/${moves.length}: ${name}`;
    else this.said.textContent = `${at}/${moves.length}: ${name}. ${this.end}`;
  }

  close() {
    this.pause();
    this.layer.replaceChildren();
    this.mark(null);
    this.bar.remove();
    document.removeEventListener("keydown", this.pressed);
    this.holder.walk = null;
    this.button.focus();
  }
}

function control(sign, name, act) {
  const button = document.createElement("button");
  button.type = "button";
  face(button, sign, name);
  button.addEventListener("click", act);
  return button;
}

function face(button, sign, name) {
  button.textContent = sign;
  button.title = name;
  button.setAttribute("aria-label", name);
}

function glide(token, path) {
  const begun = performance.now();
  const frame = (now) => {
    if (!token.isConnected) return;
    const part = Math.min(1, (now - begun) / GLIDE);
    place(token, along(path, WAITS_AT * part));
    if (part < 1) requestAnimationFrame(frame);
  };
  requestAnimationFrame(frame);
}

function place(token, { x, y }) {
  token.setAttribute("transform", `translate(${x} ${y})`);
}

function along(path, part) {
  const lengths = path.slice(1).map((to, index) => Math.hypot(to.x - path[index].x, to.y - path[index].y));
  let left = part * lengths.reduce((sum, each) => sum + each, 0);
  for (const [index, length] of lengths.entries()) {
    if (left <= length && length > 0) {
      const [from, to] = [path[index], path[index + 1]];
      return { x: from.x + ((to.x - from.x) * left) / length, y: from.y + ((to.y - from.y) * left) / length };
    }
    left -= length;
  }
  return path.at(-1);
}
