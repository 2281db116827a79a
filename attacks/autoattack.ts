/**
 * AutoAttack: APGD, targeted APGD, FAB and Square one after the other, each on what the ones before left robust. The yardstick
 * most published robust accuracies were measured with.
 *
 * Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML 2020,
 * arXiv:2003.01690; in L1 Croce, Hein, "Mind the box: l1-APGD for sparse adversarial attacks on image classifiers", ICML 2021,
 * arXiv:2103.01208.
 *
 * Reference: fra31/auto-attack at a392200, whose steps, restarts, targets and queries these are; its robust accuracies on
 * six models are those that `scripts/golden-autoattack.mjs` compares with. Deviations: those of the parts, which all do no
 * more passes than there; in L1 there is no Square; the targets are as many as there are wrong classes at most, where the
 * reference fails.
 *
 * Limits: not a lower bound: minimum-norm attacks break examples that it leaves. Three of its four parts follow the model's
 * gradients, and the fourth its scores; what a model draws at random needs `version: rand`.
 */
import { defineComposite, type CompositeStage } from '#plugin';

const MOST_QUERIES = { attack: 'square', parameters: { queries: 5000 } };
const FAB_TARGETED = { attack: 'fab-targeted', parameters: { steps: 100, targets: 9 } };

/** Stages by version; in L1 the balls shrink to the threat's, and there are other numbers of restarts and targets. */
const VERSIONS: Readonly<Record<string, (sparse: boolean) => readonly CompositeStage[]>> = {
  standard: (sparse) => [
    apgd('ce', sparse ? 5 : 1, sparse),
    apgdTargeted(sparse ? 5 : 9, sparse),
    FAB_TARGETED,
    ...(sparse ? [] : [MOST_QUERIES]),
  ],
  plus: (sparse) => [
    apgd('ce', 5, sparse),
    apgd('dlr', 5, sparse),
    { attack: 'fab', parameters: { steps: 100, restarts: 5 } },
    ...(sparse ? [] : [MOST_QUERIES]),
    apgdTargeted(9, sparse),
    FAB_TARGETED,
  ],
  rand: (sparse) => [onMeans(apgd('ce', 1, sparse)), onMeans(apgd('dlr', 1, sparse))],
};

/** For models that draw random numbers: on the mean of 20 draws. */
function onMeans({ attack, parameters }: CompositeStage): CompositeStage {
  return { attack: 'eot', parameters: { attack, parameters, draws: 20 } };
}

function apgd(loss: 'ce' | 'dlr', restarts: number, shrinkingRadii: boolean): CompositeStage {
  return { attack: 'apgd', parameters: { loss, steps: 100, restarts, shrinkingRadii } };
}

function apgdTargeted(targets: number, shrinkingRadii: boolean): CompositeStage {
  return { attack: 'apgd-targeted', parameters: { loss: 'dlr', steps: 100, targets, shrinkingRadii } };
}

export default defineComposite({
  kind: 'composite',
  metadata: {
    id: 'autoattack',
    title: 'AutoAttack',
    summary: 'APGD, APGD-T, FAB-T and Square in turn: the yardstick of the literature.',
    paper:
      'Croce, Hein, "Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks", ICML 2020, arXiv:2003.01690; L1: arXiv:2103.01208',
    version: '1.0.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted'],
    variant: 'version',
  },
  parameters: {
    type: 'object',
    additionalProperties: false,
    properties: {
      version: {
        type: 'string',
        enum: ['standard', 'plus', 'rand'],
        default: 'standard',
        description: 'Which of the ensembles of the reference; rand is for models that draw random numbers',
      },
    },
  },

  stages({ version }, { threat }) {
    return VERSIONS[version]!(threat.kind === 'lp' && threat.norm === 'l1');
  },
});
