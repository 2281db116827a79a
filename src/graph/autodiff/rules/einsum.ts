import { string } from '../../builder.js';
import type { InferredDim } from '../../ir.js';
import { blocked } from '../blocked.js';
import { stringAttribute } from '../attributes.js';
import type { GradientRule, RuleContext } from '../rule.js';

/** A tensor of the contraction and the letters of its axes. */
interface Factor {
  readonly value: string;
  readonly letters: string;
  readonly dims: readonly InferredDim[];
}

const LETTERS = Array.from('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');

/** The subscripts of every operand and of the result, with the axes of an ellipsis spelled out by letters not in use. */
function subscriptsOf({ node, dims }: RuleContext): { inputs: string[]; output: string } {
  const equation = stringAttribute(node, 'equation', '').replaceAll(' ', '');
  const [left, right] = equation.split('->') as [string, string | undefined];
  const terms = left.split(',');
  const named = (term: string): string => term.replace('...', '');
  const hidden = terms.map((term, i) =>
    term === named(term) ? 0 : dims(node.inputs[i]!).length - named(term).length,
  );
  const unused = LETTERS.filter((letter) => !equation.includes(letter));
  const ellipsis = unused.slice(0, Math.max(...hidden)).join('');
  // Axes behind an ellipsis are aligned at their end.
  const spelled = (term: string, count: number): string =>
    term.replace('...', ellipsis.slice(ellipsis.length - count));
  const implicit = (): string => {
    const all = terms.map(named).join('');
    return ellipsis + LETTERS.filter((letter) => all.split(letter).length === 2).join('');
  };
  return {
    inputs: terms.map((term, i) => spelled(term, hidden[i]!)),
    output: right === undefined ? implicit() : spelled(right, ellipsis.length),
  };
}

/**
 * A sum of products over named axes. The gradient of an operand is again such a sum: of the cotangent and all other
 * operands, for the operand's own letters. What the operand alone was summed over is repeated; what it was repeated
 * over, having length 1 there, is summed.
 */
const einsum: GradientRule = (context) => {
  const { node, needs, dims } = context;
  const { inputs, output } = subscriptsOf(context);
  for (const term of [...inputs, output])
    if (new Set(term).size < term.length) throw blocked(node, `"${term}" takes a diagonal`);
  const operands = node.inputs.map((value, i): Factor => ({ value, letters: inputs[i]!, dims: dims(value) }));
  const cotangent: Factor = {
    value: context.outputGradients[0]!,
    letters: output,
    dims: dims(node.outputs[0]!),
  };
  return operands.map((operand, i) => {
    if (needs[i] !== true) return null;
    const others = [cotangent, ...operands.filter((_, other) => other !== i)];
    return gradientOf(context, operand, others);
  });
};

const lengthAlong = ({ letters, dims }: Factor, letter: string): InferredDim =>
  dims[letters.indexOf(letter)] ?? 1;

/** Emits the gradient of one operand from the cotangent and the other operands. */
function gradientOf(context: RuleContext, operand: Factor, others: readonly Factor[]): string {
  const { builder } = context;
  const letters = Array.from(operand.letters);
  const found = letters.filter(
    (letter) =>
      lengthAlong(operand, letter) !== 1 && others.some((other) => lengthAlong(other, letter) !== 1),
  );
  const product = contract(context, others, found.join(''));
  const missing = letters.flatMap((letter, axis) => (found.includes(letter) ? [] : [axis]));
  if (missing.length === 0) return product;
  const aligned = builder.add('Unsqueeze', [product, builder.ints(missing)]);
  if (missing.every((axis) => operand.dims[axis] === 1)) return aligned;
  return builder.add('Expand', [aligned, builder.add('Shape', [operand.value])]);
}

/** Emits the sum of the factors' product over all letters but those of `output`. Scalars are multiplied in at the end. */
function contract({ builder }: RuleContext, factors: readonly Factor[], output: string): string {
  const tensors = factors.filter(({ letters }) => letters !== '');
  const scalars = factors.filter(({ letters }) => letters === '').map(({ value }) => value);
  const equation = string(`${tensors.map(({ letters }) => letters).join(',')}->${output}`);
  const sums =
    tensors.length === 0
      ? []
      : [
          builder.add(
            'Einsum',
            tensors.map(({ value }) => value),
            { equation },
          ),
        ];
  return [...sums, ...scalars].reduce((total, value) => builder.add('Mul', [total, value]));
}

/** Einstein summation. */
export const einsumRules: Readonly<Record<string, GradientRule>> = { Einsum: einsum };
