/** What `gauntlet new` can write. Each file is complete: the test passes as it stands. */
export interface TemplateFile {
  readonly path: string;
  readonly content: string;
}

/** `my-attack` -> `my attack`, with a capital. */
const titleOf = (id: string) => id.charAt(0).toUpperCase() + id.slice(1).replaceAll('-', ' ');

const attackModule = (
  id: string,
) => `// ${titleOf(id)}: one gradient step of random length. Replace the algorithm and the text; keep the order.
import { defineAttack } from 'gauntlet-bench/plugin';

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
    norms: ['linf'],
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

  async run(classifier, batch, threat, goal, parameters, context) {
    // A targeted attack descends the loss of the target, an untargeted one ascends that of the label.
    const labels = goal.kind === 'targeted' ? goal.targets : batch.labels;
    const direction = goal.kind === 'targeted' ? -1 : 1;
    const { gradient } = await classifier.lossGradient(batch, { labels, loss: 'ce' });
    const size = batch.data.length / batch.keys.length;

    const data = new Float32Array(batch.data.length);
    for (let i = 0; i < data.length; i++) {
      const row = Math.floor(i / size);
      const room = direction * Math.sign(gradient[i]);
      data[i] = batch.data[i] + room * budget(threat, batch.data, i, room) * length(row);
    }
    return { kind: 'examples', data };

    // The stream is keyed by example: the same draw whatever batch the example is in.
    function length(row) {
      const { minimumLength } = parameters;
      return minimumLength + (1 - minimumLength) * context.random(batch.keys[row], 'length').uniform();
    }
  },
});

/** How far coordinate i may move in the direction of \`room\`. */
function budget(threat, clean, i, room) {
  if (threat.kind === 'lp') return threat.epsilon;
  return room > 0 ? threat.upper[i] - clean[i] : clean[i] - threat.lower[i];
}
`;

const attackTest = (id: string) => `// Run with: node --test ${id}.test.mjs
import { test } from 'node:test';
import { attackContract } from 'gauntlet-bench/testing';
import attack from './${id}.mjs';

// Every rule an attack must keep, one named check each.
for (const check of attackContract(attack)) test(check.name, () => check.run());
`;

/** An attack plugin and its test, to be put in one folder. */
export function attackTemplate(id: string): readonly TemplateFile[] {
  return [
    { path: `${id}.mjs`, content: attackModule(id) },
    { path: `${id}.test.mjs`, content: attackTest(id) },
  ];
}
