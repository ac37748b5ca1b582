// What pyvis leaves out: hover texts as text, a click that opens a page, colours that follow the reader's, languages.
// Classic script, run after the one that pyvis writes: `network`, `nodes` and `edges` are its globals.
(function () {
  const root = document.documentElement;
  const groups = JSON.parse(document.getElementById("view-groups").textContent);
  const asked = new URLSearchParams(location.search).get("lang");
  let lang = asked === "zh" || asked === "en" ? asked : (navigator.language || "").toLowerCase().startsWith("zh") ? "zh" : "en";

  const css = (name) => getComputedStyle(root).getPropertyValue(name).trim();

  function colours() {
    const made = {};
    for (const [kind, shape] of Object.entries(groups)) {
      const dot = css("--dot-" + kind);
      made[kind] = { shape, color: { background: dot, border: dot, hover: { background: dot, border: css("--ink") }, highlight: { background: dot, border: css("--ink") } } };
    }
    network.setOptions({
      groups: made,
      nodes: { font: { color: css("--ink"), strokeColor: css("--bg") } },
      edges: { color: { color: css(groups.concept ? "--dot-work" : "--dot-alliance"), hover: css("--ink"), highlight: css("--ink"), opacity: 0.75 } },
    });
    edges.update(edges.get({ filter: (edge) => edge.thin }).map((edge) => ({ id: edge.id, color: { color: css("--dot-work"), hover: css("--ink") } })));
  }

  function language() {
    root.dataset.viewLang = lang;
    root.lang = lang === "zh" ? "zh-Hans" : "en";
    for (const button of document.querySelectorAll("[data-view-language]")) {
      button.setAttribute("aria-pressed", String(button.dataset.viewLanguage === lang));
    }
    for (const link of document.querySelectorAll("a[data-en]")) link.href = link.dataset[lang];
    nodes.update(nodes.get().map((node) => ({ id: node.id, title: node["hover_" + lang] })));
    edges.update(edges.get().map((edge) => ({ id: edge.id, title: edge["hover_" + lang] })));
  }

  function pageOf(params) {
    const item = params.nodes.length ? nodes.get(params.nodes[0]) : params.edges.length ? edges.get(params.edges[0]) : null;
    return item && item["page_" + lang];
  }

  network.on("click", (params) => {
    const page = pageOf(params);
    if (page) location.href = page;
  });
  const canvas = document.querySelector("#mynetwork canvas");
  for (const event of ["hoverNode", "hoverEdge"]) network.on(event, () => { canvas.style.cursor = "pointer"; });
  for (const event of ["blurNode", "blurEdge"]) network.on(event, () => { canvas.style.cursor = "default"; });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-view-language]");
    if (button) { lang = button.dataset.viewLanguage; language(); }
    if (event.target.closest("[data-view-fit]")) network.fit();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", colours);
  colours();
  language();
  network.fit({ animation: false });
  const busiest = nodes.get().sort((a, b) => b.size - a.size)[0];
  if (busiest && innerWidth < 700 && network.getScale() < 0.45) {
    network.moveTo({ position: network.getPosition(busiest.id), scale: 0.6, animation: false });
  }
})();
