/** What a plugin's own tests may import: `gauntlet-bench/testing`. */
export { architectureContract, type ArchitectureContractOptions } from './contract/architecture.js';
export { attackContract, type ContractCheck, type ContractOptions } from './contract/contract.js';
export { compositeContract } from './contract/composite.js';
export { denseClassifier, randomLinear, randomNetwork, type DenseLayer } from './contract/classifiers.js';
