import { defineTool } from "loopwright/tools";
import { z } from "zod";

/** A shop as its tools reach it; in the tests of the contract nothing of this is called. */
export type Shop = {
  order(id: string): Promise<{ cents: number }>;
  refund(id: string, cents: number, key: string): Promise<{ refund: string }>;
  refundWith(key: string): Promise<{ refund: string } | null>;
  mail(to: string, text: string): Promise<void>;
};

const Order = z.string().regex(/^R-\d{4}$/);

export const shopTools = (shop: Shop) => ({
  "order.read": defineTool({
    name: "order.read",
    description: "Looks an order up.",
    input: z.strictObject({ order: Order }),
    effect: "read",
    execute: ({ order }) => shop.order(order),
  }),
  refund: defineTool({
    name: "refund",
    description: "Pays an order back.",
    input: z.strictObject({ order: Order, cents: z.int().positive() }),
    effect: "write",
    sensitivity: ["money"],
    repeat: "reconcile",
    settlesWithinMs: 30_000,
    dedupe: ({ order }) => `refund:${order}`,
    execute: ({ order, cents }, { key }) => shop.refund(order, cents, key),
    reconcile: async (_input, { key }) => {
      const result = await shop.refundWith(key);
      return result === null ? { found: "absent" } : { found: "applied", result };
    },
  }),
  mail: defineTool({
    name: "mail",
    description: "Writes to a customer.",
    input: z.strictObject({ to: z.email(), text: z.string().max(500) }),
    effect: "write",
    repeat: "never",
    inScope: ({ to }) => to.endsWith("@customers.example"),
    execute: ({ to, text }) => shop.mail(to, text),
  }),
});
