// What a page draws, as a file to take along: SVG for printing, PNG for a letter or a slide.
const NS = "http://www.w3.org/2000/svg";
const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const SHARPER = 2; // a PNG has twice the points of the screen
const LETTER = 8; // points wide, at 14
const FONT = "'Be Vietnam Pro', Arial, sans-serif";

// Two buttons after `place`; draw() says {svg, width, height}, name is the file's without its ending.
export function offer(place, name, draw) {
  const bar = document.createElement("p");
  bar.className = "taken-along no-print";
  bar.append(say("Tải hình: ", "Download the picture: "));
  for (const [words, take] of [["SVG", saveSvg], ["PNG", savePng]]) {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "link-button";
    button.textContent = words;
    button.setAttribute("aria-label", say(`Tải hình ${words}`, `Download the picture as ${words}`));
    button.addEventListener("click", () => take(name, draw()));
    bar.append(button, words === "SVG" ? ", " : ".");
  }
  place.after(bar);
}

function saveSvg(name, { svg }) {
  save(`${name}.svg`, new Blob([svg], { type: "image/svg+xml" }));
}

function savePng(name, { svg, width, height }) {
  const image = new Image();
  image.addEventListener("load", () => {
    const canvas = document.createElement("canvas");
    canvas.width = width * SHARPER;
    canvas.height = height * SHARPER;
    const ink = canvas.getContext("2d");
    ink.scale(SHARPER, SHARPER);
    ink.fillStyle = "#fff";
    ink.fillRect(0, 0, width, height);
    ink.drawImage(image, 0, 0, width, height);
    canvas.toBlob((blob) => save(`${name}.png`, blob), "image/png");
  });
  image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
}

function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
}

// Words in lines of a width, by how wide letters are on average.
function wrapped(text, width) {
  const lines = [""];
  for (const word of text.split(/\s+/)) {
    const longer = `${lines.at(-1)} ${word}`.trim();
    if (longer.length * LETTER > width && lines.at(-1)) lines.push(word);
    else lines[lines.length - 1] = longer;
  }
  return lines;
}

// A drawing on white paper whatever the scheme of the screen, with its title and what it says below.
export class Sheet {
  constructor(width, height, title, below) {
    this.width = width;
    const said = below ? wrapped(below, width - 16) : [];
    this.height = height + (title ? 34 : 0) + (said.length ? 8 + 20 * said.length : 0);
    this.root = document.createElementNS(NS, "svg");
    this.put(this.root, {
      xmlns: NS,
      viewBox: `0 0 ${width} ${this.height}`,
      width,
      height: this.height,
      "font-family": FONT,
      "font-size": 14,
    });
    this.add("rect", { width, height: this.height, fill: "#fff" });
    if (title) this.text(title, 8, 22, { "font-weight": 600, "font-size": 16 });
    said.forEach((words, line) => {
      this.text(words, 8, this.height - 10 - 20 * (said.length - 1 - line), { fill: "#555" });
    });
    this.top = title ? 34 : 0;
  }

  put(element, attributes) {
    for (const [name, value] of Object.entries(attributes)) {
      if (name !== "xmlns" && value !== undefined) element.setAttribute(name, value);
    }
  }

  add(kind, attributes) {
    const element = document.createElementNS(NS, kind);
    this.put(element, attributes);
    this.root.append(element);
    return element;
  }

  text(words, x, y, attributes = {}) {
    this.add("text", { x, y, fill: "#1b1b1b", ...attributes }).textContent = words;
  }

  done() {
    return { svg: new XMLSerializer().serializeToString(this.root), width: this.width, height: this.height };
  }
}
