import { GauntletError } from '../../errors.js';
import type { InferredDim, Node } from '../ir.js';
import type { RuleContext } from './rule.js';

/** A node that no gradient can pass. */
export class GradientBlocked extends GauntletError {
  /** @param reason why, as half a sentence @param advice what would help, as sentences */
  constructor(
    readonly node: Node,
    readonly reason: string,
    advice = '',
  ) {
    super(
      'GRADIENT_BLOCKED',
      `The gradient cannot pass through operator ${operatorOf(node)} (node "${node.name}"): ${reason}.${advice}`,
    );
  }
}

/** The error for a node that no gradient can pass; names its operator, its node and the reason. */
export const blocked = (node: Node, reason: string): GradientBlocked => new GradientBlocked(node, reason);

/** The operator's name, with its domain unless that is the standard one. */
export const operatorOf = (node: Node): string => (isStandard(node) ? node.op : `${node.domain}.${node.op}`);

/** Whether the node's operator belongs to the standard ONNX operator set. */
export function isStandard(node: Node): boolean {
  return node.domain === '' || node.domain === 'ai.onnx';
}

/**
 * The dimension as a number.
 * @throws GauntletError GRADIENT_BLOCKED where it depends on the batch size.
 */
export function fixedDim(
  context: Pick<RuleContext, 'node'>,
  dim: InferredDim | undefined,
  what: string,
): number {
  if (typeof dim === 'number') return dim;
  throw blocked(context.node, `its ${what} depends on the batch size`);
}

/**
 * The values of input `index`, which must be constant, as numbers; undefined where that input is absent.
 * @throws GauntletError GRADIENT_BLOCKED where the input is only known at run time.
 */
export function constantInput(context: RuleContext, index: number, what: string): number[] | undefined {
  const name = context.node.inputs[index] ?? '';
  if (name === '') return undefined;
  const tensor = context.constant(name);
  if (tensor === undefined) throw blocked(context.node, `its ${what} are only known at run time`);
  return Array.from(tensor.data as ArrayLike<number | bigint>, Number);
}
