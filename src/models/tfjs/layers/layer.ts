import { GauntletError } from '../../../errors.js';
import { floatTensor, type FloatTensor } from '../../../tensor/tensor.js';
import type { Config } from '../config.js';
import type { Emitter } from '../emitter.js';
import type { Value } from '../value.js';
import type { LayerWeights } from './layer-weights.js';

/** Makes of a weight what the graph takes. */
export type Arrange = (tensor: FloatTensor) => FloatTensor;

/** A layer while it is lowered: what it is made of, and where it is written to. */
export class Layer {
  /** Initializers by weight and arrangement: a layer that is called twice has its weights once. */
  private readonly constants = new Map<string, Map<Arrange, string>>();

  constructor(
    readonly name: string,
    readonly className: string,
    readonly config: Config,
    readonly emitter: Emitter,
    private readonly weights: LayerWeights,
  ) {}

  /** @throws GauntletError MODEL_INVALID when the weight is missing or of another shape; MODEL_WEIGHTS when it is not finite. */
  tensor(weight: string, shape: readonly number[]): FloatTensor {
    return this.weights.read(this.name, weight, shape, this.config.where);
  }

  /** Puts a weight into the graph, arranged, and returns its name there. */
  constant(weight: string, shape: readonly number[], arrange: Arrange = asIs): string {
    const known = this.constants.get(weight) ?? new Map<Arrange, string>();
    this.constants.set(weight, known);
    const name =
      known.get(arrange) ??
      this.emitter.constant(`${this.name}/${weight}`, arrange(this.tensor(weight, shape)));
    known.set(arrange, name);
    return name;
  }

  /** Puts numbers into the graph that are not a weight. */
  numbers(name: string, values: ArrayLike<number>, shape: readonly number[]): string {
    return this.emitter.constant(`${this.name}/${name}`, floatTensor(Float32Array.from(values), shape));
  }

  /** The one input the layer takes, which must have as many axes as one of `ranks` says, the batch not counted. */
  single(inputs: readonly Value[], ...ranks: readonly number[]): Value {
    const [input, ...others] = inputs;
    if (input === undefined || others.length > 0)
      throw new GauntletError(
        'MODEL_INVALID',
        `${this.config.where} takes one input, received ${inputs.length}`,
      );
    if (ranks.length > 0 && !ranks.includes(input.shape.length))
      throw new GauntletError(
        'MODEL_INVALID',
        `${this.config.where} takes examples of ${ranks.join(' or ')} axes, received [${input.shape.join(', ')}]`,
      );
    return input;
  }
}

const asIs: Arrange = (tensor) => tensor;

/** Writes a layer into the graph. @throws GauntletError MODEL_INVALID, MODEL_WEIGHTS, LAYER_UNSUPPORTED. */
export type Lowering = (layer: Layer, inputs: readonly Value[]) => Value;
