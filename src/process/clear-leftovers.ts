import { type HostRecord, isHostAlive, readHostFiles, removeHostFile } from "./host-file.ts";
import { hostMark } from "./mark.ts";
import { bootId } from "./proc-files.ts";
import { killTree, membersOf, type Tree } from "./tree.ts";

/** Looks in a row that must find nothing: a child may have been between fork and exec when its host died. */
const emptyLooks = 2;

const treeOf = ({ token, host, watchdog }: HostRecord): Tree => ({
  // The watchdog's own work is done here, so one that hangs goes too.
  roots: watchdog === null ? [] : [watchdog],
  mark: hostMark(token),
  since: host.start,
});

async function clearOne(directory: string, record: HostRecord): Promise<number> {
  const tree = treeOf(record);
  const killed = record.bootId === bootId() ? await killTree(tree, emptyLooks) : 0;
  if (record.bootId !== bootId() || membersOf(tree).length === 0) removeHostFile(directory, record.token);
  return killed;
}

/**
 * Kills what dead hosts left running, even where their watchdog died with them, and forgets those hosts. A living
 * host's children are never touched; neither is anything after a reboot, when pids mean something else. Without
 * /proc (not Linux) only a watchdog that is still there is ended.
 */
export async function clearLeftovers(registryDirectory: string): Promise<{ killed: number }> {
  const dead = readHostFiles(registryDirectory).filter((record) => !isHostAlive(record));
  const killed = await Promise.all(dead.map((record) => clearOne(registryDirectory, record)));
  return { killed: killed.reduce((sum, count) => sum + count, 0) };
}
