import type { RunEnd } from "../engine/types.ts";
import { isLimitName, limitWords } from "./limits.ts";
import { oneLine, quoted } from "./render/text.ts";

/** The commit that a run left behind: the last applied `git.commit`. */
export function commitOf({
  applied,
}: Pick<RunEnd, "applied">): { commit: string; branch: string | null } | null {
  const result = applied.findLast(({ tool }) => tool === "git.commit")?.result as
    | { commit?: unknown; branch?: unknown }
    | null
    | undefined;
  if (typeof result?.commit !== "string") return null;
  return { commit: result.commit, branch: typeof result.branch === "string" ? result.branch : null };
}

/** What a command line about this run is followed by, so that it can be typed again as it stands. */
export type Typed = {
  /** How this command line is started here: `loopwright`, `npx loopwright`. */
  program: string;
  runId: string;
  store: string | undefined;
  directory: string;
};

const suggestions: Record<string, string> = {
  steps: "20",
  minutes: "60",
  "deadline-hours": "24",
  tokens: "500000",
  cost: "5",
};

function raising(limit: string | null): string {
  if (limit === null || !isLimitName(limit)) return "";
  const { flag } = limitWords[limit];
  return ` --add-${flag} ${suggestions[flag] ?? "10"}`;
}

/** What a person may type next, each with what it does. */
export function nextSteps(
  end: RunEnd,
  { program, runId, store, directory }: Typed,
): { command: string; does: string }[] {
  const line = (verb: string, rest = ""): string =>
    `${program} ${verb} ${runId}${rest}${store === undefined ? "" : ` --store ${quoted(store)}`}`;
  const show = { command: line("show"), does: "the story, step by step, with its evidence" };
  const status = { command: line("status"), does: "the eight questions, answered now" };
  const abort = { command: line("abort", ' --reason "…"'), does: "end it" };
  const commit = commitOf(end);
  switch (end.status) {
    case "succeeded":
      return [
        ...(commit === null
          ? []
          : [
              {
                command: `git -C ${quoted(directory)} show ${oneLine(commit.commit, 64)}`,
                does: "the commit",
              },
            ]),
        show,
      ];
    case "stopped":
      return end.reason === "limit"
        ? [{ command: line("resume", raising(end.detail)), does: "go on with more" }, show]
        : [show];
    case "escalated":
      return [
        {
          command: line("resume", end.reason === "limit" ? raising(end.detail) : ' --say "…"'),
          does: "go on, with a word to the agent",
        },
        show,
        abort,
      ];
    case "awaitingApproval":
      return [status, show, abort];
    case "inDoubt":
      return [{ ...status, does: "which effect is in doubt" }, show];
    case "interrupted":
      return [{ command: line("resume"), does: "go on where it was" }, status];
    case "lost":
      return [status];
  }
}
