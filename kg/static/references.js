// Works on the map as references: RIS and BibTeX, as far as the map knows them. A stand-in is no title.

const RIS_TYPES = { article: "JOUR", chapter: "CHAP", book: "BOOK", thesis: "THES", paper: "CONF", report: "RPRT" };
const BIB_TYPES = { article: "article", chapter: "incollection", book: "book", thesis: "phdthesis", paper: "inproceedings", report: "techreport" };
const TEX = { "\\": "\\textbackslash{}", "{": "\\textbraceleft{}", "}": "\\textbraceright{}", "%": "\\%", "&": "\\&", "#": "\\#", "$": "\\$", _: "\\_", "~": "\\textasciitilde{}", "^": "\\textasciicircum{}" };

const line = (text) => String(text).replace(/[\s\u0000-\u001f\u007f\u2028\u2029]+/g, " ").trim();

export function ris(rows) {
  const lines = [];
  const put = (tag, value) => { if (value) lines.push(tag + "  - " + line(value)); };
  for (const row of rows) {
    lines.push("TY  - " + (RIS_TYPES[row.type] || "GEN"));
    ["TI", "TT"].forEach((tag, at) => put(tag, row.titles[at]));
    for (const author of row.authors) put("AU", author);
    put("JO", row.journal);
    put("PY", row.year);
    put("VL", row.volume);
    put("IS", row.issue);
    const [begin, end] = String(row.pages || "").split(/\s*[-–—]+\s*/, 2);
    put("SP", begin);
    put("EP", end);
    put("DO", row.doi);
    put("LA", row.lang === "und" ? "" : row.lang);
    put("ID", row.id);
    lines.push("ER  - ", "");
  }
  return lines.join("\r\n");
}

export function bibtex(rows) {
  const used = new Set();
  const entries = rows.map((row) => {
    let key = row.id.normalize("NFKD").replace(/[^A-Za-z0-9:.+/-]+/g, "-").replace(/^-|-$/g, "") || "work";
    while (used.has(key)) key += "-2";
    used.add(key);
    const fields = [["title", row.titles[0]], ["author", row.authors.length ? row.authors : ""], [{ chapter: "booktitle", paper: "booktitle" }[row.type] || "journal", row.journal], ["year", row.year], ["volume", row.volume], ["number", row.issue], ["pages", row.pages && String(row.pages).replace(/[-–—]+/, "--")], ["doi", row.doi]];
    const tex = (text) => line(text).replace(/[\\{}%&#$_~^]/g, (character) => TEX[character]);
    const shown = fields.filter(([, value]) => value).map(([field, value]) => `  ${field} = {${Array.isArray(value) ? value.map(tex).join(" and ") : tex(value)}}`);
    return `@${BIB_TYPES[row.type] || "misc"}{${key},\n${shown.join(",\n")}\n}\n`;
  });
  return entries.join("\n");
}
