import type { Classifier } from '../classifier/classifier.js';
import { elementCount } from '../tensor/tensor.js';
import { stagesOf, type AttackStage, type CellSpec } from './cell.js';
import type { Services } from './services.js';

/** Seconds one example takes in one pass of one model, measured on one engine thread. */
export interface PassSeconds {
  readonly forward: number;
  readonly gradient: number;
}

const PROBE_BATCH = 128;

/** Times a few passes of a model on blank inputs; the first of each kind compiles and is not counted. */
export async function measurePasses(classifier: Classifier): Promise<PassSeconds> {
  const { shape } = classifier.input;
  const keys = Array.from({ length: PROBE_BATCH }, (_value, i) => i);
  const batch = { shape, data: new Float32Array(PROBE_BATCH * elementCount(shape)).fill(0.5), keys };
  const labels = new Int32Array(PROBE_BATCH);
  const forward = await perExample(() => classifier.logits(batch));
  const gradient = await perExample(() => classifier.lossGradient(batch, { labels, loss: 'ce' })).catch(
    // A model without gradients is only ever asked for forward passes.
    () => forward,
  );
  return { forward, gradient };
}

async function perExample(pass: () => Promise<unknown>): Promise<number> {
  await pass();
  const start = performance.now();
  await pass();
  await pass();
  return (performance.now() - start) / 1000 / (2 * PROBE_BATCH);
}

/** Passes per example a cell takes at most, the clean pass and the judge's included. */
export async function cellCost(
  spec: CellSpec,
  services: Pick<Services, 'attack'>,
  numClasses: number,
): Promise<{ forward: number; gradient: number }> {
  let [forward, gradient] = [2, 0];
  for (const stage of stagesOf(spec)) {
    const cost = await stageCost(stage, services, numClasses);
    forward += cost.forward;
    gradient += cost.gradient;
  }
  return { forward, gradient };
}

async function stageCost(
  stage: AttackStage,
  services: Pick<Services, 'attack'>,
  numClasses: number,
): Promise<{ forward: number; gradient: number }> {
  const attack = await services.attack(stage.attack);
  const parameters = stage.parameters;
  return attack.metadata.cost(parameters, { numClasses });
}

/**
 * Seconds each cell takes on one worker, at most: fooled examples leave early and are not foreseen. Divide the sum by the
 * workers for the length of a run.
 */
export async function estimateSeconds(
  specs: readonly CellSpec[],
  services: Services,
): Promise<Map<CellSpec, number>> {
  const measured = new Map<string, { passes: PassSeconds; numClasses: number }>();
  const estimates = new Map<CellSpec, number>();
  for (const spec of specs) {
    let model = measured.get(spec.model.sha256);
    if (model === undefined) {
      const classifier = await services.classifier(spec.model);
      model = { passes: await measurePasses(classifier), numClasses: classifier.numClasses };
      measured.set(spec.model.sha256, model);
    }
    const cost = await cellCost(spec, services, model.numClasses);
    const perExampleSeconds = cost.forward * model.passes.forward + cost.gradient * model.passes.gradient;
    estimates.set(spec, perExampleSeconds * spec.data.indices.length);
  }
  return estimates;
}
