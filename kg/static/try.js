// The try page: a file dropped on the form comes back marked, without leaving the page. Nothing is kept.
import { attach } from "kg/reasons";

const form = document.querySelector("[data-try]");
const results = document.querySelector("[data-results]");

async function send(body, type, name) {
  form.setAttribute("aria-busy", "true");
  try {
    const headers = { "Content-Type": type, Accept: "text/html" };
    if (name) headers["X-File-Name"] = encodeURIComponent(name);
    const answer = await fetch(form.action, { method: "POST", headers, body });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const found = page.querySelector("[data-results]");
    results.replaceChildren(...(found ? found.childNodes : []));
    attach(results);
    results.querySelector("h2")?.focus();
  } finally {
    form.removeAttribute("aria-busy");
  }
}

if (form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    send(new URLSearchParams({ text: form.querySelector("textarea").value }), "application/x-www-form-urlencoded");
  });
  const picker = form.querySelector("[data-file]");
  picker.closest("[hidden]")?.removeAttribute("hidden");
  picker.addEventListener("change", () => { if (picker.files[0]) send(picker.files[0], "application/octet-stream", picker.files[0].name); });
  const over = (event) => { event.preventDefault(); form.classList.add("is-over"); };
  form.addEventListener("dragover", over);
  form.addEventListener("dragleave", () => form.classList.remove("is-over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    form.classList.remove("is-over");
    const file = event.dataTransfer.files[0];
    if (file) send(file, "application/octet-stream", file.name);
  });
}
