import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { keepOutput } from "../../../src/process/kept-output.ts";

const keep = (bytesMax: number, chunks: readonly Uint8Array[]) => {
  const kept = keepOutput(bytesMax);
  for (const chunk of chunks) kept.add(chunk);
  return { text: kept.text(), dropped: kept.dropped() };
};

const chunksOf = (bytes: Buffer, size: number): Buffer[] =>
  Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size));

describe("keepOutput", () => {
  it("keeps everything within the limit", () => {
    expect(keep(10, [Buffer.from("01234"), Buffer.from("56789")])).toEqual({
      text: "0123456789",
      dropped: 0,
    });
    expect(keep(10, [])).toEqual({ text: "", dropped: 0 });
  });

  it("keeps head and tail of what is longer and says how much is gone", () => {
    expect(keep(4, [Buffer.from("abcdefgh")])).toEqual({ text: "ab\n… 4 bytes left out …\ngh", dropped: 4 });
  });

  it("cuts no character in half", () => {
    const { text, dropped } = keep(6, [Buffer.from("€€€€€")]);
    expect(text).toBe("€\n… 9 bytes left out …\n€");
    expect(dropped).toBe(9);
    expect(keep(5, [Buffer.from("ä€ö€ä")]).text).not.toContain("\ufffd");
  });

  it("survives bytes that are no text", () => {
    const { text, dropped } = keep(8, [Buffer.alloc(100, 0xbf)]);
    expect(dropped).toBe(92);
    expect(text).toContain("\ufffd");
  });

  it("equals the slices of the whole, however it is chunked", () => {
    const input = fc.record({
      text: fc.string({ maxLength: 60 }),
      size: fc.integer({ min: 1, max: 20 }),
      max: fc.integer({ min: 2, max: 30 }),
    });
    fc.assert(
      fc.property(input, ({ text, size, max }) => {
        const ascii = Buffer.from(text.replaceAll(/[^ -~]/g, "x"));
        const { text: kept, dropped } = keep(max, chunksOf(ascii, size));
        const whole = ascii.toString();
        const head = whole.slice(0, Math.ceil(max / 2));
        const tail = whole.slice(whole.length - Math.floor(max / 2));
        const left = whole.length - max;
        expect(dropped).toBe(Math.max(0, left));
        expect(kept).toBe(left > 0 ? `${head}\n… ${left} bytes left out …\n${tail}` : whole);
      }),
    );
  });

  it("counts every byte that it does not return", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "grapheme", maxLength: 60 }),
        fc.integer({ min: 0, max: 30 }),
        (text, max) => {
          const bytes = Buffer.from(text);
          const kept = keep(max, chunksOf(bytes, 7));
          const note = `\n… ${kept.dropped} bytes left out …\n`;
          const returned = Buffer.byteLength(kept.dropped > 0 ? kept.text.replace(note, "") : kept.text);
          expect(returned + kept.dropped).toBe(bytes.length);
          expect(kept.text).not.toContain("\ufffd");
        },
      ),
    );
  });
});
