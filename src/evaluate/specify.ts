import { fingerprintOf } from '../fingerprint.js';
import { packageVersion } from '../resources.js';
import type { EngineInfo } from './assemble.js';
import {
  CELL_SCHEMA_VERSION,
  type AttackStage,
  type CellPlan,
  type CellSpec,
  type ModelReference,
} from './cell.js';

/**
 * Completes a cell's specification with its fingerprint: a hash of everything that determines the result. Paths are left
 * out (content hashes stand for them), so that a moved folder resumes and two machines agree.
 */
export function specifyCell(parts: Omit<CellSpec, 'fingerprint'>, engine: EngineInfo): CellSpec {
  const { entry, model, data, plan, seed } = parts;
  const fingerprint = fingerprintOf({
    schemaVersion: CELL_SCHEMA_VERSION,
    tool: packageVersion,
    engine,
    entry,
    model: modelIdentity(model),
    data: { fingerprint: data.fingerprint, split: data.split, indices: data.indices },
    plan: planIdentity(plan),
    seed,
  });
  return { ...parts, fingerprint };
}

function modelIdentity({ id, sha256, gradient, ownUnits }: ModelReference): object {
  return { id, sha256, gradient, ownUnits };
}

/** A plan without paths: the content hashes beside them stand for what lies there. */
export function planIdentity(plan: CellPlan): object {
  if (plan.kind === 'corruption') {
    return {
      ...plan,
      corruption: { ...plan.corruption, module: undefined },
      textures: plan.textures && { ...plan.textures, folder: undefined },
      archive: plan.archive && { ...plan.archive, folder: undefined },
    };
  }
  const stages = plan.stages.map(stageIdentity);
  if (plan.kind !== 'cascade' || plan.composite === undefined) return { kind: plan.kind, stages };
  const { plugin, parameters } = plan.composite;
  return { kind: plan.kind, stages, composite: { plugin: { ...plugin, module: undefined }, parameters } };
}

function stageIdentity(stage: AttackStage): object {
  return {
    ...stage,
    attack: { ...stage.attack, module: undefined },
    threat: stage.threat.kind === 'box' ? { ...stage.threat, file: undefined } : stage.threat,
    surrogate: stage.surrogate && modelIdentity(stage.surrogate),
  };
}
