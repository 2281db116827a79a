import { describe, expect, it } from '@jest/globals';
import { measureAttacks } from '../../src/bench/attacks.js';
import { benchThreat, BUDGETS } from '../../src/bench/budgets.js';
import { resolveParameters } from '../../src/plugin/parameters.js';
import { listAttacks, loadAttack } from '../../src/plugin/registry.js';

const SMALL = { threads: 1, batchSize: 4 };

describe('timed attacks', () => {
  it('are reported with the passes that each image took', async () => {
    const [fgsm, square, patch] = await measureAttacks('mlp', {
      ...SMALL,
      attacks: ['fgsm', 'square', 'patch'],
    });
    expect(fgsm).toMatchObject({
      network: 'mlp',
      images: 4,
      parameters: {},
      passes: { forward: 0, gradient: 1 },
    });
    expect(square).toMatchObject({ parameters: { queries: 100 }, passes: { gradient: 0 } });
    expect(square!.passes.forward).toBeGreaterThan(0);
    expect(square!.passes.forward).toBeLessThanOrEqual(100);
    // Learned on four images in forty steps, then placed on four others.
    expect(patch!.passes.gradient).toBe(40);
    for (const { imagesPerSecond, shareOutsideEngine } of [fgsm!, square!, patch!]) {
      expect(imagesPerSecond).toBeGreaterThan(0);
      expect(shareOutsideEngine).toBeGreaterThan(0);
      expect(shareOutsideEngine).toBeLessThan(1);
    }
  });

  it('are run on fewer images where each takes very many passes', async () => {
    const options = { threads: 1, batchSize: 64, attacks: ['ddn'] };
    const [ddn] = await measureAttacks('mlp', options);
    expect(ddn!.images).toBe(64);
    const [eot] = await measureAttacks('mlp', { ...options, attacks: ['eot'] });
    expect(eot!.images).toBeLessThan(64);
  });

  it('stop when asked to', async () => {
    const signal = AbortSignal.abort(new Error('enough'));
    await expect(measureAttacks('mlp', { ...SMALL, signal })).rejects.toThrow('enough');
  });

  it('are known', async () => {
    await expect(measureAttacks('mlp', { ...SMALL, attacks: ['fgsn'] })).rejects.toMatchObject({
      key: 'UNKNOWN_ATTACK',
    });
  });
});

describe('the budgets of timed attacks', () => {
  it('are parameters the attacks take', async () => {
    for (const { metadata } of listAttacks()) {
      const { parameters } = await loadAttack(metadata.id);
      expect(() => resolveParameters(parameters, BUDGETS[metadata.id] ?? {}, metadata.id)).not.toThrow();
    }
  });

  it('are under a threat model that the attack takes', () => {
    for (const { metadata } of listAttacks()) {
      const threat = benchThreat(metadata);
      expect(metadata.threats).toContain(threat.kind);
      if ('norm' in threat) expect(metadata.norms).toContain(threat.norm);
    }
  });
});
