import { int, ints, type GraphBuilder } from '../../graph/builder.js';

/** Far below any logit, and far from overflowing float32. */
const FAR_BELOW = -1e30;

/** Emits the logit of the class that `oneHot` marks, shape [batch]. */
export function logitOf(builder: GraphBuilder, logits: string, oneHot: string): string {
  return builder.add('ReduceSum', [builder.add('Mul', [logits, oneHot]), builder.ints([1])], {
    keepdims: int(0),
  });
}

/** Emits the largest logit other than the label's, shape [batch]; its gradient is shared by tied classes. */
export function bestOther(builder: GraphBuilder, logits: string, labels: string): string {
  // For j != y this adds an exact zero, so the other logits pass unrounded.
  const others = builder.add('Add', [logits, builder.add('Mul', [labels, builder.scalar(FAR_BELOW)])]);
  return builder.add('ReduceMax', [others], { axes: ints([1]), keepdims: int(0) });
}

/** Emits the `count` largest logits in descending order, each of shape [batch]. */
export function largestLogits(builder: GraphBuilder, logits: string, count: number): string[] {
  const [sorted] = builder.addMany('TopK', [logits, builder.ints([count])], 2, { axis: int(1) });
  const sizes = builder.ints(new Array<number>(count).fill(1));
  const columns =
    count === 1 ? [sorted!] : builder.addMany('Split', [sorted!, sizes], count, { axis: int(1) });
  return columns.map((column) => builder.add('Squeeze', [column, builder.ints([1])]));
}
