import { z } from "zod";
import { Usage } from "../../guards/continue.ts";
import { ToolRules } from "../../guards/tool.ts";
import type { Agent } from "../ports/agent.ts";
import type { Containment } from "../ports/process.ts";
import type { Tool } from "../ports/tool.ts";
import type { Verifier } from "../ports/verifier.ts";
import type { Workspace } from "../ports/workspace.ts";

/** The parts of a contract that are code. They may be written by hand, so what they declare is checked as well. */

const hasFunction = (value: unknown, name: string): boolean =>
  typeof value === "object" && value !== null && typeof Reflect.get(value, name) === "function";

type Part = {
  /** The function that makes it such a part. */
  does: string;
  expected: string;
  declares: z.ZodType;
};

// The value itself is kept, and not a copy: its functions may need it.
const part = <Value>({ does, expected, declares }: Part) =>
  z
    .custom<Value>((value) => hasFunction(value, does), expected)
    .superRefine((value, context) => {
      for (const { path, message } of declares.safeParse(value).error?.issues ?? [])
        context.addIssue({ code: "custom", path, message });
    });

const Name = z
  .string("expected a text")
  .min(1, "expected a name")
  .max(200, "expected at most 200 characters");

const containments = ["auto", "sandbox", "workspace", "none"] as const satisfies readonly Containment[];
const ContainmentName = z.enum(containments, `expected one of: ${containments.join(", ")}`);

export const AgentPart = part<Agent>({
  does: "act",
  expected: "expected an agent: a value with an act() function",
  declares: z.object({ name: Name, containment: ContainmentName, maxPerTurn: Usage.optional() }),
});

export const ToolPart = part<Tool>({
  does: "execute",
  expected: "expected a tool made by defineTool",
  declares: z.object({
    name: Name,
    description: z.string("expected a text"),
    input: z.custom((value) => value instanceof z.ZodType, "expected a zod schema"),
    ...ToolRules.shape,
  }),
});

export const VerifierPart = part<Verifier>({
  does: "verify",
  expected: "expected a verifier such as tests(), command() or diffScope()",
  declares: z.object({
    kind: z.enum(["check", "human", "opinion"], "expected one of: check, human, opinion"),
    name: Name,
    containment: ContainmentName,
    timeoutMs: z.int().min(1).optional(),
    maxPerCall: Usage.optional(),
  }),
});

export const WorkspacePart = part<Workspace>({
  does: "open",
  expected: "expected a workspace such as gitWorkspace()",
  declares: z.object({ kind: Name }),
});
