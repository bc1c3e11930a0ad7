import { XMLParser } from "fast-xml-parser";
import { casesOf, type IsFile, type ReportNode, type TestCase } from "./report.ts";

type Element = { [tag: string]: unknown };

const lists = ["testsuites", "testsuite", "testcase", "failure", "error", "skipped"];
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: "@",
  parseTagValue: false,
  parseAttributeValue: false,
  isArray: (tag) => lists.includes(tag),
});

/** Reads JUnit XML, suites in suites included. Refuses (`null`) what is not well-formed or brings its own entities. */
export function readJunit(text: string, isFile: IsFile): TestCase[] | null {
  const start = text.search(/<\?xml|<testsuites?[\s>]/);
  if (start < 0 || /<!DOCTYPE/i.test(text)) return null;
  const root = parse(text.slice(start));
  if (root === null || !("testsuites" in root || "testsuite" in root)) return null;
  return casesOf(
    [...elements(root, "testsuites").flatMap(inside), ...elements(root, "testsuite").flatMap(inside)],
    isFile,
  );
}

function parse(xml: string): Element | null {
  try {
    return parser.parse(xml, true) as Element;
  } catch {
    return null;
  }
}

// Suites add no names: what a `testcase` belongs to is in its `classname`.
const inside = (suite: Element): ReportNode[] => [
  ...elements(suite, "testcase").map(testcase),
  ...elements(suite, "testsuite").flatMap(inside),
];

function testcase(element: Element): ReportNode {
  const failures = [...elements(element, "failure"), ...elements(element, "error")];
  const name = attribute(element, "name");
  return {
    name: nameOf(element, name),
    ok: failures.length === 0,
    skipped: "skipped" in element || ["notrun", "disabled"].includes(attribute(element, "status")),
    message: failures.map((failure) => attribute(failure, "message") || content(failure)).join("\n"),
    children: null,
  };
}

// A runner that reports a file as a test names it alone; its class would hide that.
function nameOf(element: Element, name: string): string {
  const group = attribute(element, "classname");
  const file = attribute(element, "file");
  const isWholeFile = name === group || (file !== "" && file.endsWith(name));
  return group === "" || isWholeFile ? name : `${group} > ${name}`;
}

function elements(parent: Element, tag: string): Element[] {
  const found = parent[tag];
  if (!Array.isArray(found)) return [];
  return found.map((item) =>
    typeof item === "object" && item !== null ? (item as Element) : { "#text": item },
  );
}

const attribute = (element: Element, name: string): string => String(element[`@${name}`] ?? "");
const content = (element: Element): string => String(element["#text"] ?? "").trim();
