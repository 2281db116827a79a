import { describe, expect, it } from '@jest/globals';
import type { AttackContext, AttackPlugin, Proposal } from '../../src/plugin/attack.js';
import {
  boxOf,
  defineAttack,
  objectiveOf,
  withData,
  type Classifier,
  type Threat,
} from '../../src/plugin/index.js';
import type { Goal } from '../../src/plugin/threat.js';
import { attackContract } from '../../src/plugin/testing.js';
import type { LabelledBatch } from '../../src/tensor/batch.js';

type Run = (
  classifier: Classifier,
  batch: LabelledBatch,
  threat: Threat,
  goal: Goal,
  parameters: unknown,
  context: AttackContext,
) => Promise<Proposal>;

/** To the corner of the box the gradient points at: keeps every rule. */
const corner: Run = async (classifier, batch, threat, goal, _parameters, context) => {
  context.signal.throwIfAborted();
  const { direction, ...request } = objectiveOf({ batch, threat, goal }, 'margin');
  const { gradient } = await classifier.lossGradient(batch, request);
  const { lower, upper } = boxOf(threat, batch, classifier.input.bounds);
  return examples(
    batch.data.map((value, i) => {
      const slope = direction * gradient[i]!;
      return slope > 0 ? upper[i]! : slope < 0 ? lower[i]! : value;
    }),
  );
};

const examples = (data: Float32Array): Proposal => ({ kind: 'examples', data });

function attackWith(run: Run, changes: Partial<AttackPlugin['metadata']> = {}): AttackPlugin {
  return defineAttack({
    kind: 'attack',
    metadata: {
      id: 'subject',
      title: 'Subject',
      summary: 'An attack made for a test.',
      paper: 'none',
      version: '1.0.0',
      apiVersion: 1,
      threats: ['lp', 'box'],
      norms: ['linf'],
      goals: ['untargeted', 'targeted'],
      access: 'gradient',
      stochastic: false,
      cost: () => ({ forward: 0, gradient: 1 }),
      linear: 'exact',
      ...changes,
    },
    parameters: { type: 'object', additionalProperties: false, properties: {} },
    run: run as AttackPlugin['run'],
  });
}

/** Rules an attack breaks, without its name and the situation, and why. */
async function brokenRules(attack: unknown): Promise<Map<string, string>> {
  const broken = new Map<string, string>();
  for (const { name, run } of attackContract(attack)) {
    await run().catch((error: unknown) =>
      broken.set(name.replace(/^\S+ | \(.*\)$/g, ''), (error as Error).message),
    );
  }
  return broken;
}

/** The good attack with one thing done wrong afterwards. */
const spoiled =
  (spoil: (data: Float32Array, batch: LabelledBatch, context: AttackContext) => Float32Array): Run =>
  async (...given) => {
    const proposal = (await corner(...given)) as { data: Float32Array };
    return examples(spoil(proposal.data, given[1], given[5]));
  };

const NAMES = {
  candidate: 'proposes one finite candidate per example',
  set: 'stays in the threat set',
  batch: 'proposes the same for an example whatever batch it is in',
  seed: 'depends on the seed exactly as its metadata say',
  zero: 'returns the clean examples when the budget is zero',
  abort: 'stops when it is told to',
  cost: 'spends no more passes than its cost says',
  inputs: 'leaves its inputs as they were',
  nan: 'lets no example disturb another when the model returns NaN',
  exact: 'finds on a linear model every example that can be fooled',
  noise: 'fools on a linear model as many examples as uniform noise does',
  target: 'reaches the target on a linear model of three classes',
};

describe('the attack contract', () => {
  it('finds nothing to object to in an attack that keeps it', async () => {
    expect([...(await brokenRules(attackWith(corner)))]).toEqual([]);
  });

  it('names the rule and the situation of each check', () => {
    const names = attackContract(attackWith(corner)).map(({ name }) => name);
    expect(names[0]).toBe('subject has complete metadata and parameters');
    expect(names).toContain('subject stays in the threat set (lp linf, untargeted)');
    expect(names).toContain('subject stays in the threat set (box, targeted)');
    expect(new Set(names).size).toBe(names.length);
  });

  it('refuses incomplete metadata before it runs anything', async () => {
    const attack = attackWith(corner);
    const checks = attackContract({ ...attack, metadata: { ...attack.metadata, title: undefined } });
    expect(checks).toHaveLength(1);
    await expect(checks[0]!.run()).rejects.toThrow('metadata.title');
  });

  it('refuses what is no attack at all', async () => {
    await expect(attackContract(null)[0]!.run()).rejects.toThrow('a plugin is an object');
  });

  it('catches a candidate too few', async () => {
    const broken = await brokenRules(attackWith(spoiled((data) => data.slice(1))));
    expect(broken.keys()).toContain(NAMES.candidate);
  });

  it('catches a candidate that is not finite', async () => {
    const broken = await brokenRules(attackWith(spoiled((data) => data.fill(NaN, 0, 1))));
    expect(broken.get(NAMES.candidate)).toContain('not finite');
  });

  it('catches candidates outside the set', async () => {
    const run = spoiled((data, batch) =>
      data.map((value, i) => batch.data[i]! + 1.01 * (value - batch.data[i]!)),
    );
    const broken = await brokenRules(attackWith(run));
    expect([...broken.keys()]).toEqual([NAMES.set]);
  });

  it('forgives float32 rounding at the border of the set', async () => {
    const run = spoiled((data, batch) =>
      data.map((value, i) => value + 1e-7 * Math.sign(value - batch.data[i]!)),
    );
    expect([...(await brokenRules(attackWith(run))).keys()]).toEqual([]);
  });

  it('catches a gradient divided over the batch', async () => {
    const run: Run = async (classifier, batch, threat, goal, parameters, context) => {
      const { data } = (await corner(classifier, batch, threat, goal, parameters, context)) as {
        data: Float32Array;
      };
      return examples(data.map((value, i) => batch.data[i]! + (value - batch.data[i]!) / batch.keys.length));
    };
    expect((await brokenRules(attackWith(run, { linear: 'none' }))).keys()).toContain(NAMES.batch);
  });

  it('catches randomness that is not keyed by example', async () => {
    const run = spoiled((data, batch, context) => {
      const random = context.random(0, 'shared');
      return data.map((value, i) => batch.data[i]! + random.uniform() * (value - batch.data[i]!));
    });
    const broken = await brokenRules(attackWith(run, { stochastic: true, linear: 'none' }));
    expect([...broken.keys()]).toEqual([NAMES.batch, NAMES.nan].filter((name) => broken.has(name)));
    expect(broken.keys()).toContain(NAMES.batch);
  });

  it('catches global randomness', async () => {
    const run = spoiled((data, batch) =>
      data.map((value, i) => (Math.random() < 0.5 ? value : batch.data[i]!)),
    );
    const broken = await brokenRules(attackWith(run, { stochastic: true, linear: 'none' }));
    expect(broken.get(NAMES.seed)).toContain('same seed');
  });

  it('catches undeclared randomness', async () => {
    const run = spoiled((data, batch, context) => {
      const size = data.length / batch.keys.length;
      return data.map((value, i) => {
        const fraction = context.random(batch.keys[Math.floor(i / size)]!, 'length').uniform();
        return batch.data[i]! + fraction * (value - batch.data[i]!);
      });
    });
    const broken = await brokenRules(attackWith(run, { linear: 'none' }));
    expect(broken.get(NAMES.seed)).toContain('stochastic');
    expect([...(await brokenRules(attackWith(run, { linear: 'none', stochastic: true }))).keys()]).toEqual(
      [],
    );
  });

  it('catches a step that ignores the budget', async () => {
    const run = spoiled((data) => data.map((value) => (value < 0.5 ? value + 2e-6 : value - 2e-6)));
    expect((await brokenRules(attackWith(run))).keys()).toContain(NAMES.zero);
  });

  it('catches an attack that cannot be stopped', async () => {
    const run: Run = (classifier, batch, threat, goal, parameters, context) =>
      corner(classifier, batch, threat, goal, parameters, {
        ...context,
        signal: new AbortController().signal,
      });
    expect([...(await brokenRules(attackWith(run))).keys()]).toEqual([NAMES.abort]);
  });

  it('catches passes that its cost does not mention', async () => {
    const run: Run = async (classifier, ...rest) => {
      await classifier.logits(rest[0]);
      return corner(classifier, ...rest);
    };
    const broken = await brokenRules(attackWith(run));
    expect(broken.get(NAMES.cost)).toContain('"forward":1');
  });

  it('catches an attack that works in its input', async () => {
    const run: Run = async (classifier, batch, ...rest) => {
      const { data } = (await corner(classifier, batch, ...rest)) as { data: Float32Array };
      batch.data.set(data);
      return examples(data);
    };
    expect((await brokenRules(attackWith(run))).keys()).toContain(NAMES.inputs);
  });

  it('catches NaN that spreads to other examples', async () => {
    const run: Run = async (classifier, batch, threat, goal, parameters, context) => {
      const logits = await classifier.logits(batch);
      const { data } = (await corner(classifier, batch, threat, goal, parameters, context)) as {
        data: Float32Array;
      };
      return examples(logits.some(Number.isNaN) ? batch.data.slice() : data);
    };
    const broken = await brokenRules(attackWith(run, { cost: () => ({ forward: 1, gradient: 1 }) }));
    expect([...broken.keys()]).toEqual([NAMES.nan]);
  });

  it('catches an attack that throws when a gradient is NaN', async () => {
    const run: Run = async (classifier, batch, ...rest) => {
      const { gradient } = await classifier.lossGradient(batch, { labels: batch.labels, loss: 'ce' });
      if (!gradient.every(Number.isFinite)) throw new Error('bad gradient');
      return corner(classifier, batch, ...rest);
    };
    const broken = await brokenRules(attackWith(run, { cost: () => ({ forward: 0, gradient: 2 }) }));
    expect(broken.get(NAMES.nan)).toBe('bad gradient');
  });

  it('catches a claim of exactness that half the step size cannot keep', async () => {
    const run = spoiled((data, batch) => data.map((value, i) => (value + batch.data[i]!) / 2));
    const broken = await brokenRules(attackWith(run));
    expect(broken.keys()).toContain(NAMES.exact);
    expect([...(await brokenRules(attackWith(run, { linear: 'bound' }))).keys()]).toEqual([]);
  });

  it('catches a gradient of the wrong sign', async () => {
    const run: Run = async (classifier, batch, threat, goal, parameters, context) => {
      const { data } = (await corner(classifier, batch, threat, goal, parameters, context)) as {
        data: Float32Array;
      };
      const { lower, upper } = boxOf(threat, batch, classifier.input.bounds);
      return examples(data.map((value, i) => lower[i]! + upper[i]! - value));
    };
    expect((await brokenRules(attackWith(run, { linear: 'bound' }))).keys()).toContain(NAMES.noise);
  });

  it('catches a targeted attack that only leaves the label', async () => {
    const run: Run = (classifier, batch, threat, _goal, parameters, context) =>
      corner(classifier, batch, threat, { kind: 'untargeted' }, parameters, context);
    expect([...(await brokenRules(attackWith(run))).keys()]).toEqual([NAMES.target]);
  });

  it('catches an attack that asks for more than its access', async () => {
    const broken = await brokenRules(attackWith(corner, { access: 'scores' }));
    expect(broken.get(NAMES.candidate)).toContain('lossGradient');
  });

  it('catches a state that JSON does not keep', async () => {
    const fit = () => Promise.resolve({ mean: new Float32Array(3) });
    const attack = { ...attackWith(corner), fit } as unknown as AttackPlugin;
    expect((await brokenRules(attack)).keys()).toContain('fits a state that is plain JSON');
  });

  it('runs with the parameters it is given', () => {
    expect(() => attackContract(attackWith(corner), { parameters: { steps: 1 } })).toThrow(
      'no parameter "steps"',
    );
  });

  it('accepts nothing from a proposal of another kind', async () => {
    const run: Run = (_classifier, batch) =>
      Promise.resolve({ kind: 'transform', parameters: new Float64Array(3 * batch.keys.length) });
    expect((await brokenRules(attackWith(run, { linear: 'none' }))).keys()).toContain(NAMES.candidate);
  });

  it('needs no batch to be copied for the classifier', async () => {
    const run: Run = async (classifier, batch, ...rest) => {
      await classifier.predict(withData(batch, batch.data));
      return corner(classifier, batch, ...rest);
    };
    expect([
      ...(await brokenRules(attackWith(run, { cost: () => ({ forward: 1, gradient: 1 }) }))).keys(),
    ]).toEqual([]);
  });
});
