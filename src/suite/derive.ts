import { basename, resolve } from 'node:path';
import { GauntletError } from '../errors.js';
import { sha256 } from '../fingerprint.js';
import { keepCorruptions, keepSeverities } from './narrow-corruptions.js';
import { referenceName, resolveReference } from './reference.js';
import { suiteIndices, type ExampleChoice, type Suite, type SuiteEntry } from './suite.js';

/** What a run may change about a suite. */
export interface SuiteChanges {
  /** The first so many of the suite's examples; more of them than it has where it takes the first of its data set. */
  readonly examples?: number;
  /** Other data: a data set id, or a path relative to the working folder. */
  readonly data?: string;
  /** Other models: zoo ids, globs, URLs, or paths relative to the working folder. */
  readonly models?: readonly string[];
  /** Only the entries of these ids. */
  readonly entries?: readonly string[];
  /** Folder of an archive that corrupted images are read from, instead of being made. */
  readonly archive?: string;
  /** Of the corruptions only those of these ids or globs; attacks stay. */
  readonly corruptions?: readonly string[];
  /** Of the corruptions only these severities; attacks stay. */
  readonly severities?: readonly number[];
  readonly seed?: number;
  /** Whether gradients pass operators whose derivative is zero almost everywhere; otherwise each model's card says. */
  readonly straightThrough?: boolean;
}

/** Longer lists are named by a hash. */
const LONGEST_LIST = 48;

/**
 * A suite with changes is another suite: its id says what was changed (`quick+examples=100`) and its fingerprint differs, so
 * that it is never compared with the original in silence. Changes that change nothing give the suite back as it is.
 * @throws GauntletError INDEX_RANGE (more examples than the suite lists), SUITE_INVALID (no such entry, corruption or severity), USAGE
 */
export function deriveSuite(suite: Suite, changes: SuiteChanges): Suite {
  const steps = [
    ...[withData, withExamples, withModels, withEntries, withCorruptions, withSeverities],
    ...[withArchive, withSeed, withGradient],
  ];
  return steps.reduce((derived, step) => step(derived, changes), suite);
}

function withData(suite: Suite, { data }: SuiteChanges): Suite {
  if (data === undefined) return suite;
  const source = resolveReference(data, process.cwd());
  if (source === suite.dataset.source) return suite;
  return { ...suite, id: `${suite.id}+data=${referenceName(source)}`, dataset: { ...suite.dataset, source } };
}

function withExamples(suite: Suite, { examples }: SuiteChanges): Suite {
  if (examples === undefined || examples === suiteIndices(suite).length) return suite;
  if (!Number.isInteger(examples) || examples < 1) {
    throw new GauntletError(
      'USAGE',
      `The number of examples must be a whole number from 1; ${examples} was given.`,
    );
  }
  return { ...suite, id: `${suite.id}+examples=${examples}`, examples: firstOf(suite, examples) };
}

/** A slice from the start of the data set can be lengthened, a list of examples cannot. */
function firstOf(suite: Suite, count: number): ExampleChoice {
  if ('first' in suite.examples) return { first: count };
  const { indices } = suite.examples;
  if (count <= indices.length) return { indices: indices.slice(0, count) };
  throw new GauntletError(
    'INDEX_RANGE',
    `${suite.id} lists ${indices.length} examples; ${count} were asked for.`,
  );
}

function withModels(suite: Suite, { models }: SuiteChanges): Suite {
  if (models === undefined) return suite;
  if (models.length === 0) throw new GauntletError('USAGE', 'At least one model must be named.');
  const resolved = models.map((model) => resolveReference(model, process.cwd()));
  if (resolved.join('\n') === suite.models.join('\n')) return suite;
  return { ...suite, id: `${suite.id}+models=${listName(resolved.map(referenceName))}`, models: resolved };
}

function withEntries(suite: Suite, { entries }: SuiteChanges): Suite {
  if (entries === undefined) return suite;
  const known = suite.entries.map((entry) => entry.id);
  const unknown = entries.filter((id) => !known.includes(id));
  if (unknown.length > 0 || entries.length === 0) {
    const what = entries.length === 0 ? 'no entry was named' : `there is no entry ${unknown.join(', ')}`;
    throw new GauntletError('SUITE_INVALID', `${suite.id}: ${what}; there are ${known.join(', ')}.`);
  }
  const kept = suite.entries.filter((entry) => entries.includes(entry.id));
  return reduced(suite, kept, `entries=${listName(kept.map((entry) => entry.id))}`);
}

function withCorruptions(suite: Suite, { corruptions }: SuiteChanges): Suite {
  if (corruptions === undefined) return suite;
  const kept = keepCorruptions(suite, corruptions);
  const ids = kept.flatMap((entry) => (entry.kind === 'corruption' ? [entry.corruption] : []));
  return reduced(suite, kept, `corruptions=${listName([...new Set(ids)])}`);
}

function withSeverities(suite: Suite, { severities }: SuiteChanges): Suite {
  if (severities === undefined) return suite;
  const chosen = [...new Set(severities)].sort();
  return reduced(suite, keepSeverities(suite, chosen), `severities=${chosen.join(',')}`);
}

/** What is in the archive is for the cells to say; where nothing else differs, its rows may stand beside those of made images. */
function withArchive(suite: Suite, { archive }: SuiteChanges): Suite {
  if (archive === undefined) return suite;
  if (suite.entries.every((entry) => entry.kind !== 'corruption')) {
    throw new GauntletError('SUITE_INVALID', `${suite.id}: an archive was named, but it has no corruptions.`);
  }
  const name = basename(resolve(archive));
  const origin = `The corrupted images were read from the archive ${name}, not made here.`;
  const note = suite.note === null ? origin : `${origin} ${suite.note}`;
  return { ...suite, id: `${suite.id}+archive=${name}`, note };
}

/** A suite of fewer entries, or of entries that have less in them; the suite itself where nothing has gone. */
function reduced(suite: Suite, entries: readonly SuiteEntry[], change: string): Suite {
  if (entries.length === suite.entries.length && entries.every((entry, i) => entry === suite.entries[i])) {
    return suite;
  }
  const rank = suite.rank === 'clean' || entries.some((entry) => entry.id === suite.rank) ? suite.rank : null;
  return { ...suite, id: `${suite.id}+${change}`, entries, rank };
}

function withSeed(suite: Suite, { seed }: SuiteChanges): Suite {
  if (seed === undefined || seed === suite.seed) return suite;
  if (!Number.isInteger(seed) || seed < 0 || seed > 0xffffffff) {
    throw new GauntletError(
      'USAGE',
      `The seed must be a whole number from 0 to 4294967295; ${seed} was given.`,
    );
  }
  return { ...suite, id: `${suite.id}+seed=${seed}`, seed };
}

/** Which models it makes a difference for is only known once they are loaded, so it always counts as a change. */
function withGradient(suite: Suite, { straightThrough }: SuiteChanges): Suite {
  if (straightThrough === undefined) return suite;
  return { ...suite, id: `${suite.id}+gradient=${straightThrough ? 'straight-through' : 'exact'}` };
}

function listName(names: readonly string[]): string {
  const text = names.join(',');
  return text.length <= LONGEST_LIST ? text : `${names.length}-${sha256(text).slice(0, 8)}`;
}
