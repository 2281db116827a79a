import { basename } from 'node:path';
import { fingerprintOf } from '../fingerprint.js';
import { referenceName } from './reference.js';
import { suiteIndices, type Suite, type SuiteEntry } from './suite.js';

/**
 * SHA-256 of everything in a suite that determines what a run of it is. Titles, description and note are left out: wording may
 * be improved without making old results incomparable. Files are named, not located, so that two checkouts agree.
 */
export function suiteFingerprint(suite: Suite): string {
  return fingerprintOf({
    id: suite.id,
    version: suite.version,
    models: suite.models.map(referenceName),
    ...protocol(suite),
  });
}

/**
 * SHA-256 of how a suite measures, whatever its name and whichever models it measures: rows of two suites may stand in one
 * table when their protocols are equal.
 */
export function protocolFingerprint(suite: Suite): string {
  return fingerprintOf(protocol(suite));
}

function protocol(suite: Suite): object {
  return {
    dataset: { ...suite.dataset, source: referenceName(suite.dataset.source) },
    indices: suiteIndices(suite),
    seed: suite.seed,
    entries: suite.entries.map(content),
    rank: suite.rank,
  };
}

function content(entry: SuiteEntry): object {
  if (entry.kind === 'corruption') {
    const { kind, id, corruption, severities, profile, quirks } = entry;
    // What a suite means when it says nothing adds nothing, so that suites older than a field keep their fingerprint.
    return {
      ...{ kind, id, corruption, severities },
      ...(profile === 'cifar' ? {} : { profile }),
      ...(quirks === 'reference' ? {} : { quirks }),
    };
  }
  const stages = entry.stages.map((stage) => ({
    ...stage,
    ...(stage.threat.kind === 'box'
      ? { threat: { ...stage.threat, file: basename(stage.threat.file) } }
      : {}),
    ...(stage.surrogate === undefined ? {} : { surrogate: referenceName(stage.surrogate) }),
  }));
  return { kind: entry.kind, id: entry.id, stages };
}
