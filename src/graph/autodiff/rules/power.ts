import { floatTensor } from '../../../tensor/tensor.js';
import { int } from '../../builder.js';
import { broadcastInput } from '../broadcasting.js';
import { zero } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { finite, nonzero } from './unary.js';

interface PowerContext extends RuleContext {
  readonly x: string;
  readonly y: string;
  readonly g: string;
}

/**
 * What dx is for exponents that need no power: Pow itself takes six times as long as a product, but for exponents of
 * 2 and 3.
 */
const SPECIAL: ReadonlyMap<number, (context: PowerContext) => string> = new Map([
  [1, ({ g }) => g],
  [2, ({ builder, x, g }) => builder.add('Mul', [g, builder.add('Mul', [x, builder.scalar(2)])])],
  [
    0.5,
    (context) => {
      const { builder, y, g } = context;
      return builder.add('Div', [builder.add('Mul', [g, builder.scalar(0.5)]), nonzero(context, y)]);
    },
  ],
]);

/** dx = g p x^(p-1) for one exponent or several known ones; 0 where p = 0, even at x = 0. */
function byKnown(context: PowerContext, values: Float32Array, dims: readonly number[]): string {
  const { builder, x, g } = context;
  const [first] = values;
  const alike = values.every((value) => value === first);
  const special = alike ? SPECIAL.get(first!) : undefined;
  if (special !== undefined) return special(context);
  const constant = (of: (exponent: number) => number): string =>
    alike
      ? builder.scalar(of(first!))
      : builder.initializer('const_power', floatTensor(values.map(of), [...dims]));
  const raised = builder.add('Pow', [x, constant((p) => (p === 0 ? 0 : p - 1))]);
  const slope = builder.add('Mul', [raised, constant((p) => p)]);
  return builder.add('Mul', [g, values.some((p) => p < 1 && p !== 0) ? finite(context, slope) : slope]);
}

/** The same for an exponent only known at run time. */
function byVariable(context: PowerContext, exponent: string): string {
  const { builder, x, g } = context;
  const isZero = zero(context, exponent);
  const lowered = builder.add('Add', [builder.add('Sub', [exponent, builder.scalar(1)]), isZero]);
  const slope = builder.add('Mul', [builder.add('Pow', [x, lowered]), exponent]);
  return builder.add('Mul', [g, finite(context, slope)]);
}

/** y log x, and 0 where x = 0. */
function exponentSlope(context: PowerContext): string {
  const { builder, x, y } = context;
  const log = builder.add('Log', [builder.add('Add', [x, zero(context, x)])]);
  return builder.add('Mul', [finite(context, y), log]);
}

/** The exponent as float32: Pow takes integers too. */
function floatExponent({ builder, node, shapes }: RuleContext): string {
  const exponent = node.inputs[1]!;
  const type = shapes.get(exponent)?.type ?? 'float32';
  return type === 'float32' ? exponent : builder.add('Cast', [exponent], { to: int(1) });
}

/**
 * x^p. The base's derivative is p x^(p-1), and 0 for p = 0; where it is infinite, at x = 0 for p < 1, it is as large as
 * float32 allows, so that a cotangent of 0 gives 0 (PyTorch: NaN). The exponent's derivative is x^p log x, 0 at x = 0
 * and NaN for x < 0, as in PyTorch.
 */
const power: GradientRule = (context) => {
  const { node, builder } = context;
  const [x, exponent] = node.inputs as [string, string];
  const g = context.outputGradients[0]!;
  const inner: PowerContext = { ...context, x, y: node.outputs[0]!, g };
  const tensor = context.constant(exponent);
  return [
    broadcastInput(context, 0, () =>
      tensor === undefined
        ? byVariable(inner, floatExponent(context))
        : byKnown(inner, Float32Array.from(tensor.data as ArrayLike<number | bigint>, Number), tensor.dims),
    ),
    broadcastInput(context, 1, () => builder.add('Mul', [g, exponentSlope(inner)])),
  ];
};

export const powerRules: Readonly<Record<string, GradientRule>> = { Pow: power };
