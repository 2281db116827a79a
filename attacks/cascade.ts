/**
 * Gauntlet's own ensemble: what fools most for least first, what finds the rest last.
 *
 * Checked against AutoAttack (fra31/auto-attack at a392200) on the ten budgets of six third-party models that
 * `scripts/golden-autoattack.mjs` measures. Deviations from AutoAttack: a short APGD on the margin instead of a long one on the
 * cross-entropy, which saturates; fewer targets and steps; minimum-norm attacks for what survives, because they break
 * examples that AutoAttack leaves; half of Square's queries.
 *
 * Limits: an upper bound of robust accuracy like every attack. Its order and budgets were tuned on the models it is
 * compared on, which are small; heads that saturate steeply still stop it, so a network that looks robust deserves `fmn` with restarts beside it.
 */
import { defineComposite, type CompositeStage } from '#plugin';

type Setting = 'linf' | 'l2' | 'l1' | 'box';

const MARGIN = { attack: 'apgd', parameters: { loss: 'margin', steps: 20 } };
const TARGETED = { attack: 'apgd-targeted', parameters: { loss: 'dlr', steps: 50, targets: 4 } };
const MINIMUM = { attack: 'fmn', parameters: { steps: 100 } };
/** What draws random numbers hides its gradients in them; on other models this stage does nothing. */
const EXPECTED = {
  attack: 'eot',
  parameters: {
    attack: 'apgd',
    parameters: { loss: 'margin', steps: 50, targets: 9 },
    draws: 20,
    otherwise: 'nothing',
  },
};
const QUERIES = { attack: 'square', parameters: { queries: 2500 } };

/** FAB is strongest in L2, where gradients of robust nets are small near the example, so it comes early there. */
const STAGES: Readonly<Record<Setting, readonly CompositeStage[]>> = {
  linf: [
    MARGIN,
    TARGETED,
    fab(4, 60),
    { attack: 'apgd-targeted', parameters: { loss: 'margin', steps: 50, targets: 9 } },
    MINIMUM,
    QUERIES,
    EXPECTED,
  ],
  l2: [
    MARGIN,
    fab(3, 50),
    TARGETED,
    fab(9, 100),
    { attack: 'ddn', parameters: { steps: 100, loss: 'margin' } },
    MINIMUM,
    QUERIES,
    EXPECTED,
  ],
  l1: [MARGIN, shrinking(TARGETED), fab(4, 60), MINIMUM, EXPECTED],
  box: [
    MARGIN,
    TARGETED,
    MINIMUM,
    fab(9, 100),
    { attack: 'apgd-targeted', parameters: { loss: 'margin', steps: 100, targets: 9 } },
    QUERIES,
    EXPECTED,
  ],
};

function fab(targets: number, steps: number): CompositeStage {
  return { attack: 'fab-targeted', parameters: { steps, targets } };
}

/** In L1 the balls shrink to the threat's: without it APGD hardly moves. */
function shrinking({ attack, parameters }: CompositeStage): CompositeStage {
  return { attack, parameters: { ...parameters, shrinkingRadii: true } };
}

export default defineComposite({
  kind: 'composite',
  metadata: {
    id: 'cascade',
    title: 'Cascade',
    summary:
      'Margin, targeted, minimum-norm and gradient-free attacks in turn: the default for robust accuracy.',
    paper: 'none: attacks of the literature, in the order that measurements suggest',
    version: '1.3.0',
    apiVersion: 1,
    threats: ['lp', 'box'],
    norms: ['linf', 'l2', 'l1'],
    goals: ['untargeted', 'targeted'],
  },
  parameters: { type: 'object', additionalProperties: false, properties: {} },

  stages: (_parameters, { threat }) =>
    STAGES[threat.kind === 'lp' && threat.norm !== 'l0' ? threat.norm : 'box'],
});
