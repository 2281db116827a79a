import { int, ints, type GraphBuilder } from '../graph/builder.js';

/** What the classification part of the loss is; `kind` picks the formula. Cross-entropy of the logits where there is none. */
export interface LossSpec {
  readonly kind: 'arcface';
  /** Radians added to the angle between features and true class. */
  readonly margin: number;
  /** What cosines are multiplied by to become logits. */
  readonly scale: number;
}

/** Below it, sin^2 counts as constant: its square root has no slope that float32 could hold. */
const SMALLEST_SQUARE = 1e-7;

/**
 * Logits of the ArcFace loss: the true class's scale * cos(angle) becomes scale * cos(angle + margin), and is to be fed to the
 * cross-entropy (Deng et al., "ArcFace" (2019), equation 3). Where the angle plus the margin passes pi, the cosine would rise
 * again; there scale * (cos(angle) - margin * sin(margin)) goes on falling, as in the authors' code.
 * @param logits scale * cosines [batch, K]
 * @param labels one-hot [batch, K]
 */
export function withAngularMargin(
  builder: GraphBuilder,
  logits: string,
  labels: string,
  { margin, scale }: LossSpec,
): string {
  const scalar = (value: number): string => builder.scalar(value);
  const ofTruth = builder.add('ReduceSum', [builder.add('Mul', [logits, labels]), builder.ints([1])], {
    keepdims: int(1),
  });
  const cosine = builder.add('Mul', [ofTruth, scalar(1 / scale)]);
  const square = builder.add('Sub', [scalar(1), builder.add('Mul', [cosine, cosine])]);
  const sine = builder.add('Sqrt', [builder.add('Max', [square, scalar(SMALLEST_SQUARE)])]);
  const turned = builder.add('Sub', [
    builder.add('Mul', [cosine, scalar(Math.cos(margin))]),
    builder.add('Mul', [sine, scalar(Math.sin(margin))]),
  ]);
  const straight = builder.add('Sub', [cosine, scalar(margin * Math.sin(margin))]);
  const isBelowPi = builder.add('Greater', [cosine, scalar(Math.cos(Math.PI - margin))]);
  const wanted = builder.add('Where', [isBelowPi, turned, straight]);
  const change = builder.add('Mul', [builder.add('Sub', [wanted, cosine]), scalar(scale)]);
  return builder.add('Add', [logits, builder.add('Mul', [labels, change])]);
}

/** Mean over the batch of one value per example, as a scalar of the given name. */
export const meanOverBatch = (builder: GraphBuilder, perExample: string, name: string): string =>
  builder.addNamed('ReduceMean', [perExample], name, { axes: ints([0]), keepdims: int(0) });
