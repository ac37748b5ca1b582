// Small parts that several scripts share.

// Data that the page carries in a script element.
export function read(id) {
  return JSON.parse(document.getElementById(id).textContent);
}

// An element with attributes and a text; text never becomes markup.
export function element(name, attributes = {}, text = null) {
  const made = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
  if (text !== null) made.textContent = text;
  return made;
}

// Words with their values filled in; "one|many" is chosen by n.
export function filled(words, values) {
  let chosen = words;
  if (words.includes("|")) {
    const [one, many] = words.split("|");
    chosen = values.n === 1 ? one : many;
  }
  return chosen.replace(/\{(\w+)\}/g, (whole, key) => {
    const value = values[key];
    return typeof value === "number" ? value.toLocaleString("en") : value ?? whole;
  });
}
