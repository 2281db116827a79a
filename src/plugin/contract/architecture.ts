import { messageOf } from '../../errors.js';
import { KIND } from '../../models/architectures/backbone-schema.js';
import type { ArchitecturePlugin } from '../../models/architectures/define.js';
import { backboneWithDefaults } from '../../models/architectures/defaults.js';
import type { NetworkSpec } from '../../models/architectures/network.js';
import {
  allArchitectures,
  architecturesOf,
  builtInArchitectures,
  type Architectures,
} from '../../models/architectures/registry.js';
import { firstProblem, pathText } from '../../text/schema-problem.js';
import { backboneValidator } from '../backbone-parameters.js';
import { checkPlugin } from '../validate.js';
import { ARCHITECTURE_CHECKS, architectureSubject } from './architecture-checks.js';
import type { ContractCheck } from './contract.js';

export interface ArchitectureContractOptions {
  /** Of a backbone: the parameters of a small network; those with defaults may be left out. */
  readonly parameters?: Readonly<Record<string, unknown>>;
  /** Shapes [channels, height, width] of images it is built for: [1, 28, 28] and [3, 32, 32] unless given. */
  readonly shapes?: readonly NetworkSpec['input']['shape'][];
}

const SHAPES: readonly NetworkSpec['input']['shape'][] = [
  [1, 28, 28],
  [3, 32, 32],
];
const CLASSES = 3;
/** Of a backbone's head, and of a head that has a penultimate layer. */
const UNITS = 4;

/**
 * The rules every architecture keeps, as named checks, each at every shape of image: a network with it is what it says it is, starts
 * the same every time, can be trained in all its parts, and needs nothing but its file afterwards. A backbone is tried under a linear
 * head, a head on a small MLP. The checks train for a few steps on random images, on ONNX Runtime.
 *
 *     const checks = architectureContract(architecture, { parameters: { widths: [8] } });
 *     for (const check of checks) test(check.name, () => check.run());
 *
 * An architecture whose definition is not complete gets the one check that says so.
 */
export function architectureContract(
  architecture: unknown,
  { parameters = {}, shapes = SHAPES }: ArchitectureContractOptions = {},
): ContractCheck[] {
  const problem = definitionProblem(architecture, parameters);
  const id = (architecture as { metadata?: { id?: string } } | null)?.metadata?.id ?? 'the plugin';
  const complete: ContractCheck = {
    name: `${id} has complete metadata and parameters`,
    run: () => (problem === null ? Promise.resolve() : Promise.reject(new Error(problem))),
  };
  if (problem !== null) return [complete];
  const plugin = architecture as ArchitecturePlugin;
  const [architectures, spec] = [withOwn(plugin), specOf(plugin, parameters)];
  const checks = shapes.flatMap((shape) => {
    const perChannel = (value: number) => Array<number>(shape[0]).fill(value);
    const input = { shape, mean: perChannel(0.5), std: perChannel(0.25) };
    const subject = architectureSubject(architectures, { ...spec, input, numClasses: CLASSES });
    return ARCHITECTURE_CHECKS.map(({ name, run }) => ({
      name: `${id} ${name} ([${shape.join(', ')}])`,
      run: async () => {
        await run(subject);
      },
    }));
  });
  return [complete, ...checks];
}

/** What keeps the contract from being tried; null for nothing. */
function definitionProblem(
  architecture: unknown,
  parameters: Readonly<Record<string, unknown>>,
): string | null {
  try {
    checkPlugin(architecture);
    if (architecture.kind !== 'architecture') return `it is a ${architecture.kind}, not an architecture`;
    return architecture.part === 'head' ? null : parametersProblem(architecture, parameters);
  } catch (error) {
    return messageOf(error);
  }
}

/** As in a recipe. */
function parametersProblem(
  backbone: Extract<ArchitecturePlugin, { part: 'backbone' }>,
  parameters: Readonly<Record<string, unknown>>,
): string | null {
  const validate = backboneValidator(backbone);
  if (validate({ [KIND]: backbone.metadata.id, ...parameters })) return null;
  const { path, message } = firstProblem(validate.errors ?? []);
  return `the contract must be given other parameters: ${pathText(path)}: ${message}`;
}

/** The built-in architectures and one that may be one of them. */
function withOwn(plugin: ArchitecturePlugin): Architectures {
  const others = allArchitectures(builtInArchitectures).filter(
    ({ metadata }) => metadata.id !== plugin.metadata.id,
  );
  return architecturesOf([...others, plugin]);
}

function specOf(
  plugin: ArchitecturePlugin,
  parameters: Readonly<Record<string, unknown>>,
): Omit<NetworkSpec, 'input' | 'numClasses'> {
  const { id } = plugin.metadata;
  return plugin.part === 'backbone'
    ? {
        backbone: backboneWithDefaults({ kind: id, ...parameters }, plugin),
        head: 'linpen',
        units: UNITS,
        activation: 'silu',
      }
    : {
        backbone: { kind: 'mlp', widths: [6] },
        head: id,
        ...(plugin.defaultUnits !== null && { units: UNITS }),
        activation: 'silu',
      };
}
