import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { GauntletError, messageOf } from '../errors.js';
import { sha256 } from '../fingerprint.js';
import type { GoalSpec, ThreatSpec } from '../plugin/threat.js';
import { parseBudget } from './budget.js';
import { resolveReference } from './reference.js';
import type { SuiteFile, SuiteFileEntry } from './schema.js';
import type { ExampleChoice, Suite, SuiteEntry, SuiteStage } from './suite.js';
import { corruptionTitle, stagesTitle } from './title.js';

type FileThreat = Extract<SuiteFileEntry, { kind: 'attack' }>['threat'];
type AttackEntry = Exclude<SuiteFileEntry, { kind: 'corruption' }>;

/**
 * Fills in what a suite file leaves out: budgets become numbers, paths absolute (against `folder`), titles and goals explicit.
 * @throws GauntletError EXPRESSION_INVALID, DATA_NOT_FOUND (a box file)
 */
export async function resolveSuite(file: SuiteFile, folder: string): Promise<Suite> {
  return {
    id: file.id,
    version: file.version,
    title: file.title,
    description: file.description ?? null,
    dataset: { source: resolveReference(file.dataset.source, folder), split: file.dataset.split },
    // The schema asks for exactly one of the two properties.
    examples: file.examples as ExampleChoice,
    models: file.models.map((model) => resolveReference(model, folder)),
    seed: file.seed,
    entries: await Promise.all(file.entries.map((entry) => resolveEntry(entry, folder))),
    note: file.note ?? null,
    rank: file.rank ?? null,
  };
}

async function resolveEntry(entry: SuiteFileEntry, folder: string): Promise<SuiteEntry> {
  if (entry.kind === 'corruption') {
    const { kind, id, corruption, profile = 'cifar', quirks = 'reference' } = entry;
    const severities = entry.severities.toSorted((a, b) => a - b);
    const title = entry.title ?? corruptionTitle(corruption);
    return { kind, id, title, corruption, severities, profile, quirks };
  }
  const stages = await resolveStages(entry, folder);
  return { kind: entry.kind, id: entry.id, title: entry.title ?? stagesTitle(entry.kind, stages), stages };
}

async function resolveStages(entry: AttackEntry, folder: string): Promise<SuiteStage[]> {
  const goal = (entry.goal ?? { kind: 'untargeted' }) as GoalSpec;
  if (entry.kind === 'curve') {
    const { attack, norm, parameters = {} } = entry;
    const epsilons = await Promise.all(entry.epsilons.map(parseBudget));
    return epsilons
      .sort((a, b) => a - b)
      .map((epsilon) => ({ attack, parameters, threat: { kind: 'lp', norm, epsilon }, goal }));
  }
  const threat = await resolveThreat(entry.threat, folder);
  if (entry.kind === 'cascade') {
    return entry.stages.map(({ attack, parameters = {} }) => ({ attack, parameters, threat, goal }));
  }
  const { attack, parameters = {}, surrogate } = entry;
  const gradients = surrogate === undefined ? {} : { surrogate: resolveReference(surrogate, folder) };
  return [{ attack, parameters, threat, goal, ...gradients }];
}

async function resolveThreat(threat: FileThreat, folder: string): Promise<ThreatSpec> {
  switch (threat.kind) {
    case 'lp':
      return { ...threat, epsilon: await parseBudget(threat.epsilon) };
    case 'box': {
      const file = resolve(folder, threat.file);
      const content = await readFile(file).catch((cause: unknown) => {
        throw new GauntletError(
          'DATA_NOT_FOUND',
          `The box file ${file} cannot be read: ${messageOf(cause)}.`,
          { cause },
        );
      });
      return { kind: 'box', file, sha256: sha256(content) };
    }
    default:
      return threat as ThreatSpec;
  }
}
