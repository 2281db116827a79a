import type { FloatTensor } from '../../tensor/tensor.js';

/** A layer while the model is written. */
export interface WrittenLayer {
  name: string;
  readonly className: string;
  /** Settings in Keras' spelling, the name left out. */
  readonly config: Record<string, unknown>;
  readonly inputs: readonly WrittenLayer[];
  /** By the names that TensorFlow.js gives them within the layer. */
  readonly weights: Record<string, FloatTensor>;
}

/**
 * A value of the graph as a layer computes it. The graph mostly has channels first and layers have them last, so a value remembers in
 * which order its axes are, and is moved only where something needs another order.
 */
export interface LayerValue {
  readonly layer: WrittenLayer;
  /** Shape of one example as the graph has it. */
  readonly shape: readonly number[];
  /** Axes of `shape` in the order in which the layer has them. */
  readonly order: readonly number[];
  /**
   * Of a vector whose elements the layer has in another order than the graph: the value that was flattened. The graph counts its
   * elements in the order of the axes, the layer in `order`.
   */
  readonly flattened?: Pick<LayerValue, 'shape' | 'order'>;
}

/** The axis that the layer has last. */
export const lastAxis = ({ order }: LayerValue): number => order.at(-1)!;

/** The order with one axis moved to the end. */
export const withLast = (order: readonly number[], axis: number): number[] => [
  ...order.filter((other) => other !== axis),
  axis,
];
