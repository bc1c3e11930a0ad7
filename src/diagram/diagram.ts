import type { Machine } from "../host/fold.ts";
