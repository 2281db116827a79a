import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Writes a suite of 60 digits whose first cells are quick and whose last ones take a few seconds, so that it can be interrupted
 * in the middle.
 * @returns its path
 */
export function writeSlowSuite(folder: string): string {
  const path = join(folder, 'slow.yaml');
  writeFileSync(
    path,
    `id: slow
version: 1
title: Quick cells first
dataset: { source: mnist, split: test }
examples: { first: 60 }
models: [mnist-mlp-linpen]
seed: 3
entries:
  - { id: fgsm, kind: attack, attack: fgsm, threat: { kind: lp, norm: linf, epsilon: 0.1 } }
  - { id: contrast, kind: corruption, corruption: contrast, severities: [2, 4] }
  - id: pgd
    kind: attack
    attack: pgd
    threat: { kind: lp, norm: linf, epsilon: 0.05 }
    parameters: { steps: 1000, earlyLeave: false }
`,
  );
  return path;
}
