import type { Split } from '../data/dataset.js';
import { GauntletError } from '../errors.js';
import type { Profile } from '../plugin/corruption.js';
import type { ArchiveManifest } from '../results/schema/archive.js';
import type { Suite, SuiteEntry } from '../suite/suite.js';

export type LayoutId = ArchiveManifest['layout'];
type CorruptionEntry = Extract<SuiteEntry, { kind: 'corruption' }>;

/** Where an official archive keeps things, relative to its folder. */
export interface Layout {
  readonly id: LayoutId;
  readonly images: (corruption: string, split: Split) => string;
  readonly labels: (corruption: string, split: Split) => string;
}

/** What a suite's corruptions are written as. */
export interface ArchiveOutline {
  readonly layout: Layout;
  readonly entries: readonly CorruptionEntry[];
  /** Of every corruption, ascending. */
  readonly severities: readonly number[];
}

/** CIFAR-10-C: all images at severity 1, then at 2, ..., the labels as often. MNIST-C: one severity, a folder each. */
const LAYOUTS: Readonly<Partial<Record<Profile, Layout>>> = {
  cifar: {
    id: 'cifar-c',
    images: (corruption) => `${corruption}.npy`,
    labels: () => 'labels.npy',
  },
  mnist: {
    id: 'mnist-c',
    images: (corruption, split) => `${corruption}/${split}_images.npy`,
    labels: (corruption, split) => `${corruption}/${split}_labels.npy`,
  },
};

/**
 * The layout that a suite's corruptions have in common.
 * @throws GauntletError SUITE_INVALID when they do not fit into one archive, saying why.
 */
export function outlineOf(suite: Suite): ArchiveOutline {
  const entries = suite.entries.filter((entry) => entry.kind === 'corruption');
  const refuse = (why: string, help?: string) =>
    new GauntletError('SUITE_INVALID', `${suite.id} makes no archive: ${why}.`, { ...(help && { help }) });
  const [first] = entries;
  if (first === undefined) throw refuse('it has no corruptions');
  const other = entries.find(({ profile }) => profile !== first.profile);
  if (other !== undefined) {
    const both = `${first.id} is of the profile ${first.profile}, ${other.id} of ${other.profile}`;
    throw refuse(both, 'Choose those of one profile with --corruptions.');
  }
  const layout = LAYOUTS[first.profile];
  if (layout === undefined) {
    const known = Object.keys(LAYOUTS).join(' and ');
    throw refuse(`archives are written for the profiles ${known}, its own is ${first.profile}`);
  }
  const uneven = entries.find(({ severities }) => severities.join() !== first.severities.join());
  if (uneven !== undefined) {
    const both = `${first.id} has severities ${first.severities.join(', ')}, ${uneven.id} has ${uneven.severities.join(', ')}`;
    throw refuse(both, 'Choose severities that all have with --severities.');
  }
  if (layout.id === 'mnist-c' && first.severities.length > 1) {
    const why = `MNIST-C has one severity, it has ${first.severities.join(', ')}`;
    throw refuse(why, 'Choose one with --severities.');
  }
  const twice = entries.find(
    (entry, i) => entries.findIndex((one) => one.corruption === entry.corruption) < i,
  );
  if (twice !== undefined) throw refuse(`${twice.corruption} stands in it more than once`);
  return { layout, entries, severities: first.severities };
}
