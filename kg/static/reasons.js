// Why words are marked: the reason comes up on hover, on focus and on a click, and Escape sends it away.
// The marks of a text are one stop of the Tab key; arrows move between them.

let box = null;
let owner = null;
let pinned = false;
let timer = 0;

function ensureBox() {
  if (box) return box;
  box = document.createElement("div");
  box.className = "pop";
  box.hidden = true;
  box.addEventListener("mouseenter", () => clearTimeout(timer));
  box.addEventListener("mouseleave", () => later(hide));
  document.body.append(box);
  return box;
}

function later(action) {
  clearTimeout(timer);
  timer = setTimeout(action, 150);
}

function show(mark, pin) {
  clearTimeout(timer);
  const source = document.getElementById(mark.getAttribute("aria-describedby"));
  if (!source) return;
  ensureBox();
  if (owner) owner.classList.remove("is-open");
  owner = mark;
  pinned = pin;
  mark.classList.add("is-open");
  box.replaceChildren(...[...source.cloneNode(true).children]);
  box.hidden = false;
  const margin = 8;
  const rects = mark.getClientRects();
  const at = rects[0];
  const width = box.offsetWidth;
  const left = Math.max(margin, Math.min(at.left, document.documentElement.clientWidth - width - margin));
  const last = rects[rects.length - 1];
  let top = last.bottom + 6;
  if (top + box.offsetHeight > window.innerHeight - margin && at.top - box.offsetHeight - 6 > margin) {
    top = at.top - box.offsetHeight - 6;
  }
  box.style.left = left + window.scrollX + "px";
  box.style.top = top + window.scrollY + "px";
}

function hide() {
  if (!owner) return;
  owner.classList.remove("is-open");
  owner = null;
  pinned = false;
  box.hidden = true;
}

function move(marks, mark, step) {
  const shown = marks.filter((other) => other.offsetParent !== null);
  const next = shown[shown.indexOf(mark) + step];
  if (!next) return;
  mark.tabIndex = -1;
  next.tabIndex = 0;
  next.focus();
}

// Make the marks of some texts answer; once for each text.
export function attach(root) {
  for (const passage of root.querySelectorAll("[data-passage]")) {
    const marks = [...passage.querySelectorAll("mark.g")];
    marks.forEach((mark, number) => {
      mark.removeAttribute("title");
      mark.tabIndex = number ? -1 : 0;
      mark.addEventListener("mouseenter", () => { if (!pinned) show(mark, false); });
      mark.addEventListener("mouseleave", () => { if (!pinned) later(hide); });
      mark.addEventListener("focus", () => show(mark, false));
      mark.addEventListener("blur", () => { if (!pinned) later(hide); });
      mark.addEventListener("click", () => show(mark, true));
      mark.addEventListener("keydown", (event) => {
        const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
        if (step) { event.preventDefault(); move(marks, mark, step); }
        if (event.key === "Enter") {
          show(mark, true);
          const link = box.querySelector("a");
          if (link) { event.preventDefault(); link.focus(); }
        }
      });
    });
  }
  for (const texts of root.querySelectorAll("[data-texts]")) {
    texts.addEventListener("click", (event) => {
      const button = event.target.closest("[data-kind]");
      if (!button) return;
      const on = button.getAttribute("aria-pressed") === "false";
      button.setAttribute("aria-pressed", String(on));
      texts.classList.toggle("hide-" + button.dataset.kind, !on);
    });
  }
}

export function reasons() {
  attach(document);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && owner) {
      const back = box.contains(document.activeElement) ? owner : null;
      hide();
      if (back) { back.focus(); hide(); }
    }
  });
  document.addEventListener("click", (event) => {
    if (pinned && owner && !box.contains(event.target) && !owner.contains(event.target)) hide();
  });
}
