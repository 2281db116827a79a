import { isDeepStrictEqual } from 'node:util';
import { readOnnx } from '../../graph/onnx/read.js';
import { writeOnnx } from '../../graph/onnx/write.js';
import type { Graph } from '../../graph/ir.js';
import { buildNetwork, type Network, type NetworkSpec } from '../../models/architectures/network.js';
import { headOf, type Architectures } from '../../models/architectures/registry.js';
import { keyedStream } from '../../random/keyed.js';
import { trainedTensors, withParametersAsInputs } from '../../train/step.js';
import { sliceRow } from '../../tensor/batch.js';
import { expect } from './checks.js';
import { images, runOnce, trainBriefly, withWeights, type BriefTraining } from './brief-training.js';
import { SEED } from './situation.js';

/** What a check works on: an architecture in a network. */
export interface ArchitectureSubject {
  readonly architectures: Architectures;
  readonly spec: NetworkSpec;
  /** Trained when the first check asks for it. */
  readonly trained: () => Promise<BriefTraining>;
}

/** A network to check, which one of the architectures is a part of. */
export function architectureSubject(architectures: Architectures, spec: NetworkSpec): ArchitectureSubject {
  let trained: Promise<BriefTraining> | undefined;
  const { compressed } = headOf(architectures, spec.head);
  return {
    ...{ architectures, spec },
    trained: () => (trained ??= trainBriefly(built({ architectures, spec }), spec, compressed)),
  };
}

/** A rule of the contract; `run` throws when it is broken. */
interface ArchitectureCheck {
  /** Continues "the architecture ...". */
  readonly name: string;
  readonly run: (subject: ArchitectureSubject) => Promise<void> | void;
}

/** Float32 sums in another order, relative to the largest value. */
const TOLERANCE = 1e-4;
const OUTPUTS = ['logits', 'features'] as const;

/** Rules that hold for every architecture. */
export const ARCHITECTURE_CHECKS: readonly ArchitectureCheck[] = [
  {
    name: 'makes a network with logits and features of the sizes it declares',
    run: async ({ spec, ...subject }) => {
      for (const activation of ['relu', 'silu'] as const) {
        const { graph, latentWidth } = built({ ...subject, spec: { ...spec, activation } });
        const found = await runOnce(graph, { input: images(2, spec) });
        const widths = { logits: spec.numClasses, features: latentWidth };
        for (const name of OUTPUTS) {
          const { dims, data } = found[name]!;
          const received = `[${dims.join(', ')}]`;
          expect(
            isDeepStrictEqual([...dims], [2, widths[name]]),
            `of two images, ${name} are ${received}, not [2, ${widths[name]}]`,
          );
          expect((data as Float32Array).every(Number.isFinite), `${name} are not finite`);
        }
      }
    },
  },
  {
    name: 'has parameters of unique names, in the part of the network they belong to',
    run: (subject) => {
      const network = built(subject);
      const tensors = trainedTensors(network);
      const names = tensors.map(({ name }) => name);
      expect(new Set(names).size === names.length, `a name occurs twice in ${names.join(', ')}`);
      const stray = names.find((name) => !/^(backbone|penultimate|output)\.([^.]+\.)*[a-z_]+$/.test(name));
      expect(stray === undefined, `"${stray!}" is in no part of the network`);
      for (const { name, dims } of tensors) {
        const held = network.graph.initializers.get(name)?.dims;
        expect(isDeepStrictEqual(held, dims), `"${name}" is declared as [${dims.join(', ')}]`);
      }
    },
  },
  {
    name: 'starts from the same weights every time, whatever stands beside it',
    run: (subject) => {
      const bytes = () => Buffer.from(writeOnnx(built(subject).graph));
      expect(bytes().equals(bytes()), 'built twice, it is not the same network');
      const { spec } = subject;
      const other = built({
        ...subject,
        spec: { ...spec, head: spec.head === 'nopen' ? 'linpen' : 'nopen' },
      });
      const { graph, parameters } = built(subject);
      for (const { name } of parameters.filter((parameter) => parameter.name.startsWith('backbone.')))
        expect(
          isDeepStrictEqual(other.graph.initializers.get(name), graph.initializers.get(name)),
          `"${name}" starts otherwise under another head`,
        );
    },
  },
  {
    name: 'treats every image by itself',
    run: async (subject) => {
      const { graph } = built(subject);
      const n = 3;
      const together = await runOnce(graph, { input: images(n, subject.spec) });
      for (let row = 0; row < n; row++) {
        const alone = await runOnce(graph, { input: images(1, subject.spec, row) });
        for (const name of OUTPUTS) {
          const values = alone[name]!.data as Float32Array;
          const same = sliceRow(together[name]!.data as Float32Array, row, values.length);
          expect(isClose(values, same), `${name} of an image depend on the others of its batch`);
        }
      }
    },
  },
  {
    name: 'has a finite gradient for every parameter',
    run: async (subject) => {
      const { gradients } = await subject.trained();
      for (const [name, { data }] of gradients) {
        expect(data.every(Number.isFinite), `the gradient of "${name}" is not finite`);
        expect(
          data.some((value) => value !== 0),
          `"${name}" has no effect on the loss`,
        );
      }
    },
  },
  {
    name: 'learns a few images by heart',
    run: async (subject) => {
      const { losses } = await subject.trained();
      const [first, last] = [losses[0]!, losses.at(-1)!];
      expect(last < first, `the loss is ${last} after ${losses.length} steps, it was ${first}`);
    },
  },
  {
    name: 'is, in its file alone, the network that was trained',
    run: async (subject) => {
      const network = built(subject);
      const { weights } = await subject.trained();
      const input = images(3, subject.spec);
      const trained = await runOnce(withParametersAsInputs(network), { input, ...weights });
      const file = readOnnx(writeOnnx(withWeights(network, weights)), 'model.onnx');
      expect(isDeepStrictEqual(endsOf(file), endsOf(network.graph)), 'the file has other inputs or outputs');
      const found = await runOnce(file, { input });
      for (const name of OUTPUTS)
        expect(
          isClose(found[name]!.data as Float32Array, trained[name]!.data as Float32Array),
          `${name} of the file are not those of the network`,
        );
    },
  },
];

const built = ({ spec, architectures }: Omit<ArchitectureSubject, 'trained'>): Network =>
  buildNetwork(spec, (name) => keyedStream(SEED, 0, name), architectures);

const endsOf = ({ inputs, outputs }: Graph) => [inputs, outputs];

function isClose(found: Float32Array, expected: Float32Array): boolean {
  const largest = expected.reduce((most, value) => Math.max(most, Math.abs(value)), 1);
  return found.every((value, i) => Math.abs(value - expected[i]!) <= TOLERANCE * largest);
}
