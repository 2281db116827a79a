import { GauntletError } from '../../errors.js';
import type { Graph } from '../../graph/ir.js';
import { didYouMean } from '../../text/suggest.js';
import { Emitter } from './emitter.js';
import { inputOf, modelInputs } from './layers-input.js';
import { layerLowerings } from './layers/index.js';
import { Layer } from './layers/layer.js';
import { LayerWeights } from './layers/layer-weights.js';
import { readTopology, type LayerSpec, type ModelSpec, type Reference } from './topology.js';
import type { JsonObject } from './json.js';
import type { Value } from './value.js';
import type { Weights } from './weights.js';

/** One call of a layer or of a nested model. */
type Call = (inputs: readonly Value[]) => readonly Value[];

/**
 * The graph of a layers model. Values are named after the layers they come from.
 * @param shape of one example, where the file leaves it open
 * @param inner layer whose result is asked for although it is no output: its elements are to stand as TensorFlow.js has them
 * @throws GauntletError MODEL_INVALID, MODEL_WEIGHTS; LAYER_UNSUPPORTED naming layer and class.
 */
export function lowerLayersModel(
  topology: JsonObject,
  weights: Weights,
  source: string,
  shape?: readonly number[],
  inner?: string,
): Graph {
  const model = readTopology(topology, source);
  const lowering = new ModelLowering(new Emitter(source), new LayerWeights(weights), source, inner);
  return lowering.graph(model, shape);
}

class ModelLowering {
  /** Names of layers by the values they compute. */
  private readonly names = new Map<string, string>();

  constructor(
    private readonly emitter: Emitter,
    private readonly weights: LayerWeights,
    private readonly source: string,
    private readonly inner: string | undefined,
  ) {}

  graph(model: ModelSpec, shape: readonly number[] | undefined): Graph {
    const inputs = modelInputs(model, this.source).map((input) => {
      const { name, type, dims } = inputOf(input, shape);
      return this.emitter.input(name, type, dims);
    });
    return this.emitter.finish(this.callOf(model)(inputs), this.names);
  }

  /** How to call a model. Its layers are made once, so that those of a model that is called twice share their weights. */
  private callOf(model: ModelSpec): Call {
    const layers = model.layers.map((spec) => ({ spec, call: this.callOfLayer(spec) }));
    return model.kind === 'sequential'
      ? (inputs) => layers.reduce((values, { call }) => call(values), inputs)
      : (inputs) => this.run(model, layers, inputs);
  }

  private callOfLayer(spec: LayerSpec): Call {
    if (spec.model !== undefined) return this.callOf(spec.model);
    if (spec.className === 'InputLayer') return (inputs) => inputs;
    const lowering = layerLowerings.get(spec.className);
    if (lowering === undefined) throw unknownLayer(spec, this.source);
    const { emitter } = this;
    const layer = new Layer(spec.name, spec.className, spec.config, emitter, this.weights);
    return (inputs) => {
      emitter.scope = spec.name;
      const found = lowering(layer, inputs);
      const value = spec.name === this.inner ? emitter.natural(found) : found;
      if (!inputs.some(({ name }) => name === value.name)) this.names.set(value.name, spec.name);
      return [value];
    };
  }

  /** Calls every layer as soon as its inputs are there; files mostly have them in that order. */
  private run(
    model: Extract<ModelSpec, { kind: 'functional' }>,
    layers: readonly { readonly spec: LayerSpec; readonly call: Call }[],
    inputs: readonly Value[],
  ): Value[] {
    const results = new Map<string, readonly Value[]>();
    const valueOf = ({ layer, call, output }: Reference): Value | undefined =>
      results.get(`${layer} ${call}`)?.[output];
    model.inputs.forEach(({ layer, call }, i) => results.set(`${layer} ${call}`, inputs.slice(i, i + 1)));
    let pending = layers.flatMap(({ spec, call }) =>
      spec.calls.map((from, i) => ({
        from,
        call,
        key: `${spec.name} ${spec.model === undefined ? i : i + 1}`,
      })),
    );
    while (pending.length > 0) {
      const waiting: typeof pending = [];
      for (const one of pending) {
        const values = one.from.map(valueOf);
        if (values.includes(undefined)) waiting.push(one);
        else results.set(one.key, one.call(values as Value[]));
      }
      if (waiting.length === pending.length)
        throw this.unconnected(waiting[0]!.from.find((r) => !valueOf(r))!);
      pending = waiting;
    }
    return model.outputs.map((reference) => {
      const value = valueOf(reference);
      if (value === undefined) throw this.unconnected(reference);
      return value;
    });
  }

  private unconnected({ layer, call, output }: Reference): GauntletError {
    return new GauntletError(
      'MODEL_INVALID',
      `${this.source}: output ${output} of call ${call} of layer "${layer}" is used, but nothing computes it`,
    );
  }
}

function unknownLayer({ name, className }: LayerSpec, source: string): GauntletError {
  const hint = didYouMean(className, [...layerLowerings.keys()]);
  return new GauntletError(
    'LAYER_UNSUPPORTED',
    `${source}: layer "${name}" is of class ${className}, which Gauntlet does not read${hint}`,
  );
}
