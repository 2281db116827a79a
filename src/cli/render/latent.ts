import pc from 'picocolors';
import type { Auroc } from '../../metrics/latent/auroc.js';
import type { MeanSpread } from '../../metrics/latent/mean-spread.js';
import type { SetFigures } from '../../metrics/latent/measure.js';
import type { Bounds } from '../../metrics/resample.js';
import type { LatentReport, MeasuredSet } from '../../results/schema/latent.js';
import { plainTable } from '../../text/plain-table.js';
import { renderCodeBook } from './code-book.js';
import { renderHistograms } from './histograms.js';

const NONE = '-';

/** Three digits, or a dash. */
const figure = (value: number | null): string =>
  value === null ? NONE : String(Number(value.toPrecision(3)));
const share = (value: number | null): string => (value === null ? NONE : `${(100 * value).toFixed(2)} %`);
const spread = (value: MeanSpread | null): string =>
  value === null ? NONE : `${figure(value.mean)} +- ${figure(value.std)}`;

/** A measure per row: what it is called, and how it reads. */
const MEASURES: readonly (readonly [string, (figures: SetFigures) => string])[] = [
  ['accuracy', ({ accuracy }) => share(accuracy.correct / accuracy.n)],
  ['mean confidence', ({ calibration }) => share(calibration.confidence)],
  ['expected calibration error', ({ calibration }) => share(calibration.error)],
  ['collapse: classes by', ({ collapse }) => (collapse.definition === 'papyan' ? 'label' : 'prediction')],
  ['  within class (NC1)', ({ collapse }) => figure(collapse.withinClass)],
  ['  equinorm', ({ collapse }) => figure(collapse.equinorm)],
  ['  equiangular', ({ collapse }) => figure(collapse.equiangular)],
  ['  max-angle', ({ collapse }) => figure(collapse.maxAngle)],
  ['  distance spread', ({ collapse }) => figure(collapse.distanceSpread)],
  ['  empty classes', ({ collapse }) => String(collapse.empty)],
  ['binarity: log-likelihood', ({ binarity }) => spread(binarity.score)],
  ['  standard deviation', ({ binarity }) => spread(binarity.deviation)],
  ['  separation', ({ binarity }) => spread(binarity.separation)],
  ['  median separation', ({ binarity }) => figure(binarity.medianSeparation)],
  [
    '  coordinates constant / at floor',
    ({ binarity: { flags } }) => `${flags.constant} / ${flags['at-floor']}`,
  ],
  [
    '  not converged / empty',
    ({ binarity: { flags } }) => `${flags['not-converged']} / ${flags['empty-component']}`,
  ],
  ['same encoding by sign', ({ sameEncoding }) => share(sameEncoding.sign)],
  ['  by mixture', ({ sameEncoding }) => share(sameEncoding.mixture)],
];

/** A latent report for people. */
export function renderLatent(report: LatentReport, show: { readonly histograms: boolean }): string {
  const { model, width, numClasses, data, trainData, test, train, codeBook, reliability } = report;
  const sets = [test, ...(train === null ? [] : [train])];
  const heads = [setName(data), ...(trainData === null ? [] : [setName(trainData)])];
  return [
    pc.bold(`${model.id}: ${width} units, ${numClasses} classes`),
    '',
    plainTable(
      ['', ...heads],
      MEASURES.map(([name, read]) => [name, ...sets.map(read)]),
      { right: [1, 2] },
    ),
    '',
    renderCodeBook(codeBook),
    ...(show.histograms ? ['', renderHistograms(report)] : []),
    ...(reliability === null
      ? ['', 'No training images: no collapse on them, and no reliability.']
      : ['', renderReliability(reliability)]),
    ...(report.deepfool === null ? [] : ['', renderDeepFool(report.deepfool)]),
    ...(report.transfer === null ? [] : ['', renderTransfer(report.transfer)]),
  ].join('\n');
}

const setName = ({ source, split, n, invalid }: MeasuredSet): string =>
  `${source} ${split}, ${n}${invalid === 0 ? '' : ` (${invalid} invalid)`}`;

function renderReliability(reliability: NonNullable<LatentReport['reliability']>): string {
  const { right, wrong, unscored, mahalanobis, softmax, hamming, vertex } = reliability;
  const rows: [string, Auroc | null][] = [
    ...mahalanobis.map(({ ridge, auroc }): [string, Auroc | null] => [
      `Mahalanobis, ridge ${ridge.toExponential()}`,
      auroc,
    ]),
    ['1 - softmax', softmax],
    ['bits from the nearest word', hamming],
    ['distance to the nearest word', vertex],
  ];
  const left = unscored === 0 ? '' : `, ${unscored} without a Gaussian left out`;
  return plainTable(
    [`Detecting ${wrong} wrong of ${right + wrong} predictions${left}`, 'AUROC', '95 % interval'],
    rows.map(([name, auroc]) => [
      name,
      auroc === null ? NONE : auroc.value.toFixed(4),
      interval(auroc?.interval ?? null),
    ]),
    { right: [1] },
  );
}

const interval = (bounds: Bounds | null): string =>
  bounds === null ? NONE : `${bounds.lower.toFixed(4)} to ${bounds.upper.toFixed(4)}`;

function renderDeepFool(deepfool: NonNullable<LatentReport['deepfool']>): string {
  const { n, fooled, unmoved, blocked, all, correctAndFooled, failureRate, normalisation } = deepfool;
  return plainTable(
    [`DeepFool, normalised by: ${normalisation.from}`, ''],
    [
      ['mean |r| / |x|, all images', spread(all)],
      ['  right and fooled ones only', spread(correctAndFooled)],
      [
        'not fooled',
        `${share(failureRate)}: ${unmoved} unmoved, ${blocked} blocked, of ${n} (${fooled} fooled)`,
      ],
    ],
  );
}

function renderTransfer({ train, test, probe }: NonNullable<LatentReport['transfer']>): string {
  const { correct, n, interval: wilson } = probe.test;
  const range = `${share(wilson.lower)} to ${share(wilson.upper)}`;
  return (
    `Linear probe on ${setName(train)}: ${share(correct / n)} right on ${setName(test)} (${range}), L2 ${probe.l2.toExponential()}` +
    (probe.converged ? '' : '; the fit did not converge')
  );
}
