import { openProcesses } from "../../../src/process/index.ts";

// A host for tests to kill: it runs a stubborn tree that sleeps for SECONDS and says `ready` when all of it stands.
const [registryDirectory = "", seconds = ""] = process.argv.slice(2);

const stubborn = `
trap '' TERM HUP INT
sleep ${seconds} &
setsid sh -c "trap '' TERM; sleep ${seconds}" &
(setsid sh -c 'setsid sleep ${seconds} & exit 0' &)
env -i sleep ${seconds} &
sleep 0.3
echo ready
sleep ${seconds}`;

const processes = openProcesses({ registryDirectory });
await processes.run({
  command: ["sh", "-c", stubborn],
  cwd: "/",
  env: { PATH: process.env.PATH ?? "" },
  timeoutMs: 2 ** 40,
  onOutput: (chunk) => void process.stdout.write(chunk),
});
