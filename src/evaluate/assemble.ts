import { packageVersion } from '../resources.js';
import { proportion } from '../metrics/proportion.js';
import { PLUGIN_API_VERSION } from '../plugin/attack.js';
import {
  CELL_SCHEMA_VERSION,
  type CellResult,
  type CellSpec,
  type CompletedCell,
  type Flag,
  type ModelReference,
  type UnfinishedCell,
} from './cell.js';
import { contentHashOf } from './corruption-shard.js';
import { corruptionFigures } from './corruption-figures.js';
import type { ShardResult } from './job.js';

export interface CellTiming {
  readonly startedAt: string;
  readonly seconds: number;
  readonly machine: string;
}

export type EngineInfo = CompletedCell['provenance']['engine'];

type Header = Omit<UnfinishedCell, 'status' | 'reason'>;

/** A model that is no file runs on no engine of ours. */
function engineOf({ declared }: ModelReference, engine: EngineInfo): EngineInfo {
  return declared === undefined ? engine : { id: declared.by, version: declared.version ?? 'unknown' };
}

function header(spec: CellSpec, engine: EngineInfo, timing: CellTiming): Header {
  return {
    schemaVersion: CELL_SCHEMA_VERSION,
    kind: 'cell',
    entry: spec.entry,
    title: spec.title,
    fingerprint: spec.fingerprint,
    model: {
      id: spec.model.id,
      sha256: spec.model.sha256,
      file: spec.model.path,
      ...(spec.model.gradient === undefined ? {} : { gradient: spec.model.gradient }),
      ...(spec.model.ownUnits === undefined ? {} : { ownUnits: spec.model.ownUnits }),
      ...(spec.model.output === undefined ? {} : { output: spec.model.output }),
      ...(spec.model.declared === undefined ? {} : { declared: spec.model.declared }),
      ...(spec.model.features === undefined ? {} : { features: spec.model.features }),
    },
    data: {
      source: spec.data.source,
      split: spec.data.split,
      fingerprint: spec.data.fingerprint,
      indices: spec.data.indices,
    },
    plan: spec.plan,
    seed: spec.seed,
    provenance: {
      ...{ tool: 'gauntlet', toolVersion: packageVersion },
      engine: engineOf(spec.model, engine),
      pluginApi: PLUGIN_API_VERSION,
    },
    timing,
  };
}

/** A cell that came to no accuracy. */
export function unfinishedCell(
  spec: CellSpec,
  status: UnfinishedCell['status'],
  reason: UnfinishedCell['reason'],
  engine: EngineInfo,
  timing: CellTiming,
): UnfinishedCell {
  return { ...header(spec, engine, timing), status, reason };
}

/**
 * Puts the shards of a cell together. A plugin that failed on every example it was given has measured nothing: that is an
 * error, not an accuracy.
 */
export function assembleCell(
  spec: CellSpec,
  shards: readonly ShardResult[],
  witnesses: CompletedCell['witnesses'],
  engine: EngineInfo,
  timing: CellTiming,
): CellResult {
  const clean = shards.map((shard) => shard.clean).join('');
  const outcomes = shards.map((shard) => shard.outcomes).join('');
  const failures = shards.flatMap((shard) => shard.failures);
  const attacked = count(clean, 'r');
  const [firstFailure] = failures;
  const invalid = count(outcomes, 'i') - count(clean, 'i');
  if (
    firstFailure !== undefined &&
    firstFailure.code !== 'NON_FINITE' &&
    attacked > 0 &&
    invalid === attacked
  ) {
    const message = `failed on every example it was given; on example ${firstFailure.index}: ${firstFailure.message}`;
    return unfinishedCell(
      spec,
      'error',
      { code: `GAUNTLET_E_${firstFailure.code}`, message },
      engine,
      timing,
    );
  }
  const contentHash = contentHashOf(shards.flatMap((shard) => shard.inputHashes));
  const changed = archiveChange(spec, contentHash);
  if (changed !== undefined) {
    const reason = { code: 'GAUNTLET_E_DATA_INVALID', message: changed };
    return unfinishedCell(spec, 'error', reason, engine, timing);
  }
  const n = outcomes.length;
  const common = header(spec, engine, timing);
  const cell: CompletedCell = {
    ...common,
    model: { ...common.model, ...(shards.some((shard) => shard.stochastic) ? { stochastic: true } : {}) },
    status: 'completed',
    n,
    clean: proportion(count(clean, 'r'), n),
    robust: proportion(count(outcomes, 'r'), n),
    invalid: count(outcomes, 'i'),
    outcomes,
    distances: shards.flatMap((shard) => shard.distances),
    stages: stageResults(spec, shards),
    passes: passesPerExample(shards, n),
    flags: flagsOf(spec, outcomes, shards),
    witnesses,
    ...(spec.plan.kind === 'corruption'
      ? { contentHash, ...corruptionFigures(spec.data.indices, shards) }
      : {}),
  };
  return cell;
}

/** Says so when an archive no longer holds what was planned. */
function archiveChange({ plan }: CellSpec, contentHash: string): string | undefined {
  const archive = plan.kind === 'corruption' ? plan.archive : undefined;
  if (archive === undefined || archive.sha256 === contentHash) return undefined;
  return `${archive.folder} has changed since the run was planned: its images have SHA-256 ${contentHash}, expected ${archive.sha256 ?? 'none'}.`;
}

function stageResults(spec: CellSpec, shards: readonly ShardResult[]): CompletedCell['stages'] {
  if (spec.plan.kind === 'corruption') return [];
  return spec.plan.stages.map((stage, index) => {
    const parts = shards.map((shard) => shard.stages[index]!);
    const outcomes = parts.map((part) => part.outcomes).join('');
    return {
      attack: stage.attack.id,
      threat: stage.threat,
      outcomes,
      robust: count(outcomes, 'r'),
      passes: {
        forward: sum(parts.flatMap((part) => part.forward)),
        gradient: sum(parts.flatMap((part) => part.gradient)),
      },
    };
  });
}

function passesPerExample(shards: readonly ShardResult[], n: number): CompletedCell['passes'] {
  const perExample = (kind: 'forward' | 'gradient'): number[] => {
    const totals = shards.flatMap((shard) =>
      Array.from(shard.outcomes, (_letter, row) => sum(shard.stages.map((stage) => stage[kind][row]!))),
    );
    return totals.length === n ? totals : Array.from({ length: n }, () => 0);
  };
  return { forward: perExample('forward'), gradient: perExample('gradient') };
}

function flagsOf(spec: CellSpec, outcomes: string, shards: readonly ShardResult[]): Flag[] {
  const flags: Flag[] = [];
  const invalid = spec.data.indices.filter((_index, row) => outcomes[row] === 'i');
  if (invalid.length > 0) {
    const messages = [
      ...new Set(shards.flatMap((shard) => shard.failures.map((failure) => failure.message))),
    ];
    flags.push({
      code: 'invalid-examples',
      message: `${invalid.length} of ${outcomes.length} examples: non-finite output, or the attack failed; they count as not robust`,
      evidence: { examples: invalid, messages: messages.slice(0, 5) },
    });
  }
  const tiny = shards.flatMap((shard) => shard.tinyMargins);
  if (tiny.length > 0) {
    flags.push({
      code: 'tiny-margin',
      message: `${tiny.length} of the successes by less than 1e-4 of the logits' spread: another engine may decide otherwise`,
      evidence: { examples: [...tiny].sort((a, b) => a - b) },
    });
  }
  const losses = [...new Set(shards.flatMap((shard) => shard.substitutedLosses))].sort();
  if (losses.length > 0) {
    flags.push({
      code: 'loss-substituted',
      message: `the model has too few classes for ${losses.join(' and ')}; attacks followed the margin instead`,
      evidence: { losses },
    });
  }
  const remarks = new Map(shards.flatMap((shard) => shard.remarks ?? []).map((each) => [each.code, each]));
  return [...flags, ...remarks.values()];
}

function count(letters: string, letter: string): number {
  let total = 0;
  for (const each of letters) if (each === letter) total++;
  return total;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
