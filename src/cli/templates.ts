/** What `gauntlet new` can write. Each file is complete: the test passes as it stands. */
export interface TemplateFile {
  readonly path: string;
  readonly content: string;
}

/** `my-attack` -> `my attack`, with a capital. */
export const titleOf = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');

const attackModule = (
  id: string,
) => `// ${titleOf(id)}: one gradient step of random length. Replace the algorithm and the text; keep the order.
import { allFinite, defineAttack, objectiveOf, regionOf, sliceRow } from 'gauntlet-bench/plugin';

export default defineAttack({
  kind: 'attack',
  metadata: {
    id: '${id}',
    title: '${titleOf(id)}',
    summary: 'One sentence for gauntlet list.',
    paper: 'Authors, title, year, arXiv id',
    version: '1.0.0', // bump it whenever results change
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2'],
    goals: ['untargeted', 'targeted'],
    access: 'gradient', // or 'scores', or 'decision'
    stochastic: true,
    cost: () => ({ forward: 0, gradient: 1 }), // passes per example at most
    linear: 'none', // what is claimed on linear models: 'exact', 'bound' or 'none'
  },

  // JSON Schema: every property has a default and a description, and becomes a flag of \`gauntlet attack\`.
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      minimumLength: {
        type: 'number',
        minimum: 0,
        maximum: 1,
        default: 0.5,
        description: 'Shortest step, as a fraction of the budget',
      },
    },
  },

  async run(classifier, batch, threat, goal, { minimumLength }, context) {
    context.signal.throwIfAborted(); // once per step

    // A targeted attack descends the loss of the target, an untargeted one ascends that of the label.
    const { direction, labels, loss } = objectiveOf({ batch, threat, goal }, 'ce');
    const { gradient } = await classifier.lossGradient(batch, { labels, loss });

    const region = regionOf(threat, batch, classifier.input.bounds);
    const data = batch.data.slice();
    const size = data.length / batch.keys.length;
    batch.keys.forEach((key, row) => {
      const slope = sliceRow(gradient, row, size);
      if (!allFinite(slope)) return; // the model's failure must not become a candidate

      // The stream is keyed by example: the same draw whatever batch the example is in.
      const length = minimumLength + (1 - minimumLength) * context.random(key, 'length').uniform();
      const candidate = sliceRow(data, row, size);
      region.step(row, slope, candidate, direction * length);
      region.project(row, candidate);
    });
    return { kind: 'examples', data };
  },
});
`;

const attackTest = (id: string) => `// Run with: node --test ${id}.test.mjs
import { test } from 'node:test';
import { attackContract } from 'gauntlet-bench/testing';
import attack from './${id}.mjs';

// Every rule an attack must keep, one named check each.
for (const check of attackContract(attack)) test(check.name, () => check.run());
`;

const compositeModule = (
  id: string,
) => `// ${titleOf(id)}: attacks in turn, each on what the ones before left robust. Replace the stages and the text.
import { defineComposite } from 'gauntlet-bench/plugin';

export default defineComposite({
  kind: 'composite',
  metadata: {
    id: '${id}',
    title: '${titleOf(id)}', // the heading of its column, with the variant: '${titleOf(id)} (quick) Linf 0.1'
    summary: 'One sentence for gauntlet list.',
    paper: 'Authors, title, year, arXiv id',
    version: '1.0.0', // bump it whenever results change
    apiVersion: 1,
    threats: ['lp', 'box'], // every one of its stages takes these, or is left out below
    norms: ['linf', 'l2'],
    goals: ['untargeted'],
    variant: 'effort', // a parameter that belongs in headings; may be left out
  },

  // JSON Schema: every property has a default and a description, and becomes a flag of \`gauntlet attack\`.
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      effort: {
        type: 'string',
        enum: ['quick', 'thorough'],
        default: 'quick',
        description: 'How long to try',
      },
    },
  },

  // A pure function of the parameters and of what is asked for; ids of registered attacks, parameters that differ from their defaults.
  stages: ({ effort }, { threat }) => [
    { attack: 'pgd', parameters: { loss: 'margin', steps: effort === 'quick' ? 20 : 200 } },
    ...(effort === 'quick' || threat.kind !== 'lp' ? [] : [{ attack: 'square', parameters: {} }]),
  ],
});
`;

const compositeTest = (id: string) => `// Run with: node --test ${id}.test.mjs
import { test } from 'node:test';
import { compositeContract } from 'gauntlet-bench/testing';
import composite from './${id}.mjs';

// Every rule a composite must keep, one named check each.
for (const check of compositeContract(composite)) test(check.name, () => check.run());
`;

/** A composite plugin and its test, to be put in one folder. */
export function compositeTemplate(id: string): readonly TemplateFile[] {
  return [
    { path: `${id}.mjs`, content: compositeModule(id) },
    { path: `${id}.test.mjs`, content: compositeTest(id) },
  ];
}

/** An attack plugin and its test, to be put in one folder. */
export function attackTemplate(id: string): readonly TemplateFile[] {
  return [
    { path: `${id}.mjs`, content: attackModule(id) },
    { path: `${id}.test.mjs`, content: attackTest(id) },
  ];
}
