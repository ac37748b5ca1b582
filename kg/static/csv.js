// Files that a page makes: their saving, and cells of CSV.

export function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 2000);
}

// A cell: quoted where it must be, guarded so that a spreadsheet takes no text for a formula.
export function csvCell(value) {
  const text = String(value ?? "");
  const guarded = /^[=+\-@\t\r]/.test(text) && Number.isNaN(Number(text)) ? "'" + text : text;
  return /[",\n\r]/.test(guarded) ? '"' + guarded.replace(/"/g, '""') + '"' : guarded;
}
