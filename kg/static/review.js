// Review by keyboard: A accepts, R refuses, S skips; words chosen in the text become the evidence of a tag that is added.

const review = document.querySelector("[data-review]");

function offsets(passage, range) {
  const before = document.createRange();
  before.selectNodeContents(passage);
  before.setEnd(range.startContainer, range.startOffset);
  const start = [...before.toString()].length;
  return [start, start + [...range.toString()].length];
}

if (review) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || /^(INPUT|TEXTAREA|SELECT)$/.test(document.activeElement.tagName)) return;
    const button = review.querySelector(`[data-key="${event.key.toLowerCase()}"]`);
    if (button) { event.preventDefault(); button.click(); }
  });
  // In a text, arrows move a block of one character (Ctrl: a word), with Shift they choose more.
  for (const passage of review.querySelectorAll("[data-field]")) {
    passage.tabIndex = 0;
    passage.addEventListener("keydown", (event) => {
      const step = { ArrowRight: ["forward", "character"], ArrowLeft: ["backward", "character"], ArrowDown: ["forward", "line"], ArrowUp: ["backward", "line"] }[event.key];
      if (!step) return;
      event.preventDefault();
      const selection = document.getSelection();
      if (!passage.contains(selection.focusNode)) selection.collapse(passage, 0);
      else if (!event.shiftKey && !selection.isCollapsed) {
        if (step[0] === "forward" && step[1] === "character" && !event.ctrlKey) selection.collapseToEnd();
        else selection.collapseToStart();
      }
      const unit = event.ctrlKey && step[1] === "character" ? "word" : step[1];
      const extends_ = event.shiftKey;
      const fresh = step[0] === "forward" && unit === "character" && !extends_;
      if (!fresh) selection.modify(extends_ ? "extend" : "move", step[0], unit);
      if (!extends_) selection.modify("extend", "forward", "character");
      if (!passage.contains(selection.focusNode)) selection.collapse(passage, 0);
    });
  }
  const form = review.querySelector("[data-add]");
  const chosen = form.querySelector("[data-chosen]");
  document.addEventListener("selectionchange", () => {
    const selection = document.getSelection();
    if (!selection.rangeCount || selection.isCollapsed) return;
    const range = selection.getRangeAt(0);
    const at = range.commonAncestorContainer;
    const passage = (at.nodeType === 1 ? at : at.parentElement).closest("[data-field]");
    if (!passage || !review.contains(passage)) return;
    const [start, end] = offsets(passage, range);
    form.elements.field.value = passage.dataset.field;
    form.elements.start.value = start;
    form.elements.end.value = end;
    chosen.textContent = range.toString();
    form.querySelector("button").disabled = false;
  });
}
