import { describe, expect, it } from '@jest/globals';
import fgsm from '../../attacks/fgsm.js';
import { GauntletError } from '../../src/errors.js';
import type { AttackPlugin } from '../../src/plugin/attack.js';
import { defineAttack, defineCorruption, defineLoss } from '../../src/plugin/define.js';
import type { ScoreClassifier } from '../../src/plugin/index.js';

const attack = fgsm as unknown as AttackPlugin;

function errorOf(action: () => unknown): GauntletError {
  try {
    action();
  } catch (error) {
    if (error instanceof GauntletError) return error;
  }
  throw new Error('no GauntletError was thrown');
}

const withMetadata = (changes: Record<string, unknown>) => () =>
  defineAttack({ ...attack, metadata: { ...attack.metadata, ...changes } });

describe('defining a plugin', () => {
  it('returns the plugin itself', () => {
    expect(defineAttack(attack)).toBe(attack);
  });

  it.each([
    ['id', 'My Attack'],
    ['title', ''],
    ['summary', undefined],
    ['paper', 3],
    ['version', 'latest'],
    ['threats', []],
    ['threats', ['lp', 'sphere']],
    ['norms', ['l7']],
    ['norms', []],
    ['goals', 'untargeted'],
    ['access', 'weights'],
    ['stochastic', 'no'],
    ['surrogate', 1],
    ['cost', { gradient: 1 }],
    ['linear', undefined],
  ])('names the field metadata.%s when it is %j', (field, value) => {
    const error = errorOf(withMetadata({ [field]: value }));
    expect(error.key).toBe('PLUGIN_INVALID');
    expect(error.message).toContain(`metadata.${field}`);
  });

  it('needs no norm where no threat has one', () => {
    expect(withMetadata({ threats: ['box', 'patch'], norms: [] })).not.toThrow();
  });

  it('names both versions when the plugin API is another', () => {
    const error = errorOf(withMetadata({ apiVersion: 2 }));
    expect(error.key).toBe('PLUGIN_API');
    expect(error.message).toMatch(/plugin API 2\b.*plugin API 1\b/);
  });

  it('says what an API version is when there is none', () => {
    expect(errorOf(withMetadata({ apiVersion: undefined })).message).toContain('metadata.apiVersion');
  });

  it.each([
    ['no default', { steps: { type: 'integer', description: 'Steps' } }, 'give `steps` a default'],
    ['no description', { steps: { type: 'integer', default: 1 } }, 'describe `steps`'],
    [
      'an invalid default',
      { steps: { type: 'integer', minimum: 1, default: 0, description: 'Steps' } },
      'valid defaults',
    ],
    ['an unknown type', { steps: { type: 'count', default: 0, description: 'Steps' } }, 'valid JSON Schema'],
  ])('refuses a parameter with %s', (_what, properties, message) => {
    const parameters = { type: 'object', additionalProperties: false, properties } as const;
    const error = errorOf(() => defineAttack({ ...attack, parameters }));
    expect(error.key).toBe('PLUGIN_INVALID');
    expect(error.message).toContain(message);
  });

  it('refuses a missing run function', () => {
    expect(errorOf(() => defineAttack({ ...attack, run: undefined as never })).message).toContain('`run`');
  });

  it('gives the parameters the types of their schema, and the classifier those of the access', () => {
    const typed = defineAttack({
      kind: 'attack',
      metadata: {
        ...attack.metadata,
        id: 'typed',
        access: 'scores',
        cost: ({ steps }) => ({ forward: steps, gradient: 0 }),
      },
      parameters: {
        type: 'object',
        additionalProperties: false,
        properties: {
          steps: { type: 'integer', default: 1, description: 'Steps' },
          mode: { type: 'string', enum: ['fast', 'slow'], default: 'fast', description: 'Mode' },
        },
      },
      run: (classifier, batch, _threat, _goal, parameters) => {
        const steps: number = parameters.steps;
        const mode: 'fast' | 'slow' = parameters.mode;
        const scores: ScoreClassifier = classifier;
        // @ts-expect-error: an attack with access `scores` has no gradients.
        const gradients: unknown = classifier.lossGradient;
        const data = [steps, mode, scores, gradients].length > 0 ? batch.data : new Float32Array();
        return Promise.resolve({ kind: 'examples', data });
      },
    });
    expect(typed.metadata.cost({ steps: 3, mode: 'fast' }, { numClasses: 2 }, [])).toEqual({
      forward: 3,
      gradient: 0,
    });
  });
});

describe('defining a corruption', () => {
  const corruption = {
    kind: 'corruption',
    metadata: {
      id: 'darken_all',
      title: 'Darken',
      summary: 'Scales every pixel.',
      paper: 'none',
      version: '1.0.0',
      apiVersion: 1,
      stochastic: false,
    },
    parameters: {
      type: 'object',
      additionalProperties: false,
      properties: { factor: { type: 'number', maximum: 1, default: 0.5, description: 'Factor' } },
    },
    severities: [{ factor: 0.9 }, { factor: 0.8 }, { factor: 0.7 }, { factor: 0.6 }, { factor: 0.5 }],
    sample: () => null,
    apply: (image: { data: Float32Array }) => image.data,
  } as const;

  it('returns the plugin itself', () => {
    expect(defineCorruption(corruption)).toBe(corruption);
  });

  it('wants one to five severities', () => {
    for (const severities of [[], Array.from({ length: 6 }, () => ({ factor: 1 }))]) {
      const error = errorOf(() => defineCorruption({ ...corruption, severities }));
      expect(error.message).toContain('`severities` must list 1 to 5');
    }
  });

  it('takes severities of profiles it knows, each with a list', () => {
    const list = [{ factor: 1 }];
    expect(() => defineCorruption({ ...corruption, severities: { mnist: list, cifar: list } })).not.toThrow();
    const unknown = { svhn: list } as object;
    expect(errorOf(() => defineCorruption({ ...corruption, severities: unknown })).message).toMatch(
      /no profiles but cifar, .*mnist/,
    );
    const empty = { ...corruption, severities: { mnist: [] } };
    expect(errorOf(() => defineCorruption(empty)).message).toContain('in mnist list 1 to 5');
  });

  it('checks each severity against the schema', () => {
    const severities = [...corruption.severities.slice(1), { factor: 2 }];
    expect(errorOf(() => defineCorruption({ ...corruption, severities })).message).toContain('factor');
  });

  it('takes snake case ids, as the literature writes them', () => {
    const metadata = { ...corruption.metadata, id: 'darken-all' };
    expect(errorOf(() => defineCorruption({ ...corruption, metadata })).message).toContain('snake case');
  });
});

describe('defining a loss', () => {
  it('names the missing field', () => {
    const metadata = { id: 'hinge', title: 'Hinge', summary: 'A loss.', apiVersion: 1 };
    const error = errorOf(() =>
      defineLoss({ kind: 'loss', metadata: metadata as never, build: () => 'loss' }),
    );
    expect(error.message).toContain('metadata.needsTargets');
  });
});
