// How well a name answers what was typed.

// 0 exact, 1 beginning, 2 beginning of a word, 3 inside; 9 where the words do not occur.
// `read` is how a Chinese name is read: its syllables joined, a blank, their first letters.
export function rank(keys, wanted, read = "") {
  let best = 9;
  if (read && /^[a-z ']+$/.test(wanted)) {
    const typed = wanted.replace(/[ ']/g, "");
    const [full, initials] = read.split(" ");
    if (full === typed || initials === typed) best = 1;
    else if (typed.length > 1 && (full.startsWith(typed) || initials.startsWith(typed))) best = 2;
  }
  for (const key of keys) {
    const at = key.indexOf(wanted);
    if (at < 0) continue;
    if (key === wanted) return 0;
    const start = at === 0 ? 1 : /[^\p{L}\p{N}]/u.test(key[at - 1]) || key.charCodeAt(at) > 0x2fff ? 2 : 3;
    best = Math.min(best, start);
  }
  return best;
}

// A box that lists what was found under a field. `find` gives hits, `show` makes the content of a hit, `go` follows one.
export function combobox(input, list, status, { find, show, go, words, most = 12 }) {
  let options = [];
  let hits = [];
  let chosen = -1;
  const close = () => {
    list.hidden = true;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
    chosen = -1;
  };
  const choose = (place) => {
    chosen = place;
    options.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
    if (options[chosen]) {
      input.setAttribute("aria-activedescendant", options[chosen].id);
      options[chosen].scrollIntoView({ block: "nearest" });
    } else input.removeAttribute("aria-activedescendant");
  };
  const open = () => {
    list.replaceChildren();
    options = [];
    chosen = -1;
    if (!input.value.trim()) { close(); status.textContent = ""; return; }
    hits = find(input.value);
    hits.slice(0, most).forEach((hit, number) => {
      const option = show(hit);
      option.setAttribute("role", "option");
      option.id = list.id + "-" + number;
      option.tabIndex = -1;
      option.setAttribute("aria-selected", "false");
      option.addEventListener("click", (event) => { if (go(hit, event)) close(); });
      options.push(option);
      list.append(option);
    });
    const note = (text) => {
      const line = document.createElement("p");
      line.className = "hits-none";
      line.textContent = text;
      list.append(line);
    };
    if (!hits.length) note(words.none);
    if (hits.length > most) note(words.more(hits.length - most));
    list.hidden = false;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    status.textContent = words.number(hits.length);
  };
  input.addEventListener("input", (event) => { if (!event.isComposing) open(); });
  input.addEventListener("compositionend", open);
  input.addEventListener("focus", () => { if (input.value.trim()) open(); });
  input.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    if (event.key === "ArrowDown") { event.preventDefault(); choose(Math.min(chosen + 1, options.length - 1)); }
    else if (event.key === "ArrowUp") { event.preventDefault(); choose(Math.max(chosen - 1, -1)); }
    else if (event.key === "Escape") close();
    else if (event.key === "Enter") {
      event.preventDefault();
      const hit = hits[Math.max(chosen, 0)];
      if (hit && options.length && go(hit, null)) close();
    }
  });
  document.addEventListener("click", (event) => { if (!list.contains(event.target) && event.target !== input) close(); });
  document.addEventListener("keydown", (event) => {
    if (event.key === "/" && input.hasAttribute("data-slash") && !/^(INPUT|SELECT|TEXTAREA)$/.test(document.activeElement.tagName)) {
      event.preventDefault();
      input.focus();
    }
  });
  return { open, close };
}
