// The citizen's page: it works without this. The secret behind # of the slip's QR is put into its
// field and taken out of the address; a form is sent once.
const secret = document.getElementById("field-secret");
if (secret && location.hash.length > 1) {
  secret.value = decodeURIComponent(location.hash.slice(1)).slice(0, 40);
  history.replaceState(null, "", location.pathname + location.search);
  document.querySelector(".citizen__do").focus();
}

for (const form of document.querySelectorAll("form[data-once]")) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "1";
    form.querySelector("button").setAttribute("aria-busy", "true");
  });
}

// Back from the browser's memory the form may be sent again.
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  for (const form of document.querySelectorAll("form[data-sent]")) delete form.dataset.sent;
});
