import type { CellResult } from '../evaluate/cell.js';
import { encodeRuns } from '../gate/run-length.js';
import type { SetFigures } from '../metrics/latent/measure.js';
import type { LatentReport } from '../results/schema/latent.js';
import type { StudyRun } from '../results/schema/study-run.js';

/** Digits kept of figures, far below what a seed changes. */
const DIGITS = 6;

const rounded = <T extends number | null>(value: T): T =>
  value === null ? value : (Number(value.toPrecision(DIGITS)) as T);

/** What a study keeps of a report on a latent space with training images. */
export function latentRecord(report: LatentReport): StudyRun['latent'] {
  const { reliability, deepfool, transfer, histograms } = report;
  return {
    units: report.width,
    train: setRecord(report.train!),
    test: setRecord(report.test),
    words: report.codeBook.byPrediction.words.map(({ class: owner, word }) => `${owner}:${word}`),
    histogram: [...(histograms.pooled?.counts ?? [])],
    reliability: reliability && {
      ...{ right: reliability.right, wrong: reliability.wrong, unscored: reliability.unscored },
      mahalanobis: Object.fromEntries(
        reliability.mahalanobis.map(({ ridge, auroc }) => [String(ridge), rounded(auroc?.value ?? null)]),
      ),
      softmax: rounded(reliability.softmax?.value ?? null),
      hamming: rounded(reliability.hamming?.value ?? null),
      vertex: rounded(reliability.vertex?.value ?? null),
    },
    deepfool: deepfool && {
      ...{ n: deepfool.n, fooled: deepfool.fooled, unmoved: deepfool.unmoved, blocked: deepfool.blocked },
      all: rounded(deepfool.all?.mean ?? null),
      correctAndFooled: rounded(deepfool.correctAndFooled?.mean ?? null),
    },
    transfer: transfer && {
      data: transfer.test.source,
      accuracy: { correct: transfer.probe.test.correct, n: transfer.probe.test.n },
      ...{ l2: transfer.probe.l2, converged: transfer.probe.converged },
    },
  };
}

function setRecord({ accuracy, calibration, collapse, binarity, sameEncoding }: SetFigures) {
  return {
    accuracy: { correct: accuracy.correct, n: accuracy.n },
    ece: rounded(calibration.error),
    withinClass: rounded(collapse.withinClass),
    separation: rounded(binarity.separation?.mean ?? null),
    medianSeparation: rounded(binarity.medianSeparation),
    deviation: rounded(binarity.deviation?.mean ?? null),
    atFloor: binarity.flags['at-floor'],
    constant: binarity.flags.constant,
    sameEncoding: rounded(sameEncoding.sign),
    sameEncodingMixture: rounded(sameEncoding.mixture),
  };
}

/**
 * What a study keeps of a cell: counts, and the outcomes of strong attacks, on which two checkpoints can be compared image by
 * image.
 */
export function cellRecord(cell: CellResult): StudyRun['audit']['cells'][number] {
  const { entry, status, plan } = cell;
  const head = { entry, status, kind: plan.kind };
  if (cell.status !== 'completed') return head;
  return {
    ...head,
    ...{ n: cell.n, clean: cell.clean.correct, robust: cell.robust.correct, invalid: cell.invalid },
    ...(cell.flags.length > 0 && { flags: cell.flags.map(({ code }) => code) }),
    ...(plan.kind === 'cascade' && { outcomes: encodeRuns(cell.outcomes) }),
  };
}
