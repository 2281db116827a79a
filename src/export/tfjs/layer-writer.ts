import { isNatural, natural, sameSequence, storedShape } from '../../models/tfjs/value.js';
import type { FloatTensor } from '../../tensor/tensor.js';
import type { LayerValue, WrittenLayer } from './layer-value.js';

type Settings = Record<string, unknown>;
type LayerWeights = Record<string, FloatTensor>;

/** Writes the layers of a model, one after another, and moves axes where that is needed. */
export class LayerWriter {
  private readonly written: WrittenLayer[] = [];
  private readonly counts = new Map<string, number>();
  /** Layers that move axes, by what they move and into which order. */
  private readonly moved = new Map<WrittenLayer, Map<string, LayerValue>>();

  get layers(): readonly WrittenLayer[] {
    return this.written;
  }

  /** Adds a layer, named after its class as Keras does. */
  add(
    className: string,
    inputs: readonly LayerValue[],
    config: Settings = {},
    weights: LayerWeights = {},
  ): WrittenLayer {
    const layers = inputs.map(({ layer }) => layer);
    const layer = { name: this.nameFor(className), className, config, inputs: layers, weights };
    this.written.push(layer);
    return layer;
  }

  private nameFor(className: string): string {
    const name = className.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
    const count = this.counts.get(name) ?? 0;
    this.counts.set(name, count + 1);
    return count === 0 ? name : `${name}_${count}`;
  }

  /** What the model takes: examples of a shape, their axes in an order. */
  input(shape: readonly number[], order: readonly number[]): LayerValue {
    const config = {
      batch_input_shape: [null, ...order.map((axis) => shape[axis]!)],
      dtype: 'float32',
      sparse: false,
    };
    return { layer: this.add('InputLayer', [], config), shape, order };
  }

  /** Applies a layer that works on each element by itself. */
  map(value: LayerValue, className: string, config: Settings = {}, weights: LayerWeights = {}): LayerValue {
    return { ...value, layer: this.add(className, [value], config, weights) };
  }

  activation(value: LayerValue, activation: string): LayerValue {
    return this.map(value, 'Activation', { activation });
  }

  /** The value with its axes in that order. */
  ordered(value: LayerValue, order: readonly number[]): LayerValue {
    if (value.flattened !== undefined) return this.sorted(value, value.flattened);
    if (order.every((axis, i) => axis === value.order[i])) return value;
    return this.once(value, order.join(), () => {
      const target = { ...value, order };
      if (sameSequence(value.shape, value.order, order)) return this.reshape(target, storedShape(target));
      const dims = order.map((axis) => value.order.indexOf(axis) + 1);
      return { ...target, layer: this.add('Permute', [value], { dims }) };
    });
  }

  /** The value as the graph has it. */
  natural(value: LayerValue): LayerValue {
    return value.flattened === undefined && isNatural(value)
      ? value
      : this.ordered(value, natural('', value.shape).order);
  }

  /** A flattened vector in the graph's own order. */
  private sorted(value: LayerValue, before: Pick<LayerValue, 'shape' | 'order'>): LayerValue {
    return this.once(value, 'sorted', () => {
      const image = this.reshape({ layer: value.layer, ...before }, storedShape(before));
      return this.flatten(this.natural(image));
    });
  }

  /** The value with another shape, its elements in the graph's order. A vector stays in the order the layer has. */
  reshaped(value: LayerValue, shape: readonly number[]): LayerValue {
    if (shape.join() === value.shape.join()) return value;
    if (shape.length === 1) return this.flatten(value);
    const target = { ...this.natural(value), shape, order: natural('', shape).order };
    return this.reshape(target, shape);
  }

  private flatten(value: LayerValue): LayerValue {
    const { shape, order } = value;
    const layer = this.add('Flatten', [value]);
    const vector = { layer, shape: [shape.reduce((product, size) => product * size, 1)], order: [0] };
    const inOrder = sameSequence(shape, order, natural('', shape).order);
    return inOrder ? vector : { ...vector, flattened: { shape, order } };
  }

  private reshape(value: LayerValue, shape: readonly number[]): LayerValue {
    return { ...value, layer: this.add('Reshape', [value], { target_shape: shape }) };
  }

  private once(value: LayerValue, key: string, make: () => LayerValue): LayerValue {
    const known = this.moved.get(value.layer) ?? new Map<string, LayerValue>();
    this.moved.set(value.layer, known);
    // The same layer may stand for values that name their axes differently.
    const whole = `${value.shape.join()} ${value.order.join()} ${key}`;
    const found = known.get(whole) ?? make();
    known.set(whole, found);
    return found;
  }
}
