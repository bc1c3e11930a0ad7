/** What was kept of one output stream. */
export type KeptOutput = {
  add(chunk: Uint8Array): void;
  /** Bytes that are not in `text()`. */
  dropped(): number;
  /** Head and tail as UTF-8 with a line between them that says what is gone; characters are never cut in half. */
  text(): string;
};

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where a character begins that a cut at `end` would halve, else `end`. */
function wholeUntil(bytes: Uint8Array): number {
  let start = bytes.length - 1;
  while (start > 0 && bytes.length - start < 4 && isContinuation(bytes[start])) start -= 1;
  const lead = bytes[start] ?? 0;
  const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
  return start + length > bytes.length ? start : bytes.length;
}

/** The first byte at which a character begins, looked for in the first three. */
function wholeFrom(bytes: Uint8Array): number {
  let start = 0;
  while (start < 3 && isContinuation(bytes[start])) start += 1;
  return isContinuation(bytes[start]) ? 0 : start;
}

const decode = (bytes: Uint8Array): string =>
  Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString("utf8");

/** Keeps the head and the tail of a stream within `bytesMax`, in a fixed amount of memory whatever its length. */
export function keepOutput(bytesMax: number): KeptOutput {
  const headMax = Math.ceil(bytesMax / 2);
  const tailMax = bytesMax - headMax;
  let head: Buffer | null = null;
  let ring: Buffer | null = null;
  let total = 0;

  function addToRing(chunk: Uint8Array, position: number): void {
    if (tailMax === 0) return;
    ring ??= Buffer.allocUnsafe(tailMax);
    const last = chunk.subarray(Math.max(0, chunk.length - tailMax));
    const at = (position + chunk.length - last.length) % tailMax;
    const first = last.subarray(0, tailMax - at);
    ring.set(first, at);
    ring.set(last.subarray(first.length), 0);
  }

  function add(chunk: Uint8Array): void {
    const intoHead = chunk.subarray(0, Math.max(0, headMax - total));
    if (intoHead.length > 0) {
      head ??= Buffer.allocUnsafe(headMax);
      head.set(intoHead, total);
    }
    const rest = chunk.subarray(intoHead.length);
    if (rest.length > 0) addToRing(rest, total + intoHead.length - headMax);
    total += chunk.length;
  }

  function parts(): { head: Buffer; tail: Buffer } {
    const beyond = Math.max(0, total - headMax);
    const kept = Buffer.from(head?.subarray(0, Math.min(total, headMax)) ?? []);
    if (ring === null) return { head: kept, tail: Buffer.alloc(0) };
    if (beyond <= tailMax) return { head: kept, tail: ring.subarray(0, beyond) };
    const at = beyond % tailMax;
    return { head: kept, tail: Buffer.concat([ring.subarray(at), ring.subarray(0, at)]) };
  }

  function cut(): { head: Buffer; tail: Buffer; dropped: number } {
    const { head: first, tail: last } = parts();
    if (first.length + last.length === total) return { head: first, tail: last, dropped: 0 };
    const wholeHead = first.subarray(0, wholeUntil(first));
    const wholeTail = last.subarray(wholeFrom(last));
    return { head: wholeHead, tail: wholeTail, dropped: total - wholeHead.length - wholeTail.length };
  }

  function text(): string {
    const kept = cut();
    if (kept.dropped === 0) return decode(Buffer.concat([kept.head, kept.tail]));
    return `${decode(kept.head)}\n… ${kept.dropped} bytes left out …\n${decode(kept.tail)}`;
  }

  return { add, dropped: () => cut().dropped, text };
}
