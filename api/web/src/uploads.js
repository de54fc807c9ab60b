// Files brought to a component: chosen, photographed or dropped, sent one by one with their progress.
// Without this script the same fields and their form send them all at once.

const english = document.documentElement.lang === "en";
const say = (vi, en) => (english ? en : vi);
const language = english ? "en" : "vi";
const MEGABYTE = 1_000_000;

for (const button of document.querySelectorAll("[data-scriptless]")) button.hidden = true;

for (const place of document.querySelectorAll("[data-bring]")) {
  const form = document.getElementById(place.dataset.bring);
  const line = place.closest("li") ?? place;
  for (const field of place.querySelectorAll("input[type=file]")) {
    field.addEventListener("change", () => {
      bring(form, place, [...field.files]);
      field.value = "";
    });
  }
  let depth = 0;
  const over = (change) => {
    depth = Math.max(0, depth + change);
    line.classList.toggle("drops", depth > 0);
  };
  const carriesFiles = (event) => event.dataTransfer?.types.includes("Files");
  line.addEventListener("dragenter", (event) => carriesFiles(event) && over(1));
  line.addEventListener("dragleave", (event) => carriesFiles(event) && over(-1));
  line.addEventListener("dragover", (event) => carriesFiles(event) && event.preventDefault());
  line.addEventListener("drop", (event) => {
    if (!carriesFiles(event)) return;
    event.preventDefault();
    depth = 0;
    over(0);
    bring(form, place, [...event.dataTransfer.files]);
  });
}

let waiting = Promise.resolve();
let failed = false;

// One file after the other: the office's line is narrow, and each has its own answer.
function bring(form, place, files) {
  if (files.length === 0) return;
  const bound = place.querySelector("input[name=bind]")?.checked;
  const parcels = bound ? [files] : files.map((file) => [file]);
  for (const parcel of parcels) {
    const row = rowFor(place, parcel);
    row.again = () => {
      waiting = waiting.then(() => send(form, parcel, bound, row)).then(finished);
    };
    row.key = newKey();
    row.again();
  }
}

function finished() {
  const open = document.querySelector(".bring__progress li");
  if (open || failed) return;
  const here = new URL(location.href);
  here.searchParams.set("tab", "components");
  here.hash = "";
  location.assign(here);
}

function send(form, parcel, bound, row) {
  const most = Number(form.dataset.most);
  if (parcel.some((file) => file.size > most * MEGABYTE)) {
    return refuse(row, say(`Tệp lớn hơn ${most} MB nên không gửi. Nén hoặc tách tệp.`,
      `The file is larger than ${most} MB. Compress or split it.`), false);
  }
  return new Promise((done) => {
    const asked = new XMLHttpRequest();
    asked.open("POST", addressOf(form, parcel, bound));
    asked.setRequestHeader("X-CSRF-Token", form.elements.csrf_token.value);
    asked.setRequestHeader("Idempotency-Key", row.key);
    asked.upload.addEventListener("progress", (event) => {
      if (event.lengthComputable) row.show(event.loaded / event.total);
    });
    asked.addEventListener("load", () => {
      if (asked.status === 201) row.remove();
      else refuse(row, sentenceOf(asked), asked.status >= 500);
      done();
    });
    asked.addEventListener("error", () => {
      refuse(row, say("Mất kết nối khi đang gửi.", "The connection was lost."), true);
      done();
    });
    if (bound) {
      const data = new FormData();
      for (const file of parcel) data.append("file", file, file.name);
      asked.send(data);
    } else {
      asked.setRequestHeader("Content-Type", "application/octet-stream");
      asked.send(parcel[0]);
    }
  });
}

function addressOf(form, parcel, bound) {
  const address = new URL(`/api/v1${new URL(form.action).pathname}${bound ? "/scans" : ""}`, location.origin);
  address.searchParams.set("component", form.elements.component.value);
  address.searchParams.set("file_name", parcel[0].name);
  return address;
}

function sentenceOf(asked) {
  try {
    return JSON.parse(asked.responseText).error[language];
  } catch {
    return say("Máy chủ chưa nhận được tệp. Thử lại.", "The server did not take the file. Try again.");
  }
}

// A file on its way: its name, a bar, and what stood against it.
function rowFor(place, parcel) {
  const row = document.createElement("li");
  const name = parcel.length > 1 ? `${parcel[0].name} +${parcel.length - 1}` : parcel[0].name;
  const label = document.createElement("span");
  label.textContent = name;
  const bar = document.createElement("progress");
  bar.max = 1;
  bar.value = 0;
  bar.setAttribute("aria-label", say(`Đang gửi ${name}`, `Sending ${name}`));
  row.append(label, bar);
  place.querySelector(".bring__progress").append(row);
  row.show = (part) => {
    bar.value = part;
    // All is sent: from here on the server examines it, which has no measure.
    if (part >= 1) bar.removeAttribute("value");
  };
  return row;
}

function refuse(row, sentence, again) {
  failed = true;
  row.querySelector("progress")?.remove();
  const words = document.createElement("strong");
  words.textContent = sentence;
  row.append(words);
  row.append(button(say("Bỏ qua", "Dismiss"), () => {
    row.remove();
    settle();
  }));
  if (!again) return;
  row.append(button(say("Gửi lại", "Send again"), () => {
    const bar = document.createElement("progress");
    bar.setAttribute("aria-label", say("Đang gửi lại", "Sending again"));
    for (const part of row.querySelectorAll("strong, button")) part.remove();
    row.append(bar);
    row.show = (part) => (bar.value = part);
    settle();
    row.again();
  }));
}

function settle() {
  failed = document.querySelector(".bring__progress strong") !== null;
  if (!failed) finished();
}

function button(words, act) {
  const made = document.createElement("button");
  made.type = "button";
  made.className = "button button--small";
  made.textContent = words;
  made.addEventListener("click", act);
  return made;
}

// Sent again after a cut, a file is taken in once. Pages in an office without HTTPS have no randomUUID.
function newKey() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
