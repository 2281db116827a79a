import type { Study } from '../../results/schema/study.js';
import type { StudyPlan } from '../plan.js';
import * as sections from './sections.js';

const INTRODUCTION = `Sbailo and Ghiringhelli (arXiv 2310.08224) train classifiers whose penultimate layer is linear and is pulled to the
origin by a penalty that grows from epoch to epoch. Every class then collapses to one point, a vertex of a hypercube: a binary code. They
report better accuracy, better detection of wrong predictions, and more robustness, by the perturbation that DeepFool needs. DeepFool
follows gradients, so a network that starves it of them looks robust without being so. This page is what comes of holding the claim
against several seeds, strong attacks and attacks without gradients.`;

const methodText = ({ measures, seeds }: StudyPlan): string =>
  `Four heads on the same two backbones: BinEnc (linear penultimate layer with the penalty), LinPen (without it), NonlinPen (with the
activation behind it) and NoPen (no penultimate layer); everything else in the recipe is the same, and each is trained with ${seeds.length} seeds.
The learning rate is chosen for each head and setting among the same candidates, by validation accuracy. Every replicate is measured in
its latent space (all test images, the first ${measures.trainExamples.toLocaleString('en')} training images), by the paper's DeepFool (first
${measures.deepfool.toLocaleString('en')} test images), by a linear probe on other data (its first ${measures.trainExamples.toLocaleString('en')} training
images), and by the suites \`binenc\` and \`binenc-fashion-mnist\`, which say on how many test images.
[How to run it again](../results/binenc-study/README.md).`;

/** The page of a study: text, with every number and every conclusion from `study`. */
export function studyPage(plan: StudyPlan, study: Study): string {
  const parts: readonly (readonly [title: string | null, paragraphs: readonly string[]])[] = [
    [null, sections.progressSection(plan, study)],
    ['In short', sections.summarySection(plan, study)],
    ['The claim', [INTRODUCTION]],
    ['What was done', [methodText(plan)]],
    ['Learning rates', sections.searchSection(plan, study)],
    ['Manipulation check', sections.manipulationSection(plan, study)],
    ['What of the claim reproduces', sections.claimSection(plan, study)],
    ['What survives strong attacks', sections.attackSection(plan, study)],
    ['Are gradients masked?', sections.maskingSection(plan, study)],
    ['Three questions', sections.questionSection(plan, study)],
    ['Limits', sections.limitSection(plan, study)],
  ];
  const body = parts.flatMap(([title, paragraphs]) => [
    ...(title === null ? [] : [`## ${title}`]),
    ...paragraphs.filter((paragraph) => paragraph !== ''),
  ]);
  return `${['# BinEnc put to the test', GENERATED, ...body].join('\n\n')}\n`;
}

const GENERATED =
  '<!-- Written by `node scripts/binenc-study.mjs build` from results/binenc-study; not edited by hand. -->';
