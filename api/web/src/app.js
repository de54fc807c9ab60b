// Small help for pages that work without it: dialogs, keys, drop zone, one submit, copy, notes.
import "htmx.org";
import "./app.css";
import "./uploads.js";
import "./reception.js";

const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const typing = (element) => element.closest("input, select, textarea, [contenteditable]") !== null;

// [data-opens=ID] opens the dialog; [data-closes] closes its own. The link's #ID does it without us.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    event.preventDefault();
    document.getElementById(opener.dataset.opens).showModal();
    return;
  }
  const closer = event.target.closest("[data-closes]");
  if (closer) {
    event.preventDefault();
    closer.closest("dialog")?.close();
    return;
  }
  event.target.closest("[data-dismisses]")?.closest(".note")?.remove();
});

// On a phone a row of tabs is wider than the screen: the one that is open is in sight.
for (const tab of document.querySelectorAll(":is(.tabs, .site-nav) a[aria-current]")) {
  const row = tab.closest(".tabs, nav");
  const [at, room] = [tab.getBoundingClientRect(), row.getBoundingClientRect()];
  if (at.right > room.right) row.scrollLeft += at.right - room.right + 16;
}

// A decision that was refused stands open again, with what was typed and what was wrong.
for (const dialog of document.querySelectorAll("dialog[data-again]")) {
  dialog.close();
  dialog.showModal();
}

// [data-prints] prints the page.
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-prints]")) print();
});

// A menu closes when one looks elsewhere.
document.addEventListener("click", (event) => {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    if (!menu.contains(event.target)) menu.open = false;
  }
});

// j and k go down and up a list, Enter opens (the row is a link), "/" goes to the search.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key === "Escape") {
    const menu = event.target.closest("details.menu[open]");
    if (menu) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
    return;
  }
  if (typing(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") {
    const search = document.querySelector("[data-search], input[type=search]");
    if (!search) return;
    event.preventDefault();
    search.focus();
    search.select();
  } else if (event.key === "j" || event.key === "k") {
    const links = [...document.querySelectorAll(".rows .row-link")];
    if (links.length === 0) return;
    event.preventDefault();
    const at = links.indexOf(document.activeElement);
    const step = event.key === "j" ? 1 : -1;
    const next = at < 0 ? (step > 0 ? 0 : links.length - 1) : at + step;
    links[Math.min(Math.max(next, 0), links.length - 1)].focus();
  }
});

// form[data-drop-zone]: a file dropped anywhere on the page lands in its file field and is sent.
const zone = document.querySelector("form[data-drop-zone]");
if (zone) {
  const field = zone.querySelector("input[type=file]");
  const accepted = (field.accept || "").split(",").map((ending) => ending.trim().toLowerCase());
  const cover = document.createElement("div");
  cover.className = "drop-cover";
  cover.textContent = zone.dataset.dropZone || say("Thả tệp vào đây", "Drop the file here");
  let depth = 0;
  const show = (change) => {
    depth = Math.max(0, depth + change);
    if (depth > 0) document.body.append(cover);
    else cover.remove();
  };
  const hasFiles = (event) => event.dataTransfer?.types.includes("Files");
  addEventListener("dragenter", (event) => hasFiles(event) && show(1));
  addEventListener("dragleave", (event) => hasFiles(event) && show(-1));
  addEventListener("dragover", (event) => hasFiles(event) && event.preventDefault());
  addEventListener("drop", (event) => {
    if (!hasFiles(event)) return;
    event.preventDefault();
    depth = 0;
    cover.remove();
    const fits = (file) => accepted.some((ending) => file.name.toLowerCase().endsWith(ending));
    const files = [...event.dataTransfer.files].filter(fits);
    if (files.length === 0) {
      note(say(`Chỉ nhận tệp ${field.accept}.`, `Only ${field.accept} files are accepted.`));
      return;
    }
    const list = new DataTransfer();
    for (const file of field.multiple ? files : files.slice(0, 1)) list.items.add(file);
    field.files = list.files;
    zone.requestSubmit();
  });
}

// A form is sent once: until the answer comes, its buttons are busy. It leaves only when the server
// answers, so that a server that is down or restarting costs nobody what they typed.
addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.slow) wait(form, event.submitter);
  if (form.method !== "post" || form.hasAttribute("data-resubmit")) return;
  if (form.hasAttribute("data-answered")) {
    form.removeAttribute("data-answered");
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (form.hasAttribute("data-sent")) return;
  busy(form, true);
  send(form, event.submitter);
}, true);

async function send(form, submitter) {
  try {
    const alive = await fetch("/health/live", { cache: "no-store" });
    if (!alive.ok) throw new Error(alive.statusText);
  } catch {
    busy(form, false);
    unreachable();
    return;
  }
  form.setAttribute("data-answered", "");
  form.requestSubmit(submitter);
}
addEventListener("pageshow", () => {
  for (const form of document.querySelectorAll("form[data-sent]")) busy(form, false);
  for (const box of document.querySelectorAll("[data-waits]")) box.remove();
});

// [data-slow=WORDS] asks what takes a while: it says so where it was pressed.
function wait(form, submitter) {
  if (form.querySelector("[data-waits]")) return;
  const box = note(form.dataset.slow, null);
  box.className = "note";
  box.setAttribute("role", "status");
  box.dataset.waits = "";
  (submitter?.parentElement ?? form.lastElementChild).after(box);
}

function busy(form, is) {
  form.toggleAttribute("data-sent", is);
  for (const button of form.querySelectorAll("button:not([type=button])")) {
    button.toggleAttribute("data-busy", is);
    if (is) button.setAttribute("aria-disabled", "true");
    else button.removeAttribute("aria-disabled");
  }
}

// [data-copy=TEXT] copies and says so where it was pressed.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const words = button.textContent;
  let done = say("Đã chép", "Copied");
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
  } catch {
    done = say("Không chép được", "Could not copy");
  }
  button.textContent = done;
  setTimeout(() => (button.textContent = words), 2000);
});

// The server did not answer: say so where people look, and keep what they typed.
document.addEventListener("htmx:error", unreachable);

function unreachable() {
  const words = say(
    "Chưa kết nối được máy chủ. Nội dung vẫn còn trên trang; hãy thử lại.",
    "The server could not be reached. What you typed is still here; try again.",
  );
  const open = document.querySelector("dialog[open] form");
  const place = open ?? document.getElementById("notes");
  if (place && !place.querySelector("[data-unreachable]")) {
    const box = note(words, place);
    box.dataset.unreachable = "";
    box.scrollIntoView({ block: "nearest" });
  }
}

function note(words, place = document.getElementById("notes")) {
  const box = document.createElement("div");
  box.className = "note note--warning";
  box.setAttribute("role", "alert");
  const text = document.createElement("div");
  text.textContent = words;
  box.append(text);
  place?.prepend(box);
  return box;
}

// What was typed while a new part of the page was on its way goes over into it. A refusal (the session
// is over) takes nobody's entries away: it is said beside them.
document.addEventListener("htmx:before:swap", (event) => {
  const { detail } = event;
  const [main] = detail.tasks;
  if (detail.ctx.response?.status >= 400 && main?.target?.querySelector?.("input[name]")) {
    event.preventDefault();
    refuse(main.target, main.fragment);
    return;
  }
  for (const { fragment, target } of detail.tasks) {
    for (const field of target?.querySelectorAll?.("input[name], select[name]") ?? []) {
      const next = fragment?.querySelector(`[name="${CSS.escape(field.name)}"]`);
      if (!next || field.type === "hidden") continue;
      if (field.type === "checkbox" || field.type === "radio") next.checked = field.checked;
      else next.value = field.value;
    }
  }
});

function refuse(part, said) {
  const before = part.previousElementSibling;
  const box = before?.hasAttribute("data-refused") ? before : document.createElement("p");
  box.className = "quiet";
  box.setAttribute("data-refused", "");
  box.setAttribute("role", "status");
  box.replaceChildren(said);
  part.before(box);
}

// What must be put right comes first: on load, and after a form came back through htmx. Once: when
// another part of the page is renewed later, the focus stays where the person is working.
const told = new WeakSet();
function focusErrors() {
  const box = document.querySelector("dialog[open] .error-summary, .error-summary");
  if (!box || told.has(box)) return;
  told.add(box);
  box.focus();
}
focusErrors();
document.addEventListener("htmx:after:swap", focusErrors);
