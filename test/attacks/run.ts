import { countPasses } from '../../src/classifier/counting.js';
import type { Classifier, PassCount } from '../../src/classifier/classifier.js';
import { attackContext } from '../../src/evaluate/context.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import type { Problem } from '../../src/plugin/problem.js';
import { loadAttack } from '../../src/plugin/registry.js';

/** Runs a built-in attack as the harness does; the candidates and what each example cost. */
export async function runBuiltin(
  id: string,
  classifier: Classifier,
  { batch, threat, goal }: Problem,
  given: Readonly<Record<string, unknown>> = {},
  seed = 0,
): Promise<{ data: Float32Array; passes: PassCount[] }> {
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
  const proposal = await attack.run(counting, batch, threat, goal, parameters, context);
  if (proposal.kind !== 'examples') throw new Error(`${id} proposed a ${proposal.kind}`);
  return { data: proposal.data, passes: batch.keys.map((key) => counting.passes(key)) };
}
