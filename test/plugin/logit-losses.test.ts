import { afterAll, describe, expect, it } from '@jest/globals';
import { listLosses } from '../../src/classifier/losses/index.js';
import { GraphBuilder } from '../../src/graph/builder.js';
import { BATCH, type Graph } from '../../src/graph/ir.js';
import { logitLosses } from '../../src/plugin/contract/logit-losses.js';
import { keyedStream } from '../../src/random/keyed.js';
import { classifierOf } from '../classifier/loaded.js';

function passThrough(classes: number): Graph {
  const builder = new GraphBuilder({ name: 'pass-through', opsets: { '': 17 } });
  builder.input('x', 'float32', [BATCH, classes]);
  builder.addNamed('Mul', ['x', builder.scalar(1)], 'logits');
  builder.output('logits', 'float32', [BATCH, classes]);
  return builder.build();
}

const sizes = [2, 3, 4, 10];
const classifiers = new Map(
  await Promise.all(
    sizes.map(async (classes) => [classes, await classifierOf(passThrough(classes))] as const),
  ),
);
afterAll(() => Promise.all([...classifiers.values()].map((classifier) => classifier.dispose())));

describe('the losses of the contract, in plain float64', () => {
  it('are the losses built in', () => {
    expect(Object.keys(logitLosses).sort()).toEqual(
      listLosses()
        .map(({ metadata }) => metadata.id)
        .sort(),
    );
  });

  it.each(Object.keys(logitLosses).flatMap((loss) => sizes.map((classes) => ({ loss, classes }))))(
    '$loss agrees with its graph for $classes classes, value and gradient',
    async ({ loss, classes }) => {
      const rows = 20;
      const data = keyedStream(1, classes, 'logits').fillNormal(new Float32Array(rows * classes));
      const labels = Int32Array.from({ length: rows }, (_, row) => row % classes);
      const targets = labels.map((label) => (label + 1) % classes);
      const keys = Array.from({ length: rows }, (_, row) => row);
      const found = await classifiers
        .get(classes)!
        .lossGradient({ shape: [classes], keys, data }, { labels, targets, loss });
      for (const row of keys) {
        const logits = Float64Array.from(data.subarray(row * classes, (row + 1) * classes));
        const { value, slope } = logitLosses[loss]!(logits, labels[row]!, targets[row]!);
        const scale = Math.max(1, Math.abs(value), ...slope.map(Math.abs));
        expect(Math.abs(found.loss[row]! - value)).toBeLessThanOrEqual(1e-5 * scale);
        slope.forEach((expected, k) => {
          expect(Math.abs(found.gradient[row * classes + k]! - expected)).toBeLessThanOrEqual(1e-5 * scale);
        });
      }
    },
  );
});
