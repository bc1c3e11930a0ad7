import { createServer } from "node:net";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ErrorClass, Failure } from "../../../guards/retry.ts";
import { messageCharsMax } from "../../../src/base/limits.ts";
import { failureOf, outcomeOfThrown } from "../../../src/tools/classify.ts";
import { NotApplied } from "../../../src/tools/index.ts";

const withFields = (fields: object): Error => Object.assign(new Error("boom"), fields);
const thrownBy = (call: () => Promise<unknown>): Promise<unknown> =>
  call().then(
    () => null,
    (error: unknown) => error,
  );

/** A port at which nobody listens. */
const deadPort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });

describe("failureOf", () => {
  it.each([
    [400, "invalidArguments"],
    [401, "unauthenticated"],
    [403, "forbidden"],
    [404, "notFound"],
    [408, "timeout"],
    [409, "conflict"],
    [422, "invalidArguments"],
    [429, "rateLimited"],
    [500, "internal"],
    [503, "unavailable"],
    [529, "unavailable"],
    ["429", "rateLimited"],
    [undefined, "internal"],
    ["toString", "internal"],
  ])("takes status %o for %s, under either of its names", (status, errorClass) => {
    expect(failureOf(withFields({ status })).errorClass).toBe(errorClass);
    expect(failureOf(withFields({ statusCode: status })).errorClass).toBe(errorClass);
  });

  it("tells time-outs and cancellations by the names that the platform gives them", async () => {
    const cancelled = await thrownBy(async () => AbortSignal.abort().throwIfAborted());
    const late = await thrownBy(async () => {
      const signal = AbortSignal.timeout(1);
      await new Promise((resolve) => signal.addEventListener("abort", resolve));
      signal.throwIfAborted();
    });
    expect([cancelled, late].map((error) => failureOf(error).errorClass)).toEqual(["cancelled", "timeout"]);
    expect(failureOf(withFields({ name: "toString" })).errorClass).toBe("internal");
  });

  it("keeps what a NotApplied says", () => {
    const error = new NotApplied("slow down", { errorClass: "rateLimited", retryAfterMs: 5_000 });
    expect(failureOf(error)).toEqual({
      errorClass: "rateLimited",
      message: "slow down",
      retryAfterMs: 5_000,
    });
  });

  it("makes a failure that the chart takes of a NotApplied that says nonsense", () => {
    for (const retryAfterMs of [Number.NaN, Number.POSITIVE_INFINITY, -1, "soon" as unknown as number]) {
      const error = new NotApplied("no", { errorClass: "denied", retryAfterMs });
      expect(failureOf(error)).toEqual({ errorClass: "denied", message: "no", retryAfterMs: null });
    }
    const odd = new NotApplied("no", { errorClass: "broken" as never });
    expect(failureOf(odd).errorClass).toBe("internal");
    const foreign = { [Symbol.for("loopwright.notApplied")]: true };
    expect(Failure.safeParse(failureOf(foreign)).success).toBe(true);
  });

  it("bounds what is said", () => {
    expect(failureOf(new Error("x".repeat(1_000_000))).message.length).toBeLessThanOrEqual(messageCharsMax);
  });
});

describe("outcomeOfThrown", () => {
  it("is certain only of reads, of a NotApplied, and of what was never sent", () => {
    const sent = withFields({ code: "ECONNRESET" });
    expect(outcomeOfThrown(sent, "read").outcome).toBe("notApplied");
    for (const effect of ["write", "destructive"] as const) {
      expect(outcomeOfThrown(sent, effect).outcome).toBe("unknown");
      expect(outcomeOfThrown(withFields({ status: 400 }), effect).outcome).toBe("unknown");
      expect(outcomeOfThrown(new NotApplied("no"), effect).outcome).toBe("notApplied");
      expect(outcomeOfThrown(withFields({ code: "ENOTFOUND" }), effect).outcome).toBe("notApplied");
    }
  });

  it("knows that fetch reached nobody, by the cause of its error", async () => {
    const port = await deadPort();
    for (const host of ["127.0.0.1", "localhost"]) {
      const error = await thrownBy(() => fetch(`http://${host}:${port}/`, { method: "POST", body: "x" }));
      expect(outcomeOfThrown(error, "write")).toMatchObject({
        outcome: "notApplied",
        failure: { errorClass: "unavailable" },
      });
    }
  });

  it("leaves it open where an answer was cut off", async () => {
    const server = createServer((socket) => socket.once("data", () => socket.destroy()));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as { port: number };
    const error = await thrownBy(() => fetch(`http://127.0.0.1:${port}/`, { method: "POST", body: "x" }));
    server.close();
    expect(outcomeOfThrown(error, "write").outcome).toBe("unknown");
  });

  it("is not certain when one of several attempts may have reached somebody", () => {
    const refused = withFields({ code: "ECONNREFUSED" });
    const several = (...errors: Error[]) => withFields({ code: "ECONNREFUSED", errors });
    expect(outcomeOfThrown(several(refused, refused), "write").outcome).toBe("notApplied");
    expect(outcomeOfThrown(several(refused, withFields({ code: "ETIMEDOUT" })), "write").outcome).toBe(
      "unknown",
    );
  });

  it("ends on causes in a circle", () => {
    const error: Error & { cause?: unknown } = new Error("round");
    error.cause = error;
    expect(outcomeOfThrown(error, "write").outcome).toBe("unknown");
  });

  it("makes an outcome that the chart takes of whatever was thrown", () => {
    const odd = fc.oneof(
      fc.anything(),
      fc.record({ name: fc.anything(), code: fc.anything(), status: fc.anything(), cause: fc.anything() }),
      fc.anything().map((cause) => new Error("x", { cause })),
    );
    const property = (error: unknown) => {
      const { outcome, failure } = outcomeOfThrown(error, "write") as { outcome: string; failure: Failure };
      expect(Failure.parse(failure)).toEqual(failure);
      expect(ErrorClass.options).toContain(failure.errorClass);
      expect(["unknown", "notApplied"]).toContain(outcome);
    };
    fc.assert(fc.property(odd, property));
  });
});
