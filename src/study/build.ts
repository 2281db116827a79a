import { decodeRuns } from '../gate/run-length.js';
import { mcnemarTest } from '../metrics/study/mcnemar.js';
import type { Study, StudyProgress } from '../results/schema/study.js';
import { summariseCodes } from './code-books.js';
import { compareHeads } from './compare.js';
import { figuresOf, type MeasuredModel } from './figures.js';
import { checkManipulation, countReached } from './manipulation.js';
import { trainingsOf, type StudyPlan, type Training } from './plan.js';
import type { StudyRecords } from './records.js';
import { chooseLearningRates, learningRateOf } from './selection.js';

/**
 * The study that a set of records makes: a pure function of them. Records of trainings that the plan does not have, of another
 * learning rate than the one chosen, and measurements of other weights are left out and listed as stale; what is missing is
 * listed as missing.
 */
export function buildStudy(plan: StudyPlan, records: StudyRecords): Study {
  const learningRates = chooseLearningRates(plan, records.trainings);
  const planned = trainingsOf(plan);
  const wantedRate = (training: Training) => training.learningRate ?? learningRateOf(learningRates, training);
  const trainings = planned.flatMap((training) =>
    records.trainings.filter(
      ({ id, learningRate, seed }) =>
        id === training.id && seed === training.seed && learningRate === wantedRate(training),
    ),
  );
  const models = trainings.flatMap((training): MeasuredModel[] => {
    const run = records.runs.find(
      ({ id, training: of, model }) =>
        id === training.id && of === training.fingerprint && model === training.model,
    );
    return run === undefined ? [] : [{ training, run }];
  });
  const replicates = models.filter(({ run }) => run.part === 'replicate');
  const manipulation = models
    .map(({ run }) => run)
    .filter(({ head }) => head === plan.heads[0]!.id)
    .map(checkManipulation);
  const progress = (part: Training['part']): StudyProgress =>
    progressOf(
      planned.filter((one) => one.part === part),
      trainings,
      records.trainings.filter((one) => one.part === part),
    );
  return {
    ...{ schemaVersion: 1, kind: 'study', seeds: [...plan.seeds], searchSeed: plan.searchSeed },
    progress: {
      ...{ search: progress('search'), replicate: progress('replicate'), long: progress('long') },
      measured: progressOf(
        planned.filter(({ part }) => part !== 'search'),
        models.map(({ run }) => run),
        records.runs,
      ),
    },
    learningRates,
    manipulation,
    settings: plan.settings.map(({ id }) => {
      const own = replicates.filter(({ run }) => run.setting === id);
      const figures = figuresOf(own).map((figure) => compareHeads(plan, figure, own));
      const checks = manipulation.filter(({ setting, part }) => setting === id && part === 'replicate');
      return {
        ...{ id, runs: own.length, mechanism: countReached(checks) },
        figures: figures.filter(({ groups }) => groups.length > 0),
      };
    }),
    checkpoints: compareCheckpoints(plan, replicates),
    codes: summariseCodes(
      plan,
      replicates.map(({ run }) => run),
    ),
    long: models.filter(({ run }) => run.part === 'long').map(longOf),
  };
}

type Named = readonly { readonly id: string }[];
type Records = readonly { readonly id: string; readonly seconds: number }[];

function progressOf(planned: Named, kept: Records, all: Named): StudyProgress {
  const has = (some: Named, id: string) => some.some((one) => one.id === id);
  const ids = planned.map(({ id }) => id);
  const done = kept.filter(({ id }) => ids.includes(id));
  return {
    done: done.length,
    of: ids.length,
    seconds: done.reduce((sum, { seconds }) => sum + seconds, 0),
    missing: ids.filter((id) => !has(kept, id)),
    stale: all.map(({ id }) => id).filter((id) => !has(kept, id)),
  };
}

function longOf(model: MeasuredModel): Study['long'][number] {
  const { id, setting, head } = model.run;
  const figures = figuresOf([model]).map((figure) => {
    const { id: name, title, unit } = figure;
    return { id: name, title, unit, value: figure.value(model) };
  });
  const { epochs, learningRate } = model.training;
  return { id, setting, head, epochs, learningRate, figures };
}

/** The first two heads' checkpoints of the first seed, under every strong attack: about these two files and no more. */
function compareCheckpoints(plan: StudyPlan, models: readonly MeasuredModel[]): Study['checkpoints'] {
  return plan.settings.flatMap((setting) => {
    const [first, second] = plan.heads
      .slice(0, 2)
      .map((head) =>
        models.find(
          ({ run }) => run.setting === setting.id && run.head === head.id && run.seed === plan.seeds[0],
        ),
      );
    if (first === undefined || second === undefined) return [];
    return first.run.audit.cells.flatMap((cell) => {
      const other = second.run.audit.cells.find(({ entry }) => entry === cell.entry);
      if (cell.outcomes === undefined || other?.outcomes === undefined || cell.n !== other.n) return [];
      const robust = (runs: string) => Array.from(decodeRuns(runs, cell.n!), (outcome) => outcome === 'r');
      const { both, onlyFirst, onlySecond, neither, p } = mcnemarTest(
        robust(cell.outcomes),
        robust(other.outcomes),
      );
      return [
        {
          ...{ setting: setting.id, entry: cell.entry, first: first.run.id, second: second.run.id },
          ...{ both, onlyFirst, onlySecond, neither, p },
        },
      ];
    });
  });
}
