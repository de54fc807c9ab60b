// The one-stop desk by keyboard: the search, ticks, the applicant found again, drafts, the receipt.

const search = () => document.querySelector("[data-desk-search] input[type=search]");
const main = () => document.querySelector("form[data-receives]");
const rows = () => [...document.querySelectorAll("#found .row-link")];

// Enter opens the first line: the server looks for what stands in the field now, not for what was
// found a moment ago.
document.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-desk-search]");
  if (!form || !search().value.trim()) return;
  const first = form.elements.first ?? document.createElement("input");
  first.type = "hidden";
  first.name = "first";
  first.value = "true";
  form.append(first);
});

// Down goes from the field into the list, up and down along it, and up from the first line back.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented) return;
  if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
  const field = search();
  const lines = rows();
  if (!field || document.querySelector("dialog[open]")) return;
  const at = event.target === field ? -1 : lines.indexOf(event.target);
  if (at < 0 && event.target !== field) return;
  event.preventDefault();
  const next = at + (event.key === "ArrowDown" ? 1 : -1);
  if (next < 0) field.focus();
  else lines[Math.min(next, lines.length - 1)]?.focus();
});

// What is typed while a line has the focus goes on in the search.
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1) return;
  if (!event.target.closest?.("#found") || "jk/ ".includes(event.key)) return;
  search()?.focus();
});

document.addEventListener("keydown", (event) => {
  if (document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    const button = main()?.querySelector(".button--primary");
    if (!button) return;
    event.preventDefault();
    main().requestSubmit(button);
  } else if (event.key === "F2" && (search() || main())) {
    event.preventDefault();
    if (search()) search().focus();
    else location.assign("/desk");
  } else if (event.key === "F8" && document.querySelector("[data-quick]")) {
    event.preventDefault();
    document.querySelector("[data-quick]").click();
  } else if (event.key === "F4" && main()) {
    const tick = document.querySelector("#checklist input[type=checkbox]");
    if (!tick) return;
    event.preventDefault();
    tick.focus();
  }
});

// The applicant found again: empty fields are filled, what differs is shown and taken only by a press.
document.addEventListener("htmx:after:swap", () => {
  const part = document.getElementById("known-applicant");
  for (const line of part?.querySelectorAll("[data-fill]:not([data-done])") ?? []) {
    line.setAttribute("data-done", "");
    const field = document.getElementById(line.dataset.fill);
    if (!field) continue;
    if (field.value.trim() === "") fill(field, line.dataset.value);
    else line.querySelector("[data-differs]").hidden = same(field.value, line.dataset.value);
  }
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-uses]");
  if (!button) return;
  const line = button.closest("[data-fill]");
  const field = document.getElementById(line.dataset.fill);
  fill(field, line.dataset.value);
  line.querySelector("[data-differs]").hidden = true;
  field.focus();
});

function fill(field, value) {
  field.value = value;
  field.dispatchEvent(new Event("input", { bubbles: true }));
}

function same(one, other) {
  const plain = (text) => text.normalize("NFC").toLowerCase().replace(/\s+/g, " ").trim();
  return plain(one) === plain(other);
}

// Letters that the server has not acknowledged yet go with the page: also those typed while a draft
// was on its way, and those of a draft that was refused or never arrived.
let typed = 0;
let kept = 0;
const underWay = new WeakMap();
addEventListener("input", (event) => {
  if (event.target.closest?.("form[data-draft]")) typed += 1;
});
document.addEventListener("htmx:config:request", ({ target, detail }) => {
  if (target.matches?.("form[data-draft]")) underWay.set(detail.ctx, typed);
});
document.addEventListener("htmx:after:request", ({ target, detail }) => {
  if (!target.matches?.("form[data-draft]") || detail.ctx.response.status >= 400) return;
  kept = Math.max(kept, underWay.get(detail.ctx) ?? 0);
});
addEventListener("submit", () => (kept = typed));
// A form that has been sent is no draft any more: what would come later must not bring it back.
document.addEventListener("htmx:before:request", (event) => {
  const { target } = event;
  if (target.matches?.("form[data-draft][data-sent]")) event.preventDefault();
});
addEventListener("pagehide", () => {
  const form = document.querySelector("form[data-draft]");
  if (form && typed > kept) navigator.sendBeacon(form.dataset.draft, new FormData(form));
});

// The receipt is printed once, by its own viewer; the search keeps the focus for the next citizen.
const printed = document.querySelector("[data-printed]");
if (printed) {
  const here = new URL(location.href);
  here.searchParams.delete("printing");
  history.replaceState(history.state, "", here);
  printed.addEventListener("load", () => {
    try {
      printed.contentWindow.print();
    } catch {
      // A viewer that cannot be told to print: the note has the link to the receipt.
    }
    search()?.focus();
  });
}
