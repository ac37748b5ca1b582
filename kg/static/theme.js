// The reader's choice of colours, before the first paint. Classic script: it must run before the page is drawn.
(function () {
  try {
    const chosen = localStorage.getItem("kg-theme");
    if (chosen === "light" || chosen === "dark") document.documentElement.dataset.theme = chosen;
  } catch {
    // storage may be refused to pages that stand on a disk: the system's colours then hold
  }
})();
