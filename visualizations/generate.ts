import { writeFileSync } from "node:fs";
import { pictures } from "./pictures.ts";

// Writes the pictures beside this file; a test proves them fresh.
for (const [name, text] of Object.entries(pictures())) {
  writeFileSync(new URL(name, import.meta.url), text);
  console.log(`wrote visualizations/${name}`);
}
