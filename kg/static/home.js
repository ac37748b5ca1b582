// The home page: search as you type, and the question about a pair.
import { folder } from "kg/fold";
import { element, filled, read } from "kg/parts";
import { combobox, rank } from "kg/search";

const data = read("search-data");
const words = read("search-words");
const lang = document.documentElement.lang.startsWith("zh") ? "zh" : "en";
const fold = folder(data.fold);

const entities = data.entities.map(([kind, id, english, chinese, alt, works, focus, href, read]) => ({
  kind, id, works, focus, href,
  label: lang === "zh" ? chinese : english,
  other: lang === "zh" ? english : chinese,
  keys: [english, chinese, ...alt].map(fold),
  read,
}));
const works = data.works.map(([title, second, authors, year, workLang, href, marks, alliances, focus]) => ({
  kind: "work", title, second, authors, year, lang: workLang, href, marks, alliances, focus,
  keys: [fold(title + " " + second), fold(authors.join(" "))],
}));

let remote = { query: "", works: [] };

// With a server behind the page, works are asked for; the list is shown again when they come.
function askServer(query, again) {
  if (!data.api || remote.query === query) return;
  remote = { query, works: [] };
  setTimeout(async () => {
    if (remote.query !== query) return;
    const answer = await fetch(data.api + "/search?" + new URLSearchParams({ q: query, lang }));
    if (!answer.ok || remote.query !== query) return;
    remote.works = (await answer.json()).works.map(fromServer);
    again();
  }, 150);
}

const fromServer = (row) => ({ kind: "work", title: row.title ?? row.stand_in, authors: row.authors, year: row.year, lang: row.lang, href: row.href, marks: row.title === null ? "s" : "", inFocus: row.focus });

function find(query) {
  const wanted = fold(query.trim());
  if (!wanted) return [];
  askServer(query.trim(), () => searching.open());
  const named = entities.map((entity) => [rank(entity.keys, wanted, entity.read), entity]).filter(([r]) => r < 9);
  named.sort(([a, x], [b, y]) => a - b || y.works - x.works || (x.label < y.label ? -1 : 1));
  const parts = wanted.split(" ");
  const titled = works.filter((work) => parts.every((part) => work.keys.some((key) => key.includes(part))));
  return [...named.map(([, entity]) => entity), ...titled, ...(remote.query === query.trim() ? remote.works : [])];
}

function byline(work) {
  const han = work.lang.startsWith("zh");
  const names = work.authors.slice(0, 3).join(han ? "、" : ", ") + (work.authors.length > 3 ? (han ? "等" : " et al.") : "");
  return [names, work.year ?? words.undated].filter((part) => part !== "").join(" · ");
}

function workTitle(work) {
  const link = element(work.href ? "a" : "span", { class: work.marks === "s" ? "title stand-in" : "title", lang: work.lang, dir: "auto" }, work.title);
  if (work.href) link.href = work.href;
  if (work.marks === "s") link.title = words.stand_in_note;
  return link;
}

function shown(hit) {
  const option = element("a", { class: "hit is-" + hit.kind });
  if (hit.href) option.href = hit.href;
  const kind = element("span", { class: "hit-kind" }, words["kind_" + hit.kind]);
  if (hit.kind === "work") {
    option.append(
      element("span", { class: "hit-name" + (hit.marks === "s" ? " stand-in" : ""), lang: hit.lang, dir: "auto" }, hit.title),
      element("span", { class: "hit-note" }, byline(hit)), kind);
  } else {
    option.append(
      element("span", { class: "hit-name" }, hit.label),
      element("span", { class: "second", lang: lang === "zh" ? "en" : "zh-Hans" }, hit.other === hit.label ? "" : hit.other),
      element("span", { class: "hit-note num" }, filled(words.n_works, { n: hit.works })), kind);
  }
  return option;
}

let searching = null;

function searchBox() {
  const form = document.querySelector("[data-search]");
  const input = form.querySelector("input");
  searching = combobox(input, document.getElementById("hits"), form.querySelector("[data-search-status]"), {
    find,
    show: shown,
    go: (hit, event) => { if (!event && hit.href) location.href = hit.href; return false; },
    words: { none: words.hits_none, more: (n) => filled(words.hits_more, { n }), number: (n) => filled(words.hits_n, { n }) },
  });
  form.addEventListener("submit", (event) => event.preventDefault());
  const asked = new URLSearchParams(location.search).get("q");
  if (asked) { input.value = asked; input.focus(); searching.open(); }
}

function pairQuestion() {
  const form = document.querySelector("[data-ask]");
  const answer = document.querySelector("[data-answer]");
  const [first, second] = form.querySelectorAll("select");
  const named = (id) => {
    const row = data.states.find(([state]) => state === id);
    return row ? (lang === "zh" ? row[2] : row[1]) : id;
  };
  const worksOn = async (entity, place) => {
    if (!data.api) {
      const mine = works.filter((work) => work.alliances.includes(place)).map((work) => ({ ...work, inFocus: work.focus.includes(place) ? [entity.id] : [] }));
      return mine.sort((x, y) => y.inFocus.length - x.inFocus.length);
    }
    const got = await fetch(data.api + "/works?" + new URLSearchParams({ pair: entity.id, size: 8, lang }));
    return got.ok ? (await got.json()).works.map(fromServer) : [];
  };
  const show = async () => {
    const [a, b] = [first.value, second.value];
    answer.replaceChildren();
    if (!a || !b) return;
    if (a === b) { answer.append(element("p", { class: "muted" }, words.answer_same)); return; }
    history.replaceState(null, "", "#pair=" + a + "," + b);
    const holding = entities.map((entity, number) => [entity, number]).filter(([entity]) => entity.kind === "alliance" && data.pairs[entity.id]?.includes(a) && data.pairs[entity.id].includes(b));
    const exact = holding.find(([entity]) => new Set(data.pairs[entity.id]).size === 2);
    const wider = holding.filter((entry) => entry !== exact);
    if (exact) {
      const [entity, number] = exact;
      const name = entity.label;
      answer.append(element("p", { class: "answer-head" }, filled(words.answer_n, { n: entity.works, focus: entity.focus, name })));
      const list = element("ul", { class: "works" });
      answer.append(list);
      const mine = await worksOn(entity, number);
      if (first.value !== a || second.value !== b) return;
      for (const work of mine.slice(0, 8)) {
        const inFocus = work.inFocus.includes(entity.id);
        const meta = element("div", { class: "meta" }, byline(work) + " ");
        meta.append(element("span", { class: inFocus ? "chip chip-focus" : "chip" }, inFocus ? words.in_focus : words.in_passing));
        const head = element("div");
        head.append(workTitle(work));
        const item = element("li", { class: "work-item" });
        item.append(head, meta);
        list.append(item);
      }
      const more = element("p");
      if (entity.works > 8) more.append(filled(words.answer_more, { n: entity.works - 8 }) + " · ");
      more.append(element("a", { href: entity.href }, words.answer_open));
      answer.append(more);
    } else {
      answer.append(element("p", { class: "answer-head" }, filled(words.answer_none, { a: named(a), b: named(b) })));
    }
    if (wider.length) {
      const line = element("p", { class: "muted" }, words.answer_wider + " ");
      wider.forEach(([entity], number) => {
        if (number) line.append(words.list_comma);
        line.append(element("a", { href: entity.href, class: "name is-alliance" }, entity.label), " (" + entity.works + ")");
      });
      answer.append(line);
    }
  };
  first.addEventListener("change", show);
  second.addEventListener("change", show);
  const asked = /^#pair=([\w-]+),([\w-]+)$/.exec(location.hash);
  if (asked) { first.value = asked[1]; second.value = asked[2]; show(); }
}

searchBox();
pairQuestion();
