import { randomInt } from "node:crypto";
import type { Clock } from "./clock.ts";
import { timerMsMax } from "./limits.ts";

const idAlphabet = "0123456789abcdefghjkmnpqrstvwxyz";
const randomText = (length: number): string =>
  Array.from({ length }, () => idAlphabet[randomInt(idAlphabet.length)]).join("");

/** `setTimeout` that also keeps delays of more than 24 days, in pieces: Node fires longer ones at once. */
function after(delayMs: number, callback: () => void): () => void {
  let timer: NodeJS.Timeout;
  const arm = (left: number) => {
    const piece = Math.min(left, timerMsMax);
    timer = setTimeout(() => (left > piece ? arm(left - piece) : callback()), piece);
  };
  arm(Math.max(0, delayMs));
  return () => clearTimeout(timer);
}

/** The system's time and chance. Ids are a time in base 36 and five random characters. */
export const systemClock: Clock = {
  now: () => Date.now(),
  random: () => Math.random(),
  id: () => `${Date.now().toString(36)}-${randomText(5)}`,
  after,
};
