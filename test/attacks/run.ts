import { countPasses } from '../../src/classifier/counting.js';
import type { Classifier, PassCount } from '../../src/classifier/classifier.js';
import { attackContext } from '../../src/evaluate/context.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { restrictProblem, type Problem } from '../../src/plugin/problem.js';
import { findComposite, loadAttack } from '../../src/plugin/registry.js';
import type { ThreatSpec } from '../../src/plugin/threat.js';
import { exampleSize, withData, type LabelledBatch } from '../../src/tensor/batch.js';

/** The candidates and what each example cost. */
export interface Ran {
  readonly data: Float32Array;
  readonly passes: PassCount[];
}

/**
 * Runs a built-in attack as the harness does.
 * @param slice examples that an attack which learns first learns from.
 */
export async function runBuiltin(
  id: string,
  classifier: Classifier,
  { batch, threat, goal }: Problem,
  given: Readonly<Record<string, unknown>> = {},
  seed = 0,
  slice: LabelledBatch = batch,
): Promise<Ran> {
  const attack: AttackPlugin = await loadAttack(id);
  const counting = countPasses(classifier);
  const context = attackContext({
    attack,
    classifier: counting,
    clean: batch,
    threat,
    goal,
    seed,
    signal: new AbortController().signal,
    loadAttack,
    progress: () => undefined,
  });
  const parameters = resolveParameters(attack.parameters, given, id);
  const state = await attack.fit?.(classifier, slice, threat, goal, parameters, context);
  const proposal = await attack.run(counting, batch, threat, goal, parameters, context, state);
  if (proposal.kind !== 'examples') throw new Error(`${id} proposed a ${proposal.kind}`);
  return { data: proposal.data, passes: batch.keys.map((key) => counting.passes(key)) };
}

/** Runs the stages of a composite, each on what the ones before did not fool (untargeted): the candidates. */
export async function runComposite(
  id: string,
  classifier: Classifier,
  problem: Problem,
  given: Readonly<Record<string, unknown>> = {},
): Promise<Float32Array> {
  const composite = await findComposite(id);
  if (composite === undefined) throw new Error(`no composite is called ${id}`);
  const { batch } = problem;
  const parameters = resolveParameters(composite.parameters, given, id);
  const setting = { threat: problem.threat as ThreatSpec, goal: { kind: 'untargeted' } } as const;
  const data = batch.data.slice();
  const size = exampleSize(batch);
  for (const stage of composite.stages(parameters, setting)) {
    const predicted = await classifier.predict(withData(batch, data));
    const rows = [...batch.keys.keys()].filter((row) => predicted[row] === batch.labels[row]);
    if (rows.length === 0) break;
    const part = await runBuiltin(stage.attack, classifier, restrictProblem(problem, rows), stage.parameters);
    rows.forEach((row, i) => data.set(part.data.subarray(i * size, (i + 1) * size), row * size));
  }
  return data;
}
