import { corruptBatch } from '../evaluate/corrupted-images.js';
import {
  profilesOf,
  severitiesOf,
  type CorruptionPlugin,
  type Image,
  type Profile,
} from '../plugin/corruption.js';
import { listCorruptions, loadCorruption } from '../plugin/registry.js';
import { keyedStream } from '../random/keyed.js';
import type { CorruptionReport } from '../results/schema/bench.js';
import type { LabelledBatch } from '../tensor/batch.js';
import { elementCount } from '../tensor/tensor.js';

/** How corruptions are timed. */
export interface CorruptionOptions {
  /** Ids; all built-in ones by default. */
  readonly corruptions?: readonly string[];
  /** Images that each severity is applied to in a turn, 16 by default. */
  readonly batchSize?: number;
  /** Milliseconds each corruption is timed for, at least. */
  readonly slice: number;
  readonly signal?: AbortSignal;
  /** Called before each corruption. */
  readonly onSlice?: (name: string) => void;
}

const IMAGES = 16;
/** Sizes that the published sets have; of several profiles the first is timed. */
const SHAPES: Readonly<Record<Profile, Image['shape']>> = {
  cifar: [3, 32, 32],
  mnist: [1, 28, 28],
  'tiny-imagenet': [3, 64, 64],
  imagenet: [3, 224, 224],
};
/** Stands for the photographs of frost, of about their size. */
const PHOTOGRAPHS = { count: 5, shape: [3, 512, 512] } as const;

/**
 * Times every corruption in this thread, all severities of a profile in turn, after a turn that does not count.
 * @throws GauntletError UNKNOWN_CORRUPTION
 */
export async function measureCorruptions(options: CorruptionOptions): Promise<CorruptionReport[]> {
  const { batchSize = IMAGES, slice, signal, onSlice } = options;
  const reports: CorruptionReport[] = [];
  for (const id of options.corruptions ?? listCorruptions().map(({ metadata }) => metadata.id)) {
    signal?.throwIfAborted();
    onSlice?.(id);
    const plugin = await loadCorruption(id);
    reports.push(time(plugin, profileOf(plugin), batchSize, slice));
  }
  return reports;
}

/** The profile a corruption is timed in: that of small colour images where it has one. */
const profileOf = (plugin: CorruptionPlugin): Profile => {
  const profiles = profilesOf(plugin);
  return (Object.keys(SHAPES) as Profile[]).find((profile) => profiles.includes(profile))!;
};

function time(plugin: CorruptionPlugin, profile: Profile, images: number, slice: number): CorruptionReport {
  const shape = SHAPES[profile];
  const batch = randomImages(shape, images);
  const textures = plugin.metadata.needs === undefined ? undefined : photographs();
  const severities = severitiesOf(plugin, profile);
  const turn = (): void => {
    severities.forEach((parameters, i) => {
      const plan = { severity: i + 1, parameters, profile, quirks: 'reference' } as const;
      corruptBatch(batch, plugin, plan, 0, textures);
    });
  };
  turn();
  const started = performance.now();
  let turns = 0;
  do {
    turn();
    turns++;
  } while (performance.now() - started < slice);
  const seconds = (performance.now() - started) / 1000;
  return {
    ...{ corruption: plugin.metadata.id, profile, shape: [...shape], severities: severities.length, images },
    imagesPerSecond: (turns * severities.length * images) / seconds,
  };
}

/** Images of random grey levels. */
function randomImages(shape: Image['shape'], count: number): LabelledBatch {
  const data = keyedStream(0, 0, 'bench/corruptions').fillUniform(
    new Float32Array(count * elementCount(shape)),
  );
  for (let i = 0; i < data.length; i++) data[i] = Math.floor(data[i]! * 256) / 255;
  const keys = Array.from({ length: count }, (_value, i) => i);
  return { shape, data, keys, labels: new Int32Array(count) };
}

function photographs(): Image[] {
  const { count, shape } = PHOTOGRAPHS;
  return Array.from({ length: count }, (_value, i) => ({
    shape,
    data: keyedStream(0, i, 'bench/photographs').fillUniform(new Float32Array(elementCount(shape))),
  }));
}
