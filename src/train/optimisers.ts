import type { GraphBuilder } from '../graph/builder.js';

/** The update rule of the weights; `kind` picks the entry of `optimisers`. */
export type OptimiserSpec =
  | {
      readonly kind: 'sgd';
      readonly learningRate: number;
      readonly momentum: number;
      readonly weightDecay: number;
    }
  | {
      readonly kind: 'adam' | 'adamw';
      readonly learningRate: number;
      readonly beta1: number;
      readonly beta2: number;
      readonly epsilon: number;
      readonly weightDecay: number;
    };

/** Names of the graph values an update reads: all but the scalars have the parameter's shape. */
interface UpdateValues {
  readonly parameter: string;
  readonly gradient: string;
  /** Current value of each slot, in the order of `slots`. */
  readonly slots: readonly string[];
  /** Value of each scalar, by name. */
  readonly scalars: Readonly<Record<string, string>>;
}

export interface Optimiser<Spec> {
  /** Tensors kept per parameter between steps, of its shape, zero at the start. */
  readonly slots: readonly string[];
  /** Scalars that change from step to step besides `learning_rate`; `step` counts from 1. */
  readonly scalars: (spec: Spec, step: number) => Readonly<Record<string, number>>;
  /** Adds the update of one parameter; returns its new value and the new slots. */
  readonly update: (
    builder: GraphBuilder,
    spec: Spec,
    values: UpdateValues,
  ) => { readonly parameter: string; readonly slots: readonly string[] };
}

type SgdSpec = Extract<OptimiserSpec, { kind: 'sgd' }>;
type AdamSpec = Exclude<OptimiserSpec, { kind: 'sgd' }>;

/** `name` of the scalar input with the learning rate, given to every optimiser. */
export const LEARNING_RATE = 'learning_rate';

/** a + factor * b. */
const plusScaled = (builder: GraphBuilder, a: string, factor: string, b: string): string =>
  builder.add('Add', [a, builder.add('Mul', [factor, b])]);

/** a - factor * b. */
const minusScaled = (builder: GraphBuilder, a: string, factor: string, b: string): string =>
  builder.add('Sub', [a, builder.add('Mul', [factor, b])]);

/** decay * a + (1 - decay) * b. */
const moving = (builder: GraphBuilder, decay: number, a: string, b: string): string =>
  plusScaled(builder, builder.add('Mul', [builder.scalar(decay), a]), builder.scalar(1 - decay), b);

/** The gradient of the loss plus weightDecay / 2 * |w|^2. */
const withDecay = (
  builder: GraphBuilder,
  { weightDecay }: OptimiserSpec,
  { gradient, parameter }: UpdateValues,
) => (weightDecay === 0 ? gradient : plusScaled(builder, gradient, builder.scalar(weightDecay), parameter));

/** v' = momentum v + g, w' = w - rate v' (PyTorch's form, without dampening). */
const sgd: Optimiser<SgdSpec> = {
  slots: ['velocity'],
  scalars: () => ({}),
  update(builder, spec, values) {
    const gradient = withDecay(builder, spec, values);
    const velocity = plusScaled(builder, gradient, builder.scalar(spec.momentum), values.slots[0]!);
    return {
      parameter: minusScaled(builder, values.parameter, values.scalars[LEARNING_RATE]!, velocity),
      slots: [velocity],
    };
  },
};

/** Kingma and Ba, "Adam" (2015), algorithm 1, from the given parameter and gradient. */
function adamUpdate(builder: GraphBuilder, spec: AdamSpec, values: UpdateValues) {
  const { parameter, gradient, slots, scalars } = values;
  const first = moving(builder, spec.beta1, slots[0]!, gradient);
  const second = moving(builder, spec.beta2, slots[1]!, builder.add('Mul', [gradient, gradient]));
  const mean = builder.add('Mul', [first, scalars['correction1']!]);
  const deviation = builder.add('Sqrt', [builder.add('Mul', [second, scalars['correction2']!])]);
  const direction = builder.add('Div', [mean, builder.add('Add', [deviation, builder.scalar(spec.epsilon)])]);
  return {
    parameter: minusScaled(builder, parameter, scalars[LEARNING_RATE]!, direction),
    slots: [first, second],
  };
}

/** Factors that undo the bias of moments that began at zero. */
const biasCorrections = ({ beta1, beta2 }: AdamSpec, step: number) => ({
  correction1: 1 / (1 - beta1 ** step),
  correction2: 1 / (1 - beta2 ** step),
});

const adam: Optimiser<AdamSpec> = {
  slots: ['first_moment', 'second_moment'],
  scalars: biasCorrections,
  update: (builder, spec, values) =>
    adamUpdate(builder, spec, { ...values, gradient: withDecay(builder, spec, values) }),
};

/** Loshchilov and Hutter, "Decoupled Weight Decay Regularization" (2019): w shrinks by rate * weightDecay on its own. */
const adamw: Optimiser<AdamSpec> = {
  ...adam,
  update(builder, spec, values) {
    if (spec.weightDecay === 0) return adamUpdate(builder, spec, values);
    const shrinking = builder.add('Mul', [values.scalars[LEARNING_RATE]!, builder.scalar(spec.weightDecay)]);
    const parameter = minusScaled(builder, values.parameter, shrinking, values.parameter);
    return adamUpdate(builder, spec, { ...values, parameter });
  },
};

const optimisers = { sgd, adam, adamw } as const;

/** The optimiser of a specification. Decay is coupled (L2) in `sgd` and `adam`, decoupled in `adamw`. */
export function optimiserOf(spec: OptimiserSpec): Optimiser<OptimiserSpec> {
  return optimisers[spec.kind] as Optimiser<OptimiserSpec>;
}
