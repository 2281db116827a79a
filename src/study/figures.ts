import type { StudyFigure } from '../results/schema/study.js';
import type { StudyRun } from '../results/schema/study-run.js';
import type { StudyTraining } from '../results/schema/study-training.js';

/** A model of the study with everything recorded of it. */
export interface MeasuredModel {
  readonly training: StudyTraining;
  readonly run: StudyRun;
}

/** The questions of the study; each figure belongs to one. */
type Question = StudyFigure['question'];

/** One number per model. */
export interface Figure extends Omit<StudyFigure, 'groups' | 'comparisons'> {
  /** Null where the model has none. */
  readonly value: (model: MeasuredModel) => number | null;
}

type Right = { readonly correct: number; readonly n: number };
const share = ({ correct, n }: Right): number => correct / n;

/** The ridge to quote, as text; see metrics/latent/reliability.ts. */
const RIDGE = '0.001';

const figure = (
  question: Question,
  id: string,
  title: string,
  unit: Figure['unit'],
  higherIsBetter: Figure['higherIsBetter'],
  value: Figure['value'],
): Figure => ({ question, id, title, unit, higherIsBetter, value });

/** Figures that every model has, whatever its suite. */
const FIXED: readonly Figure[] = [
  figure('claim', 'test-accuracy', 'test accuracy', 'share', true, ({ run }) =>
    share(run.latent.test.accuracy),
  ),
  figure(
    'claim',
    'fitted-epoch',
    'epochs to 99.9 % training accuracy',
    'number',
    false,
    ({ training }) => training.fittedEpoch,
  ),
  figure('claim', 'nc1', 'NC1, training images', 'number', false, ({ run }) => run.latent.train.withinClass),
  figure(
    'claim',
    'separation',
    'peak distance, mean, training images',
    'number',
    true,
    ({ run }) => run.latent.train.separation,
  ),
  figure(
    'claim',
    'median-separation',
    'peak distance, median, training images',
    'number',
    true,
    ({ run }) => run.latent.train.medianSeparation,
  ),
  figure(
    'claim',
    'same-encoding',
    'same encoding, training images',
    'share',
    true,
    ({ run }) => run.latent.train.sameEncoding,
  ),
  figure(
    'claim',
    'same-encoding-test',
    'same encoding, test images',
    'share',
    true,
    ({ run }) => run.latent.test.sameEncoding,
  ),
  figure(
    'claim',
    'mahalanobis',
    'AUROC, Mahalanobis',
    'number',
    true,
    ({ run }) => run.latent.reliability?.mahalanobis[RIDGE] ?? null,
  ),
  figure(
    'deepfool',
    'deepfool-all',
    'DeepFool, all images',
    'number',
    true,
    ({ run }) => run.latent.deepfool?.all ?? null,
  ),
  figure(
    'deepfool',
    'deepfool-fooled',
    'DeepFool, right and fooled',
    'number',
    true,
    ({ run }) => run.latent.deepfool?.correctAndFooled ?? null,
  ),
  figure('deepfool', 'deepfool-failures', 'DeepFool, failure rate', 'share', null, ({ run }) =>
    run.latent.deepfool === null ? null : 1 - run.latent.deepfool.fooled / run.latent.deepfool.n,
  ),
  figure('detection', 'ece', 'calibration error', 'share', false, ({ run }) => run.latent.test.ece),
  figure(
    'detection',
    'softmax',
    'AUROC, softmax',
    'number',
    true,
    ({ run }) => run.latent.reliability?.softmax ?? null,
  ),
  figure(
    'detection',
    'hamming',
    'AUROC, bits to the code book',
    'number',
    true,
    ({ run }) => run.latent.reliability?.hamming ?? null,
  ),
  figure(
    'detection',
    'vertex',
    'AUROC, distance to the code book',
    'number',
    true,
    ({ run }) => run.latent.reliability?.vertex ?? null,
  ),
  figure('detection', 'hamming-less-softmax', 'AUROC, bits less softmax', 'number', true, ({ run }) => {
    const { hamming = null, softmax = null } = run.latent.reliability ?? {};
    return hamming === null || softmax === null ? null : hamming - softmax;
  }),
  figure('transfer', 'probe', 'linear probe on the other data', 'share', true, ({ run }) =>
    run.latent.transfer === null ? null : share(run.latent.transfer.accuracy),
  ),
];

/** Kinds of columns of a suite, by the beginning of their entry; corruptions go by their kind. */
const ATTACKS: readonly { readonly prefix: string; readonly question: Question; readonly title: string }[] = [
  { prefix: 'cascade-', question: 'attacks', title: 'cascade' },
  { prefix: 'square-', question: 'attacks', title: 'square alone' },
  { prefix: 'apgd-', question: 'attacks', title: 'APGD alone' },
  { prefix: 'gaussian-noise-', question: 'steadiness', title: 'Gaussian noise' },
  { prefix: 'uniform-noise-', question: 'steadiness', title: 'uniform noise' },
];

const robustShare =
  (entry: string) =>
  ({ run }: MeasuredModel): number | null => {
    const { n, robust } = run.audit.cells.find((cell) => cell.entry === entry) ?? {};
    return n === undefined || robust === undefined ? null : robust / n;
  };

/** `linf-0_05` as `Linf 0.05`. */
function budgetText(budget: string): string {
  const [norm = '', epsilon = ''] = budget.split('-');
  return `${norm[0]?.toUpperCase() ?? ''}${norm.slice(1)} ${epsilon.replace('_', '.')}`;
}

/** `shot_noise-5` as `shot noise, severity 5`. */
const corruptionText = (entry: string): string =>
  entry.replace(/-(\d)$/, ', severity $1').replaceAll('_', ' ');

/**
 * The figures of the models of one setting: the fixed ones, and those of the columns that their audits have. Which question each
 * belongs to, and so what is compared together, is fixed here and not by the numbers.
 */
export function figuresOf(models: readonly MeasuredModel[]): Figure[] {
  const cells = new Map(
    models.flatMap(({ run }) => run.audit.cells.map(({ entry, kind }) => [entry, kind] as const)),
  );
  const entries = [...cells.keys()];
  const attacks = ATTACKS.flatMap(({ prefix, question, title }) =>
    entries
      .filter((entry) => entry.startsWith(prefix))
      .map((entry) =>
        figure(
          question,
          entry,
          `${title}, ${budgetText(entry.slice(prefix.length))}`,
          'share',
          true,
          robustShare(entry),
        ),
      ),
  );
  const corruptions = entries.filter((entry) => cells.get(entry) === 'corruption');
  return [
    ...FIXED,
    ...attacks,
    ...entries.filter((entry) => entry.startsWith('square-')).flatMap((entry) => masking(entry, entries)),
    ...corruptions.map((entry) =>
      figure('steadiness', entry, corruptionText(entry), 'share', true, robustShare(entry)),
    ),
    ...(corruptions.length > 1
      ? [
          figure(
            'steadiness',
            'mean-corruption',
            'mean of the corruptions',
            'share',
            true,
            meanOf(corruptions),
          ),
        ]
      : []),
  ];
}

/** What the gradient-free attack leaves less what the gradient attack leaves: below zero, gradients mislead. */
function masking(square: string, entries: readonly string[]): Figure[] {
  const budget = square.slice('square-'.length);
  const apgd = `apgd-${budget}`;
  if (!entries.includes(apgd)) return [];
  return [
    figure(
      'masking',
      `square-less-apgd-${budget}`,
      `square less APGD, ${budgetText(budget)}`,
      'points',
      null,
      (model) => {
        const [free, gradient] = [robustShare(square)(model), robustShare(apgd)(model)];
        return free === null || gradient === null ? null : free - gradient;
      },
    ),
  ];
}

function meanOf(entries: readonly string[]): Figure['value'] {
  return (model) => {
    const values = entries.map((entry) => robustShare(entry)(model)).filter((value) => value !== null);
    return values.length < entries.length ? null : values.reduce((sum, one) => sum + one, 0) / values.length;
  };
}
