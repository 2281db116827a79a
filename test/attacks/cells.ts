import type { ClassifierOptions, EngineClassifier } from '../../src/classifier/engine-classifier.js';
import type { Dataset } from '../../src/data/dataset.js';
import { openDataset } from '../../src/data/registry.js';
import { GauntletError } from '../../src/errors.js';
import type { CellResult, CompletedCell } from '../../src/evaluate/cell.js';
import { inlineExecutor } from '../../src/evaluate/inline.js';
import { planAttack, type AttackRequest } from '../../src/evaluate/plan.js';
import { runCell } from '../../src/evaluate/run.js';
import type { Services } from '../../src/evaluate/services.js';
import type { Graph } from '../../src/graph/ir.js';
import type { ModelCard } from '../../src/models/card.js';
import { loadAttack } from '../../src/plugin/registry.js';
import type { ThreatSpec } from '../../src/plugin/threat.js';
import { classifierOf } from '../classifier/loaded.js';

const ENGINE = { id: 'onnxruntime', version: 'test' };

/** What differs from an untargeted attack with default parameters on the first examples. */
export interface CellRequest extends Partial<
  Pick<AttackRequest, 'parameters' | 'goal' | 'seed' | 'indices'>
> {
  /** Examples an attack sees at once. */
  readonly batchSize?: number;
}

/** A model in memory with data, to run built-in attacks and composites on. */
export interface Ground {
  readonly classifier: EngineClassifier;
  /** The cell, whatever became of it, and its fooled inputs. */
  run(
    attack: string,
    threat: ThreatSpec,
    request?: CellRequest,
  ): Promise<{
    readonly cell: CellResult;
    readonly witnesses: Awaited<ReturnType<typeof runCell>>['witnesses'];
  }>;
  /** @throws when the cell does not complete. */
  completed(attack: string, threat: ThreatSpec, request?: CellRequest): Promise<CompletedCell>;
}

/** Examples of the data set, the first `count` unless a cell asks for others; digits of MNIST by default. */
export async function groundOf(
  graph: Graph,
  options: ClassifierOptions & {
    readonly card?: Omit<ModelCard, 'schemaVersion'>;
    readonly dataset?: Dataset;
    readonly count?: number;
  } = {},
): Promise<Ground> {
  const {
    card,
    dataset = await openDataset({ source: 'mnist', split: 'test' }),
    count = 12,
    ...how
  } = options;
  const classifier = await classifierOf(graph, card, how);
  const services: Services = {
    classifier: () => Promise.resolve(classifier),
    dataset: () => Promise.resolve(dataset),
    attack: loadAttack,
    corruption: ({ id }) => Promise.reject(new GauntletError('UNKNOWN_CORRUPTION', id)),
    textures: () => Promise.reject(new GauntletError('FROST_TEXTURES', 'no photographs')),
    archive: (archive) => Promise.reject(new GauntletError('DATA_NOT_FOUND', archive)),
  };
  const model = {
    ...{ id: graph.name, path: 'memory', sha256: 'a'.repeat(64) },
    ...(how.straightThrough === true ? ({ gradient: 'straight-through' } as const) : {}),
  };
  const run: Ground['run'] = async (attack, threat, { batchSize = 128, ...request } = {}) => {
    const spec = await planAttack(
      {
        ...{ model, data: { source: dataset.id, split: 'test' }, attack, threat },
        ...{ parameters: {}, goal: { kind: 'untargeted' }, seed: 0 },
        indices: Array.from({ length: count }, (_value, i) => i),
        ...request,
      },
      { services, engine: ENGINE },
    );
    const executor = inlineExecutor(services);
    return runCell(spec, { executor, engine: ENGINE, batchSize, signal: new AbortController().signal });
  };
  return {
    classifier,
    run,
    completed: async (...given) => {
      const { cell } = await run(...given);
      if (cell.status === 'completed') return cell;
      throw new Error(`${cell.status}: ${cell.reason.message}`);
    },
  };
}
