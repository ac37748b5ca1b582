// Fold text as the tagger does, as far as a search needs: width, case, accents, dashes, Traditional characters.

const SIGNS = new Map();
for (const sign of "‐‑‒–—―−﹘﹣－") SIGNS.set(sign, "-");
for (const sign of "·・•‧∙⋅") SIGNS.set(sign, "·");
for (const sign of "‘’ʼ′`´") SIGNS.set(sign, "'");

// pairs: strings of two characters, a character and the one that it folds to.
export function folder(pairs) {
  const table = new Map(SIGNS);
  for (const pair of pairs) {
    const [from, to] = [...pair];
    table.set(from, to);
  }
  return (text) => {
    if (/^[\x20-\x7e]*$/.test(text)) return text.toLowerCase();
    let folded = "";
    for (const character of text.normalize("NFKC").toLowerCase().normalize("NFD")) {
      if (/\p{M}|\p{Cf}/u.test(character)) continue;
      folded += table.get(character) ?? character;
    }
    return folded.normalize("NFC").replace(/\s+/g, " ");
  };
}
