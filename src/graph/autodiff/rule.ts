import type { GraphBuilder } from '../builder.js';
import type { InferredDim, Node, Shapes } from '../ir.js';
import type { Tensor } from '../../tensor/tensor.js';

/** What a gradient rule may look at and build with. */
export interface RuleContext {
  readonly builder: GraphBuilder;
  readonly node: Node;
  readonly shapes: Shapes;
  /** Cotangent value of each output, null where nothing flows back into it. */
  readonly outputGradients: readonly (string | null)[];
  /** Which inputs need a gradient. */
  readonly needs: readonly boolean[];
  /** Inferred shape of a value. */
  readonly dims: (value: string) => readonly InferredDim[];
  /** The value's tensor if it is an initializer or Constant, else undefined: lets a rule precompute at build time. */
  readonly constant: (value: string) => Tensor | undefined;
}

/**
 * The reverse-mode rule of one operator: adds nodes that compute the cotangent of each input and returns their value
 * names, null for an input that gets none (not needed, or not differentiable by convention: integers, shapes).
 */
export type GradientRule = (context: RuleContext) => readonly (string | null)[];
