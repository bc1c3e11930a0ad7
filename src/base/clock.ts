/** Where the runtime takes time and chance from; replaced in tests and simulations. */
export type Clock = {
  /** Milliseconds since the epoch. */
  now(): number;
  /** A number in [0, 1). */
  random(): number;
  /** A new identifier, unique and sortable by time. */
  id(): string;
  /** Calls back once after `delayMs`; returns what cancels it. */
  after(delayMs: number, callback: () => void): () => void;
};
