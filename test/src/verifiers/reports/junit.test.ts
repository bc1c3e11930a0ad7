import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readJunit } from "../../../../src/verifiers/reports/junit.ts";
import { isTestFile, noFile, printedByNode, seen, stored } from "../../../helpers/reports.ts";

const names = (cases: ReturnType<typeof readJunit>, outcome: string, kind = "test"): string[] =>
  cases!
    .filter((item) => item.outcome === outcome && item.kind === kind)
    .map(({ name }) => name)
    .sort();
const read = (xml: string) => readJunit(xml, noFile);

describe("readJunit", () => {
  it("reads what node prints", async () => {
    const cases = readJunit(await printedByNode("junit"), isTestFile);
    const written = (name: string): string => name.replace("group > inner", "group.inner");
    expect(names(cases, "passed")).toEqual(seen.passed.map(written).sort());
    expect(names(cases, "failed")).toEqual(seen.failed);
    expect(names(cases, "skipped")).toEqual(seen.skipped);
    expect(names(cases, "failed", "suite")).toEqual(["test/broken.test.js"]);
  });

  it("reads what vitest writes", () => {
    const cases = readJunit(stored("vitest.junit.xml"), (name) => name.endsWith(".js"));
    expect(names(cases, "passed")).toEqual([
      "test/a.test.js > group > forge",
      "test/a.test.js > group > one",
    ]);
    expect(names(cases, "failed")).toEqual(["test/a.test.js > group > two"]);
    expect(names(cases, "skipped")).toHaveLength(2);
    expect(names(cases, "failed", "suite")).toEqual(["test/broken.test.js", "test/empty.test.js"]);
  });

  it.each([
    ["a single suite as root", '<testsuite><testcase name="a" classname="c"/></testsuite>', ["c > a"]],
    [
      "suites in suites",
      '<testsuites><testsuite><testsuite><testcase name="a"/></testsuite></testsuite></testsuites>',
      ["a"],
    ],
    ["lines before the report", '> x@1 test\n<testsuite><testcase name="a"/></testsuite>', ["a"]],
    ["escaped names", '<testsuite><testcase name="a &lt;b&gt; &amp; c"/></testsuite>', ["a <b> & c"]],
    [
      "a test that passed at the second try",
      '<testsuite><testcase name="a"><flakyFailure>x</flakyFailure></testcase></testsuite>',
      ["a"],
    ],
    ["a suite without tests", "<testsuites><testsuite/></testsuites>", []],
  ])("reads %s", (_what, xml, expected) => {
    expect(names(read(xml), "passed")).toEqual(expected);
  });

  it.each([
    ["failure", '<testcase name="a"><failure message="why"/></testcase>'],
    ["error", '<testcase name="a"><error>why</error></testcase>'],
  ])("takes a %s for a failed test and reads its message", (_what, testcase) => {
    expect(read(`<testsuite>${testcase}</testsuite>`)).toMatchObject([{ outcome: "failed", message: "why" }]);
  });

  it.each(["<testcase name='a'><skipped/></testcase>", "<testcase name='a' status='notrun'/>"])(
    "takes %s for skipped",
    (xml) => {
      expect(names(read(`<testsuite>${xml}</testsuite>`), "skipped")).toEqual(["a"]);
    },
  );

  it.each([
    ["other text", "all passed"],
    ["other XML", "<html/>"],
    ["XML that is cut off", '<testsuite><testcase name="a"/>'],
    ["entities of its own", '<!DOCTYPE x [<!ENTITY e "a">]><testsuite><testcase name="&e;"/></testsuite>'],
  ])("refuses %s", (_what, text) => {
    expect(read(text)).toBeNull();
  });

  it("never throws, whatever is printed", () => {
    fc.assert(fc.property(fc.string(), (text) => void read(`<testsuite>${text}</testsuite>`)));
  });
});
