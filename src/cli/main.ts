#!/usr/bin/env node
// Nothing is imported before the version is known: an older Node cannot even read what comes then.
const least = [22, 18] as const;
const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);

if (major < least[0] || (major === least[0] && minor < least[1])) {
  process.stderr.write(
    `error: loopwright needs Node ${least.join(".")} or newer; this is ${process.versions.node}\n` +
      `  fix: install a newer Node, or put one into this project with: npm install --save-dev node@24\n`,
  );
  process.exitCode = 2;
} else {
  const [{ runProgram }, { systemEnvironment }] = await Promise.all([
    import("./program.ts"),
    import("./system.ts"),
  ]);
  process.exitCode = await runProgram(process.argv.slice(2), systemEnvironment());
}
