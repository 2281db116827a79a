import { fixedDim } from '../blocked.js';
import { intAttribute, intsAttribute } from '../attributes.js';
import { zero } from '../masks.js';
import type { GradientRule, RuleContext } from '../rule.js';
import { scatterWindows } from '../scatter.js';
import { filled, reshape, reshapeLike } from '../shaping.js';
import { windowOf } from '../window.js';

/** Emits sign(x) |x|^exponent for a whole exponent of at least 0; 0 at 0. */
export function signedPower({ builder }: RuleContext, x: string, exponent: number): string {
  if (exponent === 1) return x;
  const sign = builder.add('Sign', [x]);
  if (exponent === 0) return sign;
  const magnitude = builder.add('Pow', [builder.add('Abs', [x]), builder.scalar(exponent)]);
  return builder.add('Mul', [sign, magnitude]);
}

/**
 * y = (sum |x|^p)^(1/p) over each window: dx = sign(x) |x|^(p - 1) times the sum, over the windows that see x, of
 * g / y^(p - 1). A window of zeros passes nothing on.
 */
const lpPool: GradientRule = (context) => {
  const { builder, node } = context;
  const kernel = intsAttribute(node, 'kernel_shape') ?? [];
  const window = windowOf(context, kernel);
  const exponent = intAttribute(node, 'p', 2) - 1;
  const [x, y] = [node.inputs[0]!, node.outputs[0]!];
  const share = (g: string): string => {
    const power = signedPower(context, y, exponent);
    return builder.add('Div', [g, builder.add('Add', [power, zero(context, power)])]);
  };
  const g = context.outputGradients[0]!;
  // One channel at a time: the batch and channel axes are merged, so that a kernel of a single filter serves all.
  const channels = fixedDim(context, context.dims(x)[1], 'number of channels');
  const merged = reshape(context, exponent === 0 ? g : share(g), [{ batch: channels }, 1, ...window.output]);
  const spread = scatterWindows(context, merged, filled(context, [1, 1, ...kernel], 1), window, 1);
  return [builder.add('Mul', [signedPower(context, x, exponent), reshapeLike(context, spread, x)])];
};

/** Lp norms of windows of `[batch, channels, ...spatial]`. */
export const lpPoolingRules: Readonly<Record<string, GradientRule>> = { LpPool: lpPool };
