import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { pictures } from "../../visualizations/pictures.ts";

test.each(Object.entries(pictures()))(
  "keeps visualizations/%s as `npm run visualizations` writes it",
  (name, text) => {
    const file = new URL(`../../visualizations/${name}`, import.meta.url);
    expect(readFileSync(file, "utf8")).toBe(text);
  },
);
