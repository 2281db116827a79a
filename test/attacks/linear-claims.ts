import type { Norm } from '../../src/plugin/threat.js';

/** What an attack is held to on random linear classifiers, where the truth has a closed form. */
export type Claim =
  /** On two classes it fools within a budget all that can be fooled within `share` of the budget (1 when absent). */
  | { readonly kind: 'exact'; readonly norms: readonly Norm[]; readonly share?: number }
  /** The same on more classes, but for one example in 200 (or fewer). */
  | { readonly kind: 'all but one in 200'; readonly norms: readonly Norm[]; readonly share?: number }
  /** Every adversarial is at most so many times as far away as the nearest one (and `more`, in L0 values). */
  | {
      readonly kind: 'near';
      readonly norms: readonly Norm[];
      readonly factor: number;
      readonly more?: number;
      /** Only where the box is out of reach of the nearest adversarials. */
      readonly boxOutOfReach?: true;
    }
  /** It fools within a budget at least as many examples as one draw of uniform noise does. */
  | { readonly kind: 'no worse than noise'; readonly norms: readonly Norm[] }
  /** Nothing, but no attack beats the optimum. */
  | { readonly kind: 'nothing'; readonly norms: readonly Norm[] };

/** What is claimed of an attack, in all of its norms, and how it is run for that. */
export interface Row {
  readonly claims: readonly Claim[];
  /** Those that differ from its defaults. */
  readonly parameters?: (numClasses: number) => Readonly<Record<string, unknown>>;
  /** Too long for the fast tests. */
  readonly slow?: true;
}

const LINF = ['linf'] as const;
const LINF_L2 = ['linf', 'l2'] as const;
const LINF_L2_L1 = ['linf', 'l2', 'l1'] as const;

const exact = (norms: readonly Norm[], share = 1): Claim => ({ kind: 'exact', norms, share });
const allButOne = (norms: readonly Norm[], share = 1): Claim => ({
  kind: 'all but one in 200',
  norms,
  share,
});
const near = (norms: readonly Norm[], factor: number): Claim => ({ kind: 'near', norms, factor });
const likeNoise = (norms: readonly Norm[]): Claim => ({ kind: 'no worse than noise', norms });

/** Cross-entropy and largest margin pull towards several classes at once: each class is aimed at in turn. */
const aimedAtAll = (numClasses: number) => (numClasses === 2 ? {} : { targets: numClasses - 1 });
const TEN_THOUSAND = () => ({ queries: 10_000 });

/** One row for each attack and composite. */
export const CLAIMS: Readonly<Record<string, Row>> = {
  fgsm: { claims: [exact(LINF), likeNoise(['l2'])] },
  rfgsm: { claims: [likeNoise(LINF)] },
  ffgsm: { claims: [likeNoise(LINF)] },
  bim: { claims: [exact(LINF), likeNoise(['l2'])] },
  pgd: { claims: [exact(LINF), exact(['l2', 'l1'], 0.97)] },
  mifgsm: { claims: [exact(LINF)] },
  eot: { claims: [exact(LINF), exact(['l2', 'l1'], 0.97)], parameters: () => ({ draws: 2 }) },
  apgd: { claims: [exact(LINF), exact(['l2', 'l1'], 0.99)] },
  // In L1, one example in 100 is missed up to a tenth beyond its distance, however many the steps.
  'apgd-targeted': { claims: [allButOne(LINF), allButOne(['l2'], 0.999), allButOne(['l1'], 0.97)] },
  fab: { claims: [exact(LINF_L2_L1), near(LINF_L2_L1, 1.05)] },
  'fab-targeted': { claims: [allButOne(LINF_L2_L1), near(LINF_L2_L1, 1.05)] },
  autoattack: { claims: [allButOne(LINF_L2_L1)], slow: true },
  cascade: { claims: [allButOne(LINF_L2_L1)], slow: true },
  deepfool: { claims: [{ kind: 'near', norms: LINF_L2, factor: 1.05, boxOutOfReach: true }] },
  ddn: { claims: [near(['l2'], 1.05)], parameters: (k) => ({ loss: 'margin', ...aimedAtAll(k) }) },
  fmn: {
    claims: [near(LINF_L2_L1, 1.05), { kind: 'near', norms: ['l0'], factor: 1, more: 1 }],
    parameters: aimedAtAll,
  },
  'carlini-wagner': { claims: [near(['l2'], 1.05)] },
  ead: { claims: [near(['l1'], 1.1)] },
  bisection: {
    claims: [near(LINF_L2_L1, 1.1)],
    parameters: (k) =>
      k === 2 ? {} : { attack: 'apgd-targeted', parameters: { targets: k - 1, shrinkingRadii: true } },
  },
  boundary: { claims: [near(['l2'], 1.25)], parameters: TEN_THOUSAND, slow: true },
  hopskipjump: { claims: [near(LINF_L2, 1.25)], parameters: TEN_THOUSAND, slow: true },
  square: { claims: [likeNoise(LINF_L2)], parameters: () => ({ queries: 300 }) },
  spsa: { claims: [likeNoise(LINF_L2)], parameters: () => ({ samples: 64 }) },
  nes: { claims: [likeNoise(LINF_L2)], parameters: () => ({ steps: 30 }) },
  simba: { claims: [likeNoise(LINF_L2)], parameters: () => ({ steps: 300 }) },
  universal: { claims: [likeNoise(LINF_L2)] },
  'uniform-noise': { claims: [likeNoise([...LINF_L2_L1, 'l0'])] },
  'gaussian-noise': { claims: [likeNoise(LINF_L2_L1)] },
  'salt-and-pepper': { claims: [likeNoise(['l0', 'l1', 'l2'])] },
  // Goes towards grey, which is the wrong way for a class that owns the grey images.
  'contrast-reduction': { claims: [{ kind: 'nothing', norms: LINF_L2_L1 }] },
};

/** Attacks on sets that have no closed form, and which those are. */
export const WITHOUT_CLOSED_FORM: Readonly<Record<string, string>> = {
  spatial: 'transform',
  patch: 'patch',
};
