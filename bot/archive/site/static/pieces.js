// The pieces by which text is found: the same as bot/text/bigrams.py makes, which tells the rules.
"use strict";
(() => {
  const CJK = "(?=[\\p{L}\\p{N}])[\\p{sc=Hangul}\\p{sc=Hiragana}\\p{sc=Katakana}\\p{sc=Han}ー]";
  const SOUTHEAST = "(?=[\\p{L}\\p{N}])[\\p{sc=Thai}\\p{sc=Lao}\\p{sc=Khmer}\\p{sc=Myanmar}]";
  const NO_WORD = `(?!${CJK}|${SOUTHEAST})`;
  const RUN = new RegExp(
    `(?<run>(?:${CJK}|${SOUTHEAST}\\p{M}*)+)|(?<id>\\d{4,7}(?=v\\d))` +
      `|(?<word>${NO_WORD}[\\p{L}\\p{N}](?:${NO_WORD}[\\p{L}\\p{N}\\p{M}])*)` +
      "(?<signs>(?:\\+{1,2}|#)(?![\\p{sc=Latin}\\p{N}+#]))?" +
      "|(?<emoji>\\p{RI}{2}|(?=\\p{ExtPict})[\\u2600-\\u27bf\\u2b00-\\u2bff\\u{1f000}-\\u{1faff}])",
    "gu",
  );
  const FOLDED = new RegExp(
    "(?<=[\\p{sc=Latin}\\p{sc=Greek}\\p{sc=Hebrew}\\p{sc=Arabic}]\\p{M}*)\\p{Mn}" +
      "|(?<=\\p{sc=Cyrillic}\\p{M}*)(?![\\u0306\\u0308])\\p{Mn}|(?<=[еэ])\\u0308|\\u0640",
    "gu",
  );
  const ALIKE = { ø: "o", ł: "l", đ: "d", ð: "d", ħ: "h", ı: "i", æ: "ae", œ: "oe", þ: "th" };
  const LETTER = "\\p{L}\\p{N}_";
  const CASED = new RegExp(
    `(?<![${LETTER}])([A-Z0-9]+[A-Z])s(?![a-zA-Z0-9_])|(?<=[${LETTER}])['’ʼ]s(?![a-zA-Z0-9_])`,
    "gu",
  );
  const SIGNS = { "+": "signplus", "++": "signplusplus", "#": "signsharp" };

  function normal(text) {
    return text
      .replace(/\p{Default_Ignorable_Code_Point}+/gu, "")
      .normalize("NFC")
      .replace(/[^\u3130-\u318f]+/g, (part) => part.normalize("NFKC"))
      .toLowerCase()
      .replaceAll("ß", "ss")
      .replaceAll("ς", "σ")
      .normalize("NFC");
  }

  function fold(word) {
    return word.normalize("NFD").replace(FOLDED, "").normalize("NFC").replace(/[øłđðħıæœþ]/g, (sign) => ALIKE[sign]);
  }

  /** A text without what only capitals and apostrophes tell, as in bot/text/stems.py, as long as before. */
  function uncased(text) {
    return text.replace(CASED, (all, acronym) => (acronym ?? "").padEnd(all.length));
  }

  const pairs = (run) => run.slice(0, -1).map((char, at) => char + run[at + 1]);

  /** Runs of a normalised text: `{run}` of characters without blanks between, or `{word}`. */
  function* runs(text) {
    for (const { groups, index, 0: all } of text.matchAll(RUN)) {
      const end = index + all.length;
      if (groups.run) yield { run: groups.run.match(/\P{M}\p{M}*/gu), index, end };
      else if (groups.emoji) yield { word: `emoji${[...groups.emoji].map((sign) => sign.codePointAt(0).toString(16)).join("")}`, index, end };
      else if (groups.id) yield { word: groups.id, index, end };
      else {
        const { word, signs = "" } = groups;
        yield { word: fold(word), index, end: end - signs.length };
        if (signs) yield { word: SIGNS[signs], index: end - signs.length, end };
      }
    }
  }

  /** All pieces of a text with where they stand in it: `[piece, start, end]`. */
  function located(text) {
    const found = [];
    for (const { 0: word, index: base } of text.matchAll(/\S+/gu)) {
      const plain = normal(word);
      const exact = plain.length === word.length;
      for (const { run, word: one, index, end } of runs(plain)) {
        const whole = exact ? [base + index, base + end] : [base, base + word.length];
        if (!run) {
          found.push([one, ...whole]);
          continue;
        }
        let at = base + index;
        const here = [...pairs(run), run.at(-1)];
        here.forEach((piece, place) => {
          found.push(exact ? [piece, at, at + piece.length] : [piece, ...whole]);
          at += run[place].length;
        });
      }
    }
    return found;
  }

  /** What to ask for: phrases `{pieces, prefix, exact}`; the last word is still being typed. */
  function query(text) {
    const asked = [...text.matchAll(/(=?)(?:"([^"]*)"(\*?)|(\S+))/g)].slice(0, 64);
    return asked.flatMap(([, equals, quoted, star, bare], index) => {
      const words = quoted ?? bare;
      const starred = Boolean(star) || words.endsWith("*");
      const exact = starred || Boolean(equals);
      const unfinished = !exact && bare !== undefined && index === asked.length - 1;
      return phrase(exact ? words : uncased(words), starred || unfinished, exact);
    });
  }

  function phrase(words, begins, exact) {
    const found = [];
    const all = [...runs(normal(words))];
    all.forEach(({ run, word }, index) => {
      if (!run) found.push(word);
      else if (index < all.length - 1) found.push(...pairs(run), run.at(-1));
      else {
        found.push(...(run.length > 1 ? pairs(run) : run));
        begins = run.length === 1;
      }
    });
    return found.length ? [{ pieces: found, prefix: begins, exact }] : [];
  }

  globalThis.papertakes = { located, query, uncased };
})();
