import { expect, it } from "vitest";
import { parseRetryAfter } from "../../../src/base/retry-after.ts";

const now = Date.parse("2026-01-01T00:00:00Z");

it.each([
  ["120", 120_000],
  [" 0 ", 0],
  ["Thu, 01 Jan 2026 00:01:00 GMT", 60_000],
  ["Thursday, 01-Jan-26 00:01:00 GMT", 60_000],
  ["Wed, 31 Dec 2025 23:00:00 GMT", 0],
  ["-5", null],
  ["1.5", null],
  ["soon", null],
  ["", null],
  [null, null],
  ["99999999999999", null],
  ["Fri, 01 Jan 2100 00:00:00 GMT", null],
])("reads %j as %s", (value, delay) => {
  expect(parseRetryAfter(value, now)).toBe(delay);
});
