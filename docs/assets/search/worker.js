/**
 * Answers the theme's search field from the index in parts that scripts/search.py writes. Nothing is fetched before the
 * first query, then only the words that begin as the query's words do, and the pages that are shown.
 *
 * The theme sends {type: 0} to set up and {type: 2, data: query}; it expects {type: 1} when ready and
 * {type: 3, data: {items}}: for each page its entry and its sections, with `location`, `title`, `text`, `score`, `terms`.
 */
const BASE = new URL("../../search/", self.location);
const PREFIX = 2; // as in scripts/search.py, as are these words
const STOP = new Set(
  "an and are as at be but by can for from has have if in into is it its not of on or so that the their then there these they this to was what when which will with you".split(" "),
);
const PAGES = 10; // shown
const SECTIONS = 8; // shown of a page

const fetched = new Map();
const get = (name) => {
  if (!fetched.has(name)) {
    const answer = fetch(new URL(name, BASE)).then((response) => (response.ok ? response.json() : {}));
    answer.catch(() => fetched.delete(name));
    fetched.set(name, answer);
  }
  return fetched.get(name);
};

const fold = (text) => text.normalize("NFKD").replace(/[\u0300-\u036f]/g, "").toLowerCase();
const wordsOf = (query) => [...new Set(fold(query).match(/[a-z0-9]+/g) ?? [])].filter((word) => word.length > 1 && !STOP.has(word));
const escape = (text) => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

/** Section → how well it answers the word: a whole word counts more than a beginning, a title more than text. */
async function sectionsWith(word, total) {
  const hits = new Map();
  for (const [known, gaps] of Object.entries(await get(`words/${word.slice(0, PREFIX)}.json`))) {
    if (!known.startsWith(word)) continue;
    const rarity = Math.log(1 + total / gaps.length) * (known === word ? 1 : 0.5);
    let place = 0;
    for (const gap of gaps) {
      place += gap;
      const section = place >> 1;
      hits.set(section, Math.max(hits.get(section) ?? 0, rarity * (place & 1 ? 4 : 1)));
    }
  }
  return hits;
}

async function search(query) {
  const words = wordsOf(query);
  if (!words.length) return [];
  const { pages, sections: total, prefixes } = await get("pages.json");
  const known = words.filter((word) => prefixes.includes(word.slice(0, PREFIX)));
  const hits = new Map(await Promise.all(known.map(async (word) => [word, await sectionsWith(word, total)])));

  const found = new Map(); // page → {sections: section → {score, words}, words, score}
  const pageOf = (section) => {
    let [low, high] = [0, pages.length - 1];
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (pages[middle][2] <= section) low = middle;
      else high = middle - 1;
    }
    return low;
  };
  for (const [word, sections] of hits) {
    for (const [section, score] of sections) {
      const number = pageOf(section);
      const page = found.get(number) ?? { sections: new Map(), words: new Set(), score: 0 };
      const entry = page.sections.get(section) ?? { score: 0, words: new Set() };
      const inPageTitle = section === pages[number][2];
      entry.score += inPageTitle ? 2 * score : score;
      entry.words.add(word);
      page.words.add(word);
      page.score = Math.max(page.score, entry.score * 10 ** (entry.words.size - 1));
      page.sections.set(section, entry);
      found.set(number, page);
    }
  }
  // Pages with all words first; among them the one with the best section, then the one with more of them.
  const rank = ([, page]) => page.words.size * 1e6 + page.score + Math.log1p(page.sections.size);
  const best = [...found].sort((one, other) => rank(other) - rank(one)).slice(0, PAGES);
  return Promise.all(best.map(([number, page]) => shown(number, page, pages[number], words)));
}

/** A page's entry, then its sections that answer best. */
async function shown(number, { sections, score }, [location, title, first], words) {
  const texts = await get(`sections/${number}.json`);
  const marks = new RegExp(`(?<![a-z0-9])(?:${words.join("|")})[a-z0-9]*`, "gi");
  const marked = (text) => {
    let [result, end] = ["", 0];
    for (const { 0: word, index } of text.matchAll(marks)) {
      result += `${escape(text.slice(end, index))}<mark data-md-highlight>${escape(word)}</mark>`;
      end = index + word.length;
    }
    return result + escape(text.slice(end));
  };
  const entry = (place, at) => ({
    location: texts[at]?.[0] ?? location,
    title: marked(texts[at]?.[1] ?? title),
    text: `<p>${marked(texts[at]?.[2] ?? "")}</p>`,
    terms: Object.fromEntries(words.map((word) => [word, place?.words.has(word) ?? false])),
    score: place ? place.score * 10 ** (place.words.size - 1) : 0,
  });
  const parts = [...sections]
    .filter(([section]) => section !== first)
    .map(([section, place]) => entry(place, section - first))
    .sort((one, other) => other.score - one.score)
    .slice(0, SECTIONS);
  const top = entry(sections.get(first), 0);
  return [{ ...top, location, score: Math.max(score, top.score) }, ...parts.map((part, at) => (at ? part : { ...part, score }))];
}

let latest = 0;
addEventListener("message", async ({ data: { type, data } }) => {
  if (type === 0) return postMessage({ type: 1 });
  if (type !== 2) return;
  const asked = ++latest;
  const items = await search(data).catch(() => []);
  if (asked === latest) postMessage({ type: 3, data: { items } });
});
