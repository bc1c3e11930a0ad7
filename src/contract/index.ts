export type { LoopContract, PolicyRule } from "./contract.ts";
export { defineLoop, isLoopContract, type LoopAnswers, type Proof } from "./define-loop.ts";
export { contractText, moduleFiles } from "./digest.ts";
export { type ContractModule, loadContract, loadContractModule } from "./load.ts";
