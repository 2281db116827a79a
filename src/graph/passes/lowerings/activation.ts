import { made, type OpsetContext, type OpsetRule } from '../opset-rule.js';

const names = (builder: OpsetContext['builder'], ...prefixes: readonly string[]): string[] =>
  prefixes.map((prefix) => builder.fresh(prefix));

/** 0.5 x (1 + erf(x / sqrt 2)), the exact form only. */
const gelu: OpsetRule = (node, { builder }) => {
  const approximate = node.attributes['approximate'];
  if (approximate?.type === 'string' && approximate.value !== 'none') return undefined;
  const x = node.inputs[0]!;
  const [scaled, erf, shifted, half] = names(builder, 'scaled', 'erf', 'shifted', 'half') as [
    string,
    string,
    string,
    string,
  ];
  return [
    made(builder, 'Mul', [x, builder.scalar(Math.SQRT1_2)], scaled),
    made(builder, 'Erf', [scaled], erf),
    made(builder, 'Add', [erf, builder.scalar(1)], shifted),
    made(builder, 'Mul', [x, builder.scalar(0.5)], half),
    made(builder, 'Mul', [half, shifted], node.outputs[0]!),
  ];
};

/** x tanh(softplus(x)). */
const mish: OpsetRule = (node, { builder }) => {
  const [softplus, tanh] = names(builder, 'softplus', 'tanh') as [string, string];
  return [
    made(builder, 'Softplus', [node.inputs[0]!], softplus),
    made(builder, 'Tanh', [softplus], tanh),
    made(builder, 'Mul', [node.inputs[0]!, tanh], node.outputs[0]!),
  ];
};

/** How to write an activation of a later operator set in 17. */
export const activationLowerings: Readonly<Record<string, OpsetRule>> = { Gelu: gelu, Mish: mish };
