#!/usr/bin/env node
/**
 * Full reference checks, long and resumable: `npm run verify`. Every check runs the built command line on third-party models
 * and whole test sets found under GAUNTLET_FIXTURES and compares with published or reference figures, or takes its figures
 * from a slow test that does. What has been verified with this version is kept in results/verification.json and not run again unless --again is given.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');
const fixtures = process.env.GAUNTLET_FIXTURES ?? '';
const file = join(root, 'results', 'verification.json');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const engine = JSON.parse(
  readFileSync(join(root, 'node_modules/onnxruntime-node/package.json'), 'utf8'),
).version;

/** Runs `gauntlet attack ... --json` on a model of the fixtures. */
function attack(model, data, examples, args) {
  const command = [
    ...['attack', join(fixtures, 'models', `${model}.onnx`), '--json', '--examples', String(examples)],
    ...['--card', join(root, 'test/fixtures/cards', `${model}.card.json`)],
    ...['--data', data, '--data-dir', join(fixtures, 'data'), ...args],
  ];
  const output = execFileSync(process.execPath, [join(root, 'dist/src/cli/main.js'), ...command], {
    encoding: 'utf8',
    maxBuffer: 2 ** 28,
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  return JSON.parse(output);
}

const figures = new Map();

/**
 * The figures a slow test measured, by their id; each test file runs once. A case that fails still gives the figures it had,
 * and whoever asks judges them.
 */
function measuredBy(test, environment = {}) {
  const known = figures.get(test);
  if (known !== undefined) return known;
  const folder = mkdtempSync(join(tmpdir(), 'gauntlet-verify-'));
  const out = join(folder, 'figures.jsonl');
  const jest = ['--experimental-vm-modules', '--no-warnings', join(root, 'node_modules/jest/bin/jest.js')];
  try {
    execFileSync(process.execPath, [...jest, '--config', 'jest.slow.config.js', test], {
      cwd: root,
      env: { ...process.env, ...environment, GAUNTLET_FIGURES: out },
      stdio: ['ignore', 'ignore', 'ignore'],
    });
  } catch {
    console.error(`some cases of ${test} failed; run it to see why`);
  }
  const lines = existsSync(out) ? readFileSync(out, 'utf8').trim().split('\n') : [];
  rmSync(folder, { recursive: true });
  const found = new Map(lines.map((line) => JSON.parse(line)).map(({ id, ...rest }) => [id, rest]));
  figures.set(test, found);
  return found;
}

/** As many as the smallest of the data sets holds, rounded. */
const EXAMPLES = { GAUNTLET_EXAMPLES: '400' };
const GRADIENT_TEST = 'test/graph/autodiff/models.slow.test.ts';
const ATTACK_TEST = 'test/e2e/every-model.slow.test.ts';

/** Figures rounded to three digits, as far as they are not counts. */
const rounded = (measured) =>
  Object.fromEntries(
    Object.entries(measured).map(([name, value]) => [
      name,
      Number.isInteger(value) ? value : Number(value.toPrecision(3)),
    ]),
  );

/** Clean accuracy on the whole set the figure was published or measured for. */
const CLEAN = [
  ['mnist-fc_256x2', 'mnist', 10000, 0.9808],
  ['mnist-fc_256x4', 'mnist', 10000, 0.9764],
  ['mnist-relu_9_200', 'mnist', 10000, 0.9495],
  ['mnist-verivital_maxpool', 'mnist', 10000, 0.9792],
  ['mnist-wong_convex_eps0.1', 'mnist', 10000, 0.982],
  ['mnist-fast_pgd_madry_eps0.3', 'mnist', 10000, 0.9899],
  ['mnist-fast_fgsm_eps0.3', 'mnist', 10000, 0.985],
  ['mnist-eth_conv_0.1', 'mnist', 10000, 0.9916],
  ['mnist-onnxzoo_cntk', 'mnist', 10000, 0.9891],
  ['mnist-logsig_200_100_50', 'mnist', 10000, 0.9601],
  ['fashion-wong_convex_eps0.1', 'fashion-mnist', 10000, 0.7827],
  ['cifar10-resnet_2b', 'cifar10', 1000, 0.703],
  ['cifar10-marabou_small', 'cifar10', 1000, 0.63],
  ['cifar10-oval_base_kw', 'cifar10', 1000, 0.611],
  ['cifar10-vit_pgd_2_3_16', 'cifar10', 1000, 0.611],
];

/** Deterministic attacks of the reference code, by the model it was run on. */
const PLAIN_LOOP = [
  ...['--return', 'last', '--no-random-start', '--no-early-leave', '--step-size', '0.1'],
  ...['--zero-gradient', 'stay'],
];
const GOLDEN_ATTACKS = {
  fgsm_linf: ['--attack', 'fgsm', '--norm', 'linf'],
  pgd40_linf: ['--attack', 'pgd', '--norm', 'linf', '--steps', '40', ...PLAIN_LOOP],
  pgd40_l2: ['--attack', 'pgd', '--norm', 'l2', '--steps', '40', ...PLAIN_LOOP],
};
const GOLDEN_MODELS = [
  ['mnist-wong_convex_eps0.1', 'mnist'],
  ['mnist-fast_pgd_madry_eps0.3', 'mnist'],
  ['mnist-fc_256x4', 'mnist'],
  ['fashion-wong_convex_eps0.1', 'fashion-mnist'],
  ['cifar10-resnet_2b', 'cifar10'],
  ['cifar10-oval_base_kw', 'cifar10'],
];

/** Budget and success flags of one column of a model's reference results. */
function golden(model, column) {
  const { deterministic } = JSON.parse(
    readFileSync(join(fixtures, 'golden/attacks', `${model}.json`), 'utf8'),
  );
  const { eps, 'success_1=misclassified': flags } = deterministic.attacks[column];
  return { eps, flags };
}

const checks = {
  'certified-bound': {
    claim:
      'PGD-40 at Linf 0.1 on the certified MNIST network: robust error between 3.9 % (published FGSM) and 5.8 % (certified)',
    run() {
      const args = ['--attack', 'pgd', '--norm', 'linf', '--epsilon', '0.1', '--steps', '40'];
      const { n, robust } = attack('mnist-wong_convex_eps0.1', 'mnist', 10000, args);
      const error = 1 - robust.correct / n;
      return { holds: error >= 0.039 && error <= 0.058, measured: { n, robustError: error } };
    },
  },
  ...Object.fromEntries(
    CLEAN.map(([model, data, n, accuracy]) => [
      `clean/${model}`,
      {
        claim: `clean accuracy ${accuracy} on ${n} examples`,
        run() {
          const { clean } = attack(model, data, n, ['--attack', 'fgsm', '--epsilon', '0.001']);
          return {
            holds: clean.correct === Math.round(accuracy * n),
            measured: { n, correct: clean.correct },
          };
        },
      },
    ]),
  ),
  ...Object.fromEntries(
    CLEAN.flatMap(([model]) => [
      [
        `gradient/${model}`,
        {
          claim:
            'slopes of the gradient along 50 random directions per image agree with float64 differences, in units of the ' +
            "slope's standard deviation: median at most 1e-5, 95th percentile at most 5e-5; directions with a kink inside the step apart",
          run() {
            const measured = measuredBy(GRADIENT_TEST).get(model) ?? {};
            const holds = measured.median <= 1e-5 && measured.percentile95 <= 5e-5;
            return { holds, measured: rounded(measured) };
          },
        },
      ],
      [
        `card-only/${model}`,
        {
          claim: 'attacked with PGD-10 in Linf 8/255 given nothing but the model and its card',
          run() {
            const measured = measuredBy(ATTACK_TEST, EXAMPLES).get(model) ?? {};
            return { holds: measured.robust <= measured.clean, measured };
          },
        },
      ],
    ]),
  ),
  'card-only/gtsrb-bnn_30': {
    claim: 'without straight-through gradients refused as gradient-blocked, with exit code 2',
    run() {
      const measured = measuredBy(ATTACK_TEST, EXAMPLES).get('gtsrb-bnn_30/exact') ?? {};
      return { holds: measured.status === 2, measured };
    },
  },
  'card-only/gtsrb-bnn_30/straight-through': {
    claim:
      'attacked with PGD-10 in Linf 8/255 with straight-through gradients; clean accuracy within five standard errors of the ' +
      '0.8219 measured on 1,263 images (this sample has ten of each class)',
    run() {
      const measured = measuredBy(ATTACK_TEST, EXAMPLES).get('gtsrb-bnn_30') ?? {};
      const { n, clean, robust } = measured;
      const close = Math.abs(clean / n - 0.8219) <= 5 * Math.sqrt((0.8219 * 0.1781) / n);
      return { holds: close && robust < clean, measured };
    },
  },
  ...Object.fromEntries(
    GOLDEN_MODELS.flatMap(([model, data]) =>
      ['pgd40_linf', 'pgd40_l2'].map((column) => [
        `best/${model}/${column}`,
        {
          claim: 'keeping the best iterate fools every example the reference code fooled',
          run() {
            const { eps, flags } = golden(model, column);
            const norm = column.endsWith('l2') ? 'l2' : 'linf';
            const args = ['--attack', 'pgd', '--norm', norm, '--steps', '40', '--no-random-start'];
            const { outcomes } = attack(model, data, 200, [...args, '--epsilon', String(eps)]);
            const missed = Array.from(flags).filter((flag, i) => flag === '1' && outcomes[i] === 'r').length;
            const fooled = Array.from(outcomes).filter((outcome) => outcome !== 'r').length;
            return {
              holds: missed === 0,
              measured: { n: 200, reference: flags.split('1').length - 1, fooled, missed },
            };
          },
        },
      ]),
    ),
  ),
  ...Object.fromEntries(
    GOLDEN_MODELS.flatMap(([model, data]) =>
      Object.entries(GOLDEN_ATTACKS).map(([column, args]) => [
        `golden/${model}/${column}`,
        {
          claim: 'success flags equal to the reference code’s, at most 1 of 200 differing',
          run() {
            const { eps, flags } = golden(model, column);
            const { outcomes } = attack(model, data, 200, [...args, '--epsilon', String(eps)]);
            const differing = Array.from(flags).filter(
              (flag, i) => (flag === '1') !== (outcomes[i] !== 'r'),
            ).length;
            return { holds: differing <= 1, measured: { n: 200, differing } };
          },
        },
      ]),
    ),
  ),
};

if (!existsSync(join(fixtures, 'models'))) {
  console.error('GAUNTLET_FIXTURES does not name a folder with models; nothing was verified.');
  process.exitCode = 2;
} else {
  const known = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).checks : {};
  const results = { ...known };
  for (const [name, { claim, run }] of Object.entries(checks)) {
    const before = known[name];
    if (
      !process.argv.includes('--again') &&
      before?.holds &&
      before.version === version &&
      before.engine === engine
    )
      continue;
    const { holds, measured } = run();
    results[name] = { claim, holds, measured, version, engine, date: new Date().toISOString().slice(0, 10) };
    const sorted = Object.fromEntries(Object.entries(results).sort(([a], [b]) => (a < b ? -1 : 1)));
    writeFileSync(file, `${JSON.stringify({ schemaVersion: 1, checks: sorted }, null, 2)}\n`);
    console.log(`${holds ? 'holds' : 'FAILS'}  ${name}  ${JSON.stringify(measured)}`);
  }
  const failed = Object.keys(checks).filter((name) => !results[name].holds);
  console.log(`${Object.keys(checks).length - failed.length} of ${Object.keys(checks).length} checks hold`);
  if (failed.length > 0) process.exitCode = 1;
}
