export { clearLeftovers } from "./clear-leftovers.ts";
export { openProcesses, type ProcessesOptions } from "./processes.ts";
