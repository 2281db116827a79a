import type { Study, StudyFigure, StudySetting } from '../../results/schema/study.js';
import { LEVEL } from '../compare.js';
import { countReached, REACHED } from '../manipulation.js';
import type { StudyPlan } from '../plan.js';
import { ASPECTS, named, type Aspect, type Choice } from './aspects.js';
import { figuresWhere, settingsByMechanism, tallyOf, tallyText } from './findings.js';
import { counted, listed, valueText } from './numbers.js';
import * as tables from './tables.js';

type Section = (plan: StudyPlan, study: Study) => readonly string[];

const inQuestion =
  (question: StudyFigure['question']): Choice =>
  (figure) =>
    figure.question === question;

/**
 * `What: what the numbers say`, for the figures chosen; apart for the settings where the code is binary and for the others, as only
 * the former say what a binary code does.
 */
function says(plan: StudyPlan, study: Study, { title, chosen }: Aspect): string {
  const tally = (settings: readonly StudySetting[]) => tallyText(tallyOf(settings, chosen));
  const { reached, missed } = settingsByMechanism(study);
  if (reached.length === 0 || missed.length === 0) return `- ${title}: ${tally(study.settings)}`;
  const titles = (settings: readonly StudySetting[]) =>
    listed(settings.map(({ id }) => tables.settingTitle(plan, id)));
  return [
    `- ${title}`,
    `  - mechanism reached (${titles(reached)}): ${tally(reached)}`,
    `  - mechanism not reached with every seed (${titles(missed)}): ${tally(missed)}`,
  ].join('\n');
}

/** How much of the study is there, and what is missing. */
export const progressSection: Section = (_plan, { progress }) => {
  const parts = [
    ['trainings of the search', progress.search],
    ['replicates trained', progress.replicate],
    ['long trainings', progress.long],
    ['models measured', progress.measured],
  ] as const;
  const isWhole = parts.every(([, { done, of }]) => done === of);
  const counts = parts.map(([what, { done, of }]) => `${done} of ${of} ${what}`);
  const hours = parts.reduce((sum, [, { seconds }]) => sum + seconds, 0) / 3600;
  const stale = [...new Set(parts.flatMap(([, one]) => one.stale))];
  const spent = `Their times add up to ${hours.toFixed(1)} hours.`;
  return [
    isWhole
      ? `The study is whole: ${listed(counts)}. ${spent}`
      : `**The study is not whole.** There are ${listed(counts)}. ${spent} Everything below is about what is there; \`study.json\` lists what is missing.`,
    ...(stale.length === 0
      ? []
      : [`Left out, as they do not belong to the others: ${listed(stale.map((id) => `\`${id}\``))}.`]),
  ];
};

/** How every aspect came out in every setting. */
export const summarySection: Section = (plan, study) => {
  const [asked, ...others] = plan.heads.map(({ title }) => title);
  if (settingsByMechanism(study).measured.length === 0) return ['Nothing can be said yet.'];
  return [
    `In how many comparisons with ${listed(others)} ${asked!} came out better or worse: corrected p below ${LEVEL}, seeds as replicates. An aspect has one comparison with each of them for every figure it is made of; the rest show no difference.`,
    tables.summaryTable(plan, study),
  ];
};

/** Which learning rates were tried and chosen. */
export const searchSection: Section = (plan, study) => {
  const { learningRates } = study;
  const edges = [plan.candidates[0], plan.candidates.at(-1)];
  const atEdge = learningRates.filter(({ chosen }) => chosen !== null && edges.includes(chosen)).length;
  const chosen = learningRates.filter((choice) => choice.chosen !== null).length;
  return [
    `Right validation images by learning rate, one training of full length each with seed ${study.searchSeed}, which is no replicate's. The rate with the most (bold) is taken; of equals that with the smaller training cross-entropy, then the smaller one. ${chosen} of ${learningRates.length} are chosen${chosen > 0 ? `, ${atEdge} of them at an end of the range` : ''}.`,
    tables.searchTable(plan, study),
  ];
};

/** Whether BinEnc did what it is said to do to the code. */
export const manipulationSection: Section = (plan, study) => {
  const { manipulation, long } = study;
  const checksOf = (part: string) => countReached(manipulation.filter((check) => check.part === part));
  const { reached: short, of: ofShort } = checksOf('replicate');
  const { reached: slow, of: ofSlow } = checksOf('long');
  const reading =
    ofShort === 0
      ? 'No replicate has been measured yet.'
      : short === ofShort
        ? `All ${counted(ofShort, 'replicate')} measured reach both.`
        : `${short} of ${counted(ofShort, 'replicate')} measured ${short === 1 ? 'reaches' : 'reach'} both. Of the others the reading is **mechanism not reached**: what is found of them is no evidence for or against what a binary code does.`;
  const slowly =
    ofSlow === 0
      ? 'No long training has been measured yet.'
      : `Of ${counted(ofSlow, 'long training')}, with gamma grown slowly to its end, ${slow} ${slow === 1 ? 'reaches' : 'reach'} both.`;
  return [
    `The mechanism counts as reached when at least ${valueText(REACHED.sameEncoding, 'share')} of the training images have the word of their predicted class (by sign), and the two peaks of a unit are at least ${REACHED.separation} deviations apart (mean over units). ${reading} ${slowly}`,
    ...(manipulation.length === 0 ? [] : [tables.manipulationTable(study)]),
    ...(long.length === 0 ? [] : ['The long trainings, one seed each:', ...tables.longTables(plan, study)]),
  ];
};

/** What of the paper's claim is found on these data. */
export const claimSection: Section = (plan, study) => [
  [
    says(plan, study, ASPECTS.accuracy),
    says(plan, study, ASPECTS.collapse),
    says(plan, study, ASPECTS.binarity),
    says(plan, study, ASPECTS.oneWord),
    says(plan, study, ASPECTS.reliability),
    says(plan, study, ASPECTS.deepfool),
    says(plan, study, ASPECTS.deepfoolFooled),
  ].join('\n'),
  ...tables.figureTables(plan, study, inQuestion('claim')),
  "DeepFool is the paper's metric, in normalised coordinates without a box; nothing judges it.",
  ...tables.figureTables(plan, study, inQuestion('deepfool')),
];

/** What is left under strong attacks. */
export const attackSection: Section = (plan, study) => [
  [
    says(plan, study, ASPECTS.cascade),
    says(plan, study, ASPECTS.square),
    says(plan, study, ASPECTS.apgd),
  ].join('\n'),
  ...tables.figureTables(plan, study, inQuestion('attacks')),
  ...(study.checkpoints.length === 0
    ? []
    : [
        'Two named checkpoints on the same images. This says something of these two files and nothing of the heads:',
        tables.checkpointTable(study),
      ]),
];

/** Whether gradients mislead. */
export const maskingSection: Section = (plan, study) => {
  const cases = study.settings.flatMap(({ figures }) =>
    figures.filter(inQuestion('masking')).flatMap(({ groups }) => groups),
  );
  const of = (head: string) => {
    const own = cases.filter((group) => group.head === head);
    const masked = own.filter(({ values }) => values.every((value) => value < 0)).length;
    return `${tables.headTitle(plan, head)} in ${masked} of ${own.length}`;
  };
  const found = plan.heads.filter(({ id }) => cases.some(({ head }) => head === id));
  return [
    'An attack without gradients sees less than one with them, so where it leaves less of a network, its gradients mislead: APGD is then no measure of it. Points are what square alone leaves less what APGD alone leaves, at the same budget and on the same images.',
    found.length === 0
      ? 'Nothing can be said yet.'
      : `Square leaves less than APGD with every seed: ${listed(found.map(({ id }) => of(id)))} cases (settings and budgets).`,
    ...tables.figureTables(plan, study, inQuestion('masking')),
  ];
};

/** The three questions beside the claim. */
export const questionSection: Section = (plan, study) => [
  '### Does the code help on other data?',
  'Accuracy of a linear probe on the frozen penultimate layer, trained and tested on the other data set (MNIST and Fashion-MNIST).',
  says(plan, study, ASPECTS.probe),
  ...tables.figureTables(plan, study, inQuestion('transfer')),
  '### Is it steadier, and does the distance to the code book tell what fails?',
  'Accuracy under corruption and under the best of 100 draws of noise; AUROC with which scores tell wrong predictions from right ones on clean test images.',
  [
    says(plan, study, ASPECTS.corruptions),
    says(plan, study, ASPECTS.noise),
    says(plan, study, ASPECTS.bits),
    says(plan, study, ASPECTS.distance),
    says(plan, study, ASPECTS.calibration),
  ].join('\n'),
  bookAgainstSoftmax(plan, study),
  ...tables.figureTables(plan, study, inQuestion('steadiness')),
  ...tables.figureTables(plan, study, inQuestion('detection')),
  '### Is the code readable?',
  'The most common word of each class, by the midpoints of the mixtures. Agreement is the mean correlation, over pairs of seeds, of the Hamming distances between classes: at 1 the same classes share bits whatever the seed, at 0 which classes share bits is chance. Nearest are pairs of classes at the smallest distance with most seeds.',
  ...(study.codes.length === 0
    ? ['Nothing can be said yet.']
    : [
        tables.codeTable(plan, study),
        `Where the values of all units lie on training images, seed ${study.seeds[0]!}, on a scale where the two peaks of each unit are at −1 and 1 and the ends at −2.05 and 2.05. A binary code has two bars; a unit without two peaks has a hill.`,
        tables.histogramTable(plan, study),
      ]),
];

/** Within one head: is the code book a better detector than the softmax? Not a comparison of heads, and not tested. */
function bookAgainstSoftmax(plan: StudyPlan, study: Study): string {
  const head = plan.heads[0]!;
  const groups = figuresWhere(study.settings, named('hamming-less-softmax')).flatMap((one) =>
    one.groups.filter((group) => group.head === head.id),
  );
  if (groups.length === 0) return '';
  const above = groups.filter(({ values }) => values.every((value) => value > 0)).length;
  const below = groups.filter(({ values }) => values.every((value) => value < 0)).length;
  return `Within ${head.title}, bits to the code book detect wrong predictions better than the softmax with every seed in ${above}, and worse with every seed in ${below} of ${counted(groups.length, 'setting')}.`;
}

/** What the study cannot say. */
export const limitSection: Section = (plan, study) => {
  const families = study.settings.flatMap(({ figures }) =>
    figures.filter(({ comparisons }) => comparisons.length > 0),
  ).length;
  const smallest = study.settings.flatMap(({ figures }) =>
    figures.flatMap(({ comparisons }) =>
      comparisons.map(({ smallestP }) => Math.min(1, smallestP * comparisons.length)),
    ),
  );
  return [
    [
      `- Seeds are the replicates. p values are of exact permutation tests of means, corrected by Holm over the comparisons of one figure in one setting (one with each other head); intervals are 95 % intervals of the shift, g is Hedges' g with its own.`,
      ...(families === 0
        ? []
        : [
            `- There are ${families} such families here. Each would bring a false finding in up to 5 % of studies, so up to ${(LEVEL * families).toFixed(1)} false ones are to be expected among them: a finding that comes back in other settings counts, a single one does not. The smallest corrected p that these numbers of seeds can give is ${Math.min(...smallest).toFixed(3)}.`,
          ]),
      `- "No difference is shown" is not "there is no difference": with ${plan.seeds.length} seeds only large effects are found.`,
      '- The networks are small and trained for as long as two cores allow, not the ResNets and 800 epochs of the paper. Whether the mechanism was reached is said above, model by model.',
      '- The recipes were made for BinEnc: growth and cap of gamma, activation and number of units were chosen by how binary the code of pilot trainings was, on training images. The other heads have the same recipe without the penalty, and only their learning rate is their own.',
      '- A seed gives every head the same order of the data and the same validation images, yet the tests take the samples as independent. The images of the audit are few and the same for all. Columns of attacks are upper bounds of what is robust.',
      '- Units that are zero for almost all images have peaks that are many deviations apart. Heads with an activation have such units, and their mean peak distance says little; the median does not mind them.',
      '- Detection is measured on clean test images that are predicted wrong, not on attacked or corrupted ones.',
    ].join('\n'),
  ];
};
