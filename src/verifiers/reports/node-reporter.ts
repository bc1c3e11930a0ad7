type Event = { type: string; data: { name?: string; details?: { error?: Error; type?: string } } };

/** A reporter for `node --test --test-reporter=…`: one JSON object a line for every test that passed or failed. */
export default async function* report(events: AsyncIterable<Event>): AsyncGenerator<string> {
  for await (const { type, data } of events) {
    if (type !== "test:pass" && type !== "test:fail" && type !== "test:summary") continue;
    const error = data.details?.error;
    const details = { type: data.details?.type, ...(error && { error: { message: error.message } }) };
    yield `${JSON.stringify({ type, data: { ...data, details } })}\n`;
  }
}
