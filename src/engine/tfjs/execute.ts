import { GauntletError } from '../../errors.js';
import type { Graph, Node } from '../../graph/ir.js';
import { didYouMean } from '../../text/suggest.js';
import { PASSED_STRAIGHT_THROUGH } from '../own-gradient.js';
import { unrecorded, type Operator } from './call.js';
import { operators } from './operators/index.js';
import { tf } from './tf.js';
import { Value } from './value.js';

/** A node with the operator that computes it. */
export interface Step {
  readonly node: Node;
  readonly operator: Operator;
  readonly prepared: readonly tf.Tensor[];
}

/** Operators of other domains than the standard one, by node. */
export type ForeignOperators = ReadonlyMap<Node, Operator>;

/**
 * The steps of a graph.
 * @throws GauntletError ENGINE_OPERATOR naming an operator the engine does not have, and its node.
 */
export function stepsOf(
  nodes: Graph['nodes'],
  constants: ReadonlyMap<string, tf.Tensor>,
  foreign: ForeignOperators,
): Step[] {
  return nodes.map((node) => {
    const operator = isStandard(node) ? operators.get(node.op) : foreign.get(node);
    if (operator === undefined) throw unknown(node);
    const known = node.inputs.map((name) => constants.get(name));
    return { node, operator, prepared: tf.tidy(() => (operator.prepare?.(node, known) ?? []).map(tf.keep)) };
  });
}

function unknown(node: Node): GauntletError {
  const op = isStandard(node) ? node.op : `${node.domain}.${node.op}`;
  return new GauntletError(
    'ENGINE_OPERATOR',
    `TensorFlow.js has no operator ${op} (node "${node.name}")${didYouMean(node.op, [...operators.keys()])}`,
  );
}

const isStandard = ({ domain }: Node): boolean => domain === '' || domain === 'ai.onnx';

/** Runs the steps in order on the values known so far, to which it adds theirs. */
export function execute(steps: readonly Step[], values: Map<string, Value>, straightThrough: boolean): void {
  for (const { node, operator, prepared } of steps) {
    const inputs = node.inputs.map((name) => (name === '' ? undefined : values.get(name)));
    const outputCount = node.outputs.findLastIndex((name) => name !== '') + 1;
    const run = (given: readonly (Value | undefined)[]): Value | readonly Value[] =>
      operator.run({ node, inputs: given, prepared, outputCount });
    const passes = straightThrough && PASSED_STRAIGHT_THROUGH.has(node.op);
    const made = passes
      ? rounded(inputs[0]!, (x) => run([x]) as Value)
      : operator.flat === true
        ? unrecorded(() => run(inputs))
        : run(inputs);
    [made].flat().forEach((value, i) => {
      const name = node.outputs[i] ?? '';
      if (name !== '') values.set(name, value);
    });
  }
}

/** A rounded value with the gradient of one that is not. */
function rounded(value: Value, round: (x: Value) => Value): Value {
  return value.map((x) =>
    tf.customGrad((point) => ({
      value: round(Value.of(point as tf.Tensor)).tensor,
      gradFunc: (dy: tf.Tensor) => dy,
    }))(x),
  );
}
