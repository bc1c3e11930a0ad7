export { openMemoryStore } from "./memory-store.ts";
export { openSqliteStore, type SqliteStoreOptions } from "./sqlite-store.ts";
