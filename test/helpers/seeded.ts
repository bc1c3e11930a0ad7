import fc from "fast-check";

// Every property of a file starts from the run's seed; see seed.ts.
fc.configureGlobal({ seed: Number(process.env.PROPERTY_SEED ?? 1) });
