import { LoopwrightError } from "../base/errors.ts";
import type { Property } from "./property.ts";

const isProperty = (value: unknown): value is Property => {
  const { name, says, see } = (value ?? {}) as Partial<Property>;
  return typeof name === "string" && typeof says === "string" && typeof see === "function";
};

/** The properties that a contract file exports as `properties`; none where it exports nothing of that name. */
export function declaredProperties(exported: unknown, file: string): readonly Property[] {
  if (exported === undefined) return [];
  if (Array.isArray(exported) && exported.every(isProperty)) return exported;
  throw new LoopwrightError({
    code: "contract",
    field: "properties",
    message: `${file} exports properties that are no list of properties`,
    fix: 'write for example: export const properties = [never({ name: "noMail", says: "No mail is sent." }, runs("mail"))]',
  });
}
