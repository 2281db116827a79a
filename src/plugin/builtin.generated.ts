// Generated from attacks/ and corruptions/ (see generate-index.ts). Rewrite it with:
//   UPDATE_GENERATED=1 npm test -- test/plugin/builtin.test.ts
import type { BuiltinPlugin } from './builtin.js';

export const builtinPlugins: readonly BuiltinPlugin[] = [
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "apgd",
        "title": "APGD",
        "summary": "Projected gradient steps that choose their own step size: the first part of AutoAttack.",
        "paper": "Croce, Hein, \"Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks\", ICML 2020, arXiv:2003.01690; L1: arXiv:2103.01208",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 100,
            "description": "Gradient steps per run"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs at most; each attacks what the ones before did not fool"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "dlr",
              "margin"
            ],
            "default": "ce",
            "description": "Loss to ascend; with targets its targeted form (ce of the target, dlr-targeted, margin-targeted)"
          },
          "targets": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "Aim at each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success"
          },
          "threshold": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.75,
            "description": "Halve the step size where at most this share of the steps since the last checkpoint raised the loss"
          },
          "shrinkingRadii": {
            "type": "boolean",
            "default": false,
            "description": "Begin with 30 % of the steps in 3 epsilon and 30 % in 2 epsilon (lp threats; AutoAttack does so in L1)"
          },
          "compat": {
            "type": "string",
            "enum": [
              "none",
              "autoattack"
            ],
            "default": "none",
            "description": "autoattack: the first step counts as a rise where the loss after it is positive"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/apgd.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "apgd-targeted",
        "title": "APGD-T",
        "summary": "APGD towards each of the most likely wrong classes: the second part of AutoAttack.",
        "paper": "Croce, Hein, \"Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks\", ICML 2020, arXiv:2003.01690",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 100,
            "description": "Gradient steps per target"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs per target at most"
          },
          "targets": {
            "type": "integer",
            "minimum": 1,
            "default": 9,
            "description": "Wrong classes to aim at, those with the largest logits on the clean example first"
          },
          "loss": {
            "type": "string",
            "enum": [
              "dlr",
              "margin",
              "ce"
            ],
            "default": "dlr",
            "description": "Loss whose targeted form is followed"
          },
          "shrinkingRadii": {
            "type": "boolean",
            "default": false,
            "description": "As for apgd"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/apgd-targeted.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "bim",
        "title": "BIM",
        "summary": "FGSM in small steps from the clean example: PGD without a random start.",
        "paper": "Kurakin, Goodfellow, Bengio, \"Adversarial examples in the physical world\", ICLR workshop 2017, arXiv:1607.02533",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": false,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 10,
            "description": "Gradient steps"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.2,
            "description": "Length of a step as a fraction of epsilon (in a box, of the furthest a coordinate can move)"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin",
              "dlr"
            ],
            "default": "ce",
            "description": "Loss to ascend"
          },
          "zeroGradient": {
            "type": "string",
            "enum": [
              "margin",
              "stay"
            ],
            "default": "margin",
            "description": "As for pgd"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/bim.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "bisection",
        "title": "Bisection",
        "summary": "Another attack within budgets that close in on the smallest with which it succeeds.",
        "paper": "Carlini, Athalye, Papernot, Brendel, Rauber, Tsipras, Goodfellow, Madry, Kurakin, \"On evaluating adversarial robustness\", 2019, arXiv:1902.06705",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "attack": {
            "type": "string",
            "enum": [
              "pgd",
              "apgd",
              "apgd-targeted",
              "bim",
              "fgsm",
              "mifgsm",
              "square",
              "spsa",
              "nes"
            ],
            "default": "pgd",
            "description": "Attack that is run within the budgets; not every one of them works in every norm"
          },
          "parameters": {
            "type": "object",
            "additionalProperties": true,
            "default": {},
            "description": "Its parameters, as JSON; pgd follows the margin unless told otherwise"
          },
          "searches": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 12,
            "description": "Budgets tried per example"
          },
          "initialBudget": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.00390625,
            "description": "First budget, as a share of the length of a change of every value by the width of the bounds"
          },
          "pullSteps": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "default": 3,
            "description": "Forward passes at the end that pull the nearest adversarial in"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/bisection.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "boundary",
        "title": "Boundary attack",
        "summary": "Minimum-norm attack that sees decisions only: a random walk along the decision boundary.",
        "paper": "Brendel, Rauber, Bethge, \"Decision-based adversarial attacks: reliable attacks against black-box machine learning models\", ICLR 2018, arXiv:1712.04248",
        "version": "1.0.1",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp"
        ],
        "norms": [
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "decision",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "queries": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000000,
            "default": 25000,
            "description": "Queries per example at most"
          },
          "sphericalStep": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.01,
            "description": "First step on the sphere, as a share of the distance to the example"
          },
          "sourceStep": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.01,
            "description": "First step towards the example, as a share of the distance to it"
          },
          "starts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 50,
            "description": "Noise images to look for starts on the way to, ten queries each"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/boundary.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "carlini-wagner",
        "title": "Carlini-Wagner",
        "summary": "Adam on distance and missing margin in tanh space, with a search for their balance (L2).",
        "paper": "Carlini, Wagner, \"Towards evaluating the robustness of neural networks\", S&P 2017, arXiv:1608.04644",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp"
        ],
        "norms": [
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": false,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 2,
            "maximum": 100000,
            "default": 200,
            "description": "Gradient steps per constant; the last one is not looked at any more"
          },
          "searches": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 9,
            "description": "Constants tried per example (and target)"
          },
          "initialConstant": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10000000000,
            "default": 0.001,
            "description": "First weight of the missing margin against the squared distance in widths of the input bounds"
          },
          "learningRate": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.1,
            "description": "Length of Adam's first step, in the tanh variables"
          },
          "finalLearningRate": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.001,
            "description": "What it decays to along a cosine"
          },
          "abortEarly": {
            "type": "boolean",
            "default": true,
            "description": "Give a constant up when a tenth of the steps did not improve the objective"
          },
          "targets": {
            "type": "integer",
            "minimum": 0,
            "default": 1,
            "description": "Aim at each of so many wrong classes in turn, those first whose linearised boundary is the nearest; any wrong class is a success. 0: follow whichever has the largest logit"
          },
          "classes": {
            "type": "integer",
            "minimum": 1,
            "default": 9,
            "description": "With targets: wrong classes whose boundaries are compared, those with the largest logits first; a gradient each"
          },
          "pullSteps": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "default": 3,
            "description": "Forward passes at the end that pull the closest adversarial in"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/carlini-wagner.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "contrast-reduction",
        "title": "Contrast reduction",
        "summary": "Blends the example with mid-grey until the prediction changes.",
        "paper": "none: a control",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box",
          "minimum"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "decision",
        "stochastic": false,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 20,
            "description": "Equally spaced blends to try, weakest first"
          },
          "bisections": {
            "type": "integer",
            "minimum": 0,
            "maximum": 50,
            "default": 10,
            "description": "Halvings between the last blend that did not fool and the first that did (minimum threats)"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/contrast-reduction.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "ddn",
        "title": "DDN",
        "summary": "Gradient steps on a sphere that shrinks after each success and grows after each failure (L2).",
        "paper": "Rony, Hafemann, Oliveira, Ben Ayed, Sabourin, Granger, \"Decoupling direction and norm for efficient gradient-based L2 adversarial attacks and defenses\", CVPR 2019, arXiv:1811.09600",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp"
        ],
        "norms": [
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 2,
            "maximum": 100000,
            "default": 100,
            "description": "Gradient steps; the last one is not looked at any more"
          },
          "gamma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
            "default": 0.05,
            "description": "Relative change of the length after each step"
          },
          "initialNorm": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1000000,
            "default": 1,
            "description": "First length of the perturbation, in widths of the input bounds"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 1,
            "description": "Length of the first step, in widths of the input bounds; decays to a hundredth along a cosine"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin"
            ],
            "default": "ce",
            "description": "Loss to ascend: cross-entropy or the margin of the best wrong class"
          },
          "targets": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "Aim at each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/ddn.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "deepfool",
        "title": "DeepFool",
        "summary": "Steps onto the nearest linearised boundary until the label is lost: cheap, and often far from minimal.",
        "paper": "Moosavi-Dezfooli, Fawzi, Frossard, \"DeepFool: a simple and accurate method to fool deep neural networks\", CVPR 2016, arXiv:1511.04599",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted"
        ],
        "access": "gradient",
        "stochastic": false,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 50,
            "description": "Steps at most; each takes a gradient per candidate but the label"
          },
          "overshoot": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": 0.02,
            "description": "How much further than to the boundary, as a share of the whole way so far"
          },
          "candidates": {
            "type": "integer",
            "minimum": 2,
            "default": 10,
            "description": "Classes considered, the label and those with the largest logits on the clean example"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/deepfool.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "ead",
        "title": "EAD",
        "summary": "FISTA on an elastic-net distance and missing margin, with a search for their balance (L1).",
        "paper": "Chen, Sharma, Zhang, Yi, Hsieh, \"EAD: Elastic-net attacks to deep neural networks via adversarial examples\", AAAI 2018, arXiv:1709.04114",
        "version": "1.1.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp"
        ],
        "norms": [
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": false,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 2,
            "maximum": 100000,
            "default": 200,
            "description": "Gradient steps per constant; the last one is not looked at any more"
          },
          "searches": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 9,
            "description": "Constants tried per example (and target)"
          },
          "initialConstant": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10000000000,
            "default": 0.001,
            "description": "First weight of the missing margin against the distance, in widths of the input bounds"
          },
          "learningRate": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.01,
            "description": "First step, times the slope of the smooth part, in widths; falls with the square root"
          },
          "beta": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.03,
            "description": "Shrinkage of every step, in widths: what keeps the perturbation sparse"
          },
          "rule": {
            "type": "string",
            "enum": [
              "l1",
              "elastic-net"
            ],
            "default": "l1",
            "description": "What is smaller for the better of two adversarials"
          },
          "abortEarly": {
            "type": "boolean",
            "default": true,
            "description": "Give a constant up when a tenth of the steps did not improve the objective"
          },
          "targets": {
            "type": "integer",
            "minimum": 0,
            "default": 1,
            "description": "Aim at each of so many wrong classes in turn, those first whose linearised boundary is the nearest; any wrong class is a success. 0: follow whichever has the largest logit"
          },
          "classes": {
            "type": "integer",
            "minimum": 1,
            "default": 9,
            "description": "With targets: wrong classes whose boundaries are compared, those with the largest logits first; a gradient each"
          },
          "boundarySteps": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100000,
            "default": 100,
            "description": "Gradient steps at the end that take the closest adversarial along the boundary; none with the rule elastic-net"
          },
          "pullSteps": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "default": 3,
            "description": "Forward passes at the end that pull the closest adversarial in; none with the rule elastic-net"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/ead.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "eot",
        "title": "EOT",
        "summary": "Another attack on the mean of a random model’s logits and gradients over fresh draws.",
        "paper": "Athalye, Carlini, Wagner, \"Obfuscated gradients give a false sense of security\", ICML 2018, arXiv:1802.00420",
        "version": "1.2.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "attack": {
            "type": "string",
            "enum": [
              "pgd",
              "apgd",
              "bim",
              "fgsm"
            ],
            "default": "pgd",
            "description": "Attack that is run on the means"
          },
          "parameters": {
            "type": "object",
            "additionalProperties": true,
            "default": {},
            "description": "Its parameters, as JSON"
          },
          "draws": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 20,
            "description": "Draws that a mean is taken over"
          },
          "confidence": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": 1,
            "description": "How far the mean margin must be beyond the boundary for a success, in standard deviations of the margin between draws"
          },
          "otherwise": {
            "type": "string",
            "enum": [
              "attack",
              "nothing"
            ],
            "default": "attack",
            "description": "What is done to a model that draws nothing: the attack itself, or nothing"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/eot.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "fab",
        "title": "FAB",
        "summary": "Steps onto the linearised decision boundary, ever closer to the clean example.",
        "paper": "Croce, Hein, \"Minimally distorted adversarial examples with a fast adaptive boundary attack\", ICML 2020, arXiv:1907.02044",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 100,
            "description": "Steps per run"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs (per target); the first from the clean example, later ones from random points near it"
          },
          "targets": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "Go for the boundary to each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success. 0: for the nearest boundary, which takes a gradient per class"
          },
          "classes": {
            "type": "integer",
            "minimum": 1,
            "default": 9,
            "description": "Without targets: wrong classes whose boundaries a step compares, those with the largest logits first"
          },
          "alphaMax": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.1,
            "description": "Largest weight of the pull towards the clean example"
          },
          "eta": {
            "type": "number",
            "minimum": 1,
            "maximum": 10,
            "default": 1.05,
            "description": "Length of a step as a multiple of the way to the boundary"
          },
          "beta": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.9,
            "description": "Share of the perturbation that is kept when going back from behind the boundary"
          },
          "searchSteps": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "default": 3,
            "description": "Forward passes, and one more, of the final search between clean example and closest adversarial; 0 for none"
          },
          "compat": {
            "type": "string",
            "enum": [
              "none",
              "autoattack"
            ],
            "default": "none",
            "description": "autoattack: judge each iterate by a forward pass, take gradients where the step begins"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/fab.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "fab-targeted",
        "title": "FAB-T",
        "summary": "FAB towards each of the most likely wrong classes: the third part of AutoAttack.",
        "paper": "Croce, Hein, \"Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks\", ICML 2020, arXiv:2003.01690",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 100,
            "description": "Steps per target"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs per target; the first from the clean example, later ones from random points near it"
          },
          "targets": {
            "type": "integer",
            "minimum": 1,
            "default": 9,
            "description": "Wrong classes to aim at, those with the largest logits on the clean example first"
          },
          "alphaMax": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.1,
            "description": "Largest weight of the pull towards the clean example"
          },
          "eta": {
            "type": "number",
            "minimum": 1,
            "maximum": 10,
            "default": 1.05,
            "description": "Length of a step as a multiple of the way to the boundary"
          },
          "beta": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.9,
            "description": "Share of the perturbation that is kept when going back from behind the boundary"
          },
          "searchSteps": {
            "type": "integer",
            "minimum": 0,
            "maximum": 100,
            "default": 3,
            "description": "As for fab"
          },
          "compat": {
            "type": "string",
            "enum": [
              "none",
              "autoattack"
            ],
            "default": "none",
            "description": "As for fab"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/fab-targeted.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "ffgsm",
        "title": "FFGSM",
        "summary": "A uniform random start and one long gradient step: the attack of fast adversarial training.",
        "paper": "Wong, Rice, Kolter, \"Fast is better than free: revisiting adversarial training\", ICLR 2020, arXiv:2001.03994",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 1.25,
            "description": "Length of the step as a fraction of epsilon; at 2 the start is forgotten"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin",
              "dlr"
            ],
            "default": "ce",
            "description": "Loss to ascend"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/ffgsm.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "fgsm",
        "title": "FGSM",
        "summary": "One gradient step of the full budget: the cheapest attack, and a weak one.",
        "paper": "Goodfellow, Shlens, Szegedy, \"Explaining and harnessing adversarial examples\", ICLR 2015, arXiv:1412.6572",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": false,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin"
            ],
            "default": "ce",
            "description": "Loss to ascend: cross-entropy or the margin of the best wrong class"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/fgsm.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "fmn",
        "title": "FMN",
        "summary": "Gradient steps in a ball that shrinks and grows around the boundary: fast minimum-norm attack.",
        "paper": "Pintor, Roli, Brendel, Biggio, \"Fast minimum-norm adversarial attacks through adaptive norm constraints\", NeurIPS 2021, arXiv:2102.12827",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1",
          "l0"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 2,
            "maximum": 100000,
            "default": 100,
            "description": "Gradient steps per restart; the last one is not looked at any more"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 1,
            "description": "L2 length of the first step, in widths of the input bounds"
          },
          "finalStepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.01,
            "description": "Length that the steps decay to along a cosine"
          },
          "gamma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
            "default": 0.05,
            "description": "Relative change of the radius in the first step"
          },
          "finalGamma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "exclusiveMaximum": 1,
            "default": 0.001,
            "description": "Change that it decays to along a cosine"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs (per target); all but the first begin at a random point as far away as the best one found"
          },
          "targets": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "Aim at each of so many wrong classes in turn, those with the largest logits on the clean example first; any wrong class is a success"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/fmn.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "gaussian-noise",
        "title": "Gaussian noise",
        "summary": "The best of many draws of normal noise: what any attack should beat.",
        "paper": "none: a control",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "draws": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000,
            "default": 100,
            "description": "Draws per example at most; an example leaves when one fools"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/gaussian-noise.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "hopskipjump",
        "title": "HopSkipJump",
        "summary": "Minimum-norm attack that sees decisions only: estimated boundary directions and bisection.",
        "paper": "Chen, Jordan, Wainwright, \"HopSkipJumpAttack: a query-efficient decision-based attack\", IEEE S&P 2020, arXiv:1904.02144",
        "version": "1.0.1",
        "apiVersion": 1,
        "threats": [
          "minimum",
          "lp"
        ],
        "norms": [
          "l2",
          "linf"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "decision",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "queries": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000000,
            "default": 10000,
            "description": "Queries per example at most"
          },
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 64,
            "description": "Steps along the boundary at most, from one start"
          },
          "evaluations": {
            "type": "integer",
            "minimum": 2,
            "maximum": 1000000,
            "default": 100,
            "description": "Queries for the first estimate of a direction; step t takes sqrt(t) times as many"
          },
          "starts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 50,
            "description": "Noise images to look for starts on the way to, ten queries each"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/hopskipjump.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "mifgsm",
        "title": "MI-FGSM",
        "summary": "Sign steps with momentum and input diversity: the standard transfer attack.",
        "paper": "Dong, Liao, Pang, Su, Zhu, Hu, Li, \"Boosting adversarial attacks with momentum\", CVPR 2018, arXiv:1710.06081; DI: arXiv:1803.06978; TI: arXiv:1904.02884; SI, NI: arXiv:1908.06281",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "surrogate": "optional",
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 10,
            "description": "Steps"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.1,
            "description": "Length of a step as a fraction of epsilon"
          },
          "decay": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": 1,
            "description": "Share of the accumulated gradient that is kept at each step; 0 is BIM"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin",
              "dlr"
            ],
            "default": "ce",
            "description": "Loss to ascend"
          },
          "diversity": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0,
            "description": "DI: probability of taking a gradient at a resized, padded copy (0.5 in the paper)"
          },
          "smallest": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.9,
            "description": "DI: smallest size of the copy as a share of the picture"
          },
          "kernel": {
            "type": "integer",
            "minimum": 1,
            "maximum": 99,
            "default": 1,
            "description": "TI: odd number of taps of the Gaussian kernel that smooths gradients; 1 leaves them (15 in the paper)"
          },
          "scaleCopies": {
            "type": "integer",
            "minimum": 1,
            "maximum": 30,
            "default": 1,
            "description": "SI: gradients are summed over so many copies, each half as bright as the last (5 in the paper)"
          },
          "nesterov": {
            "type": "boolean",
            "default": false,
            "description": "NI: take the gradient where the momentum leads"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/mifgsm.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "nes",
        "title": "NES",
        "summary": "Projected steps with gradients estimated from scores along random normal directions.",
        "paper": "Ilyas, Engstrom, Athalye, Lin, \"Black-box adversarial attacks with limited queries and information\", ICML 2018, arXiv:1804.08598",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 50,
            "description": "Projected steps"
          },
          "samples": {
            "type": "integer",
            "minimum": 2,
            "maximum": 1000000,
            "default": 50,
            "description": "Queries per gradient, in opposite pairs"
          },
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.001,
            "description": "Standard deviation of a query around the iterate, as a fraction of the input range"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.1,
            "description": "Length of a step as a fraction of epsilon (in a box, of the furthest a coordinate can move)"
          },
          "momentum": {
            "type": "number",
            "minimum": 0,
            "exclusiveMaximum": 1,
            "default": 0.9,
            "description": "Share of the former gradients in the direction of a step"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/nes.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "patch",
        "title": "Adversarial patch",
        "summary": "A square of pixels, the same for all images, learned on images that are not attacked.",
        "paper": "Brown, Mane, Roy, Abadi, Gilmer, \"Adversarial patch\", 2017, arXiv:1712.09665",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "patch"
        ],
        "norms": [],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 200,
            "description": "Gradient steps it is learned by"
          },
          "fitBatch": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 25,
            "description": "Images per step"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.05,
            "description": "Length of the first step as a fraction of the input range; the last has a tenth of it"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin"
            ],
            "default": "ce",
            "description": "Loss whose mean is followed"
          },
          "place": {
            "type": "string",
            "enum": [
              "keyed",
              "given"
            ],
            "default": "keyed",
            "description": "Draw places per example, or paste at the given row and column"
          },
          "places": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 5,
            "description": "Keyed: places tried on an attacked image, of which the best is kept"
          },
          "row": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "Given: topmost row of the patch"
          },
          "column": {
            "type": "integer",
            "minimum": 0,
            "default": 0,
            "description": "Given: leftmost column of the patch"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/patch.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "pgd",
        "title": "PGD",
        "summary": "Projected gradient steps with random start and restarts: the standard white-box attack.",
        "paper": "Madry, Makelov, Schmidt, Tsipras, Vladu, \"Towards deep learning models resistant to adversarial attacks\", ICLR 2018, arXiv:1706.06083",
        "version": "1.1.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "exact"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 40,
            "description": "Gradient steps per restart"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.1,
            "description": "Length of a step as a fraction of epsilon (in a box, of the furthest a coordinate can move)"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs at most; each attacks what the ones before did not fool"
          },
          "randomStart": {
            "type": "boolean",
            "default": true,
            "description": "Start from a uniform point of the threat set instead of the clean example"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin",
              "dlr"
            ],
            "default": "ce",
            "description": "Loss to ascend: cross-entropy, the margin of the best wrong class, or the difference of logits ratio"
          },
          "zeroGradient": {
            "type": "string",
            "enum": [
              "margin",
              "stay"
            ],
            "default": "margin",
            "description": "An example whose gradient vanishes follows the margin's for that step (one more gradient pass), or stays where it is"
          },
          "density": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.02,
            "description": "L1: share of the coordinates that a step is divided among, the steepest first; 0 gives one all it can take"
          },
          "return": {
            "type": "string",
            "enum": [
              "best",
              "last"
            ],
            "default": "best",
            "description": "Propose the best iterate seen, or the last one"
          },
          "earlyLeave": {
            "type": "boolean",
            "default": true,
            "description": "Stop working on an example at its first iterate that reaches the goal"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/pgd.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "rfgsm",
        "title": "R+FGSM",
        "summary": "A random step, then one gradient step: sees past gradients that are masked at the clean example.",
        "paper": "Tramer, Kurakin, Papernot, Goodfellow, Boneh, McDaniel, \"Ensemble adversarial training: attacks and defenses\", ICLR 2018, arXiv:1705.07204",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "randomShare": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.5,
            "description": "Share of the budget that the random step takes (alpha over epsilon)"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin",
              "dlr"
            ],
            "default": "ce",
            "description": "Loss to ascend"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/rfgsm.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "salt-and-pepper",
        "title": "Salt and pepper",
        "summary": "Random values set to black or white, as few as change the prediction.",
        "paper": "none: a control",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "minimum"
        ],
        "norms": [
          "l0",
          "l1",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "decision",
        "stochastic": true,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000,
            "default": 1000,
            "description": "Draws per example at most"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/salt-and-pepper.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "simba",
        "title": "SimBA",
        "summary": "Greedy steps along random coordinates or low-frequency waves, with one or two queries each.",
        "paper": "Guo, Gardner, You, Wilson, Weinberger, \"Simple black-box adversarial attacks\", ICML 2019, arXiv:1905.07121",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000,
            "default": 2000,
            "description": "Directions to try, each with at most two queries"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.2,
            "description": "Length of a step along a direction, as a fraction of the input range"
          },
          "basis": {
            "type": "string",
            "enum": [
              "pixel",
              "dct"
            ],
            "default": "pixel",
            "description": "Directions: single values, or waves of the discrete cosine transform (images only)"
          },
          "frequencies": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.25,
            "description": "Share of the lowest frequencies along each axis that the dct basis uses"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/simba.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "spatial",
        "title": "Spatial",
        "summary": "The worst rotation and translation of a grid, or of random draws.",
        "paper": "Engstrom, Tran, Tsipras, Schmidt, Madry, \"Exploring the landscape of spatial robustness\", ICML 2019, arXiv:1712.02779",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "transform"
        ],
        "norms": [],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "search": {
            "type": "string",
            "enum": [
              "grid",
              "random"
            ],
            "default": "grid",
            "description": "Try every point of a grid, or random transforms"
          },
          "rotationSteps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 31,
            "description": "Rotations of the grid, evenly spaced over their range"
          },
          "translationSteps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000,
            "default": 5,
            "description": "Translations of the grid along each axis, evenly spaced over their ranges"
          },
          "draws": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000,
            "default": 10,
            "description": "Transforms that the random search draws"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/spatial.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "spsa",
        "title": "SPSA",
        "summary": "Adam on the margin with gradients estimated from scores, for models whose own gradients mislead.",
        "paper": "Uesato, O'Donoghue, van den Oord, Kohli, \"Adversarial risk and the dangers of evaluating against weak attacks\", ICML 2018, arXiv:1802.05666",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "steps": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100000,
            "default": 20,
            "description": "Steps of Adam; together they move a coordinate by about steps x learningRate"
          },
          "samples": {
            "type": "integer",
            "minimum": 2,
            "maximum": 1000000,
            "default": 128,
            "description": "Queries per gradient, in opposite pairs"
          },
          "delta": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.01,
            "description": "Perturbation of each coordinate in a query, as a fraction of the input range"
          },
          "learningRate": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.01,
            "description": "Step of Adam per coordinate, as a fraction of the input range"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/spsa.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "square",
        "title": "Square",
        "summary": "Random search over square windows, by scores alone: the gradient-free part of AutoAttack.",
        "paper": "Andriushchenko, Croce, Flammarion, Hein, \"Square Attack: a query-efficient black-box adversarial attack via random search\", ECCV 2020, arXiv:1912.00049",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "bound"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "queries": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000,
            "default": 5000,
            "description": "Forward passes per run, the first point included"
          },
          "restarts": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 1,
            "description": "Runs at most; each attacks what the ones before did not fool"
          },
          "pInit": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.8,
            "description": "Share of the image that the first windows cover"
          },
          "rescaleSchedule": {
            "type": "boolean",
            "default": false,
            "description": "Shrink the windows over the whole of the queries; otherwise as if there were 10,000 (AutoAttack)"
          },
          "compat": {
            "type": "string",
            "enum": [
              "none",
              "autoattack"
            ],
            "default": "none",
            "description": "autoattack: windows never reach the last row and column, colours are drawn once"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/square.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "uniform-noise",
        "title": "Uniform noise",
        "summary": "The best of many draws of uniform noise: what any attack should beat.",
        "paper": "none: a control",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1",
          "l0"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "scores",
        "stochastic": true,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "draws": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000000,
            "default": 100,
            "description": "Draws per example at most; an example leaves when one fools"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/uniform-noise.js'),
  },
  {
    listing: {
      "kind": "attack",
      "metadata": {
        "id": "universal",
        "title": "Universal perturbation",
        "summary": "One perturbation for all images, learned on images that are not attacked.",
        "paper": "Moosavi-Dezfooli, Fawzi, Fawzi, Frossard, \"Universal adversarial perturbations\", CVPR 2017, arXiv:1610.08401",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp"
        ],
        "norms": [
          "linf",
          "l2"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ],
        "access": "gradient",
        "stochastic": true,
        "linear": "none"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "epochs": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 20,
            "description": "Passes over the images it is learned on"
          },
          "fitBatch": {
            "type": "integer",
            "minimum": 1,
            "maximum": 10000,
            "default": 25,
            "description": "Images per step"
          },
          "stepSize": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.2,
            "description": "Length of the first step as a fraction of epsilon; the last has a tenth of it"
          },
          "loss": {
            "type": "string",
            "enum": [
              "ce",
              "margin"
            ],
            "default": "ce",
            "description": "Loss whose mean is followed"
          },
          "lossCap": {
            "type": "number",
            "exclusiveMinimum": 0,
            "default": 9,
            "description": "Untargeted: images whose loss is above this no longer count"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/universal.js'),
  },
  {
    listing: {
      "kind": "composite",
      "metadata": {
        "id": "autoattack",
        "title": "AutoAttack",
        "summary": "APGD, APGD-T, FAB-T and Square in turn: the yardstick of the literature.",
        "paper": "Croce, Hein, \"Reliable evaluation of adversarial robustness with an ensemble of diverse parameter-free attacks\", ICML 2020, arXiv:2003.01690; L1: arXiv:2103.01208",
        "version": "1.0.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted"
        ],
        "variant": "version"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "version": {
            "type": "string",
            "enum": [
              "standard",
              "plus",
              "rand"
            ],
            "default": "standard",
            "description": "Which of the ensembles of the reference; rand is for models that draw random numbers"
          }
        }
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/autoattack.js'),
  },
  {
    listing: {
      "kind": "composite",
      "metadata": {
        "id": "cascade",
        "title": "Cascade",
        "summary": "Margin, targeted, minimum-norm and gradient-free attacks in turn: the default for robust accuracy.",
        "paper": "none: attacks of the literature, in the order that measurements suggest",
        "version": "1.3.0",
        "apiVersion": 1,
        "threats": [
          "lp",
          "box"
        ],
        "norms": [
          "linf",
          "l2",
          "l1"
        ],
        "goals": [
          "untargeted",
          "targeted"
        ]
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../attacks/cascade.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "brightness",
        "title": "Brightness",
        "summary": "Raises the value of every colour, as a longer exposure does.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "amount": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.15,
            "description": "What is added to the value, which is in [0, 1]"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "amount": 0.05
          },
          {
            "amount": 0.1
          },
          {
            "amount": 0.15
          },
          {
            "amount": 0.2
          },
          {
            "amount": 0.3
          }
        ],
        "tiny-imagenet": [
          {
            "amount": 0.1
          },
          {
            "amount": 0.2
          },
          {
            "amount": 0.3
          },
          {
            "amount": 0.4
          },
          {
            "amount": 0.5
          }
        ],
        "imagenet": [
          {
            "amount": 0.1
          },
          {
            "amount": 0.2
          },
          {
            "amount": 0.3
          },
          {
            "amount": 0.4
          },
          {
            "amount": 0.5
          }
        ],
        "mnist": [
          {
            "amount": 0.1
          },
          {
            "amount": 0.2
          },
          {
            "amount": 0.3
          },
          {
            "amount": 0.4
          },
          {
            "amount": 0.5
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/brightness.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "canny_edges",
        "title": "Canny edges",
        "summary": "Replaces the image by its edges, white on black.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 1,
            "description": "Standard deviation of the smoothing before, in pixels"
          },
          "low": {
            "type": "number",
            "minimum": 0,
            "default": 0.1,
            "description": "Least Sobel gradient of an edge pixel, of values in [0, 1]"
          },
          "high": {
            "type": "number",
            "minimum": 0,
            "default": 0.2,
            "description": "Least Sobel gradient of the strongest pixel of an edge"
          }
        }
      },
      "severities": {
        "mnist": [
          {
            "sigma": 1,
            "low": 0.1,
            "high": 0.2
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/canny_edges.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "contrast",
        "title": "Contrast",
        "summary": "Lowers the contrast, as in poor light or through haze.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "factor": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.4,
            "description": "Share of the distance from the mean that is kept"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "factor": 0.75
          },
          {
            "factor": 0.5
          },
          {
            "factor": 0.4
          },
          {
            "factor": 0.3
          },
          {
            "factor": 0.15
          }
        ],
        "tiny-imagenet": [
          {
            "factor": 0.4
          },
          {
            "factor": 0.3
          },
          {
            "factor": 0.2
          },
          {
            "factor": 0.1
          },
          {
            "factor": 0.05
          }
        ],
        "imagenet": [
          {
            "factor": 0.4
          },
          {
            "factor": 0.3
          },
          {
            "factor": 0.2
          },
          {
            "factor": 0.1
          },
          {
            "factor": 0.05
          }
        ],
        "mnist": [
          {
            "factor": 0.4
          },
          {
            "factor": 0.3
          },
          {
            "factor": 0.2
          },
          {
            "factor": 0.1
          },
          {
            "factor": 0.05
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/contrast.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "defocus_blur",
        "title": "Defocus blur",
        "summary": "Spreads every pixel over a disk, as a lens out of focus does.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "radius": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.5,
            "description": "Radius of the disk in pixels; below 1 only its soft rim is left"
          },
          "rim": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.6,
            "description": "Standard deviation in pixels of the Gaussian that softens the disk"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "radius": 0.3,
            "rim": 0.4
          },
          {
            "radius": 0.4,
            "rim": 0.5
          },
          {
            "radius": 0.5,
            "rim": 0.6
          },
          {
            "radius": 1,
            "rim": 0.2
          },
          {
            "radius": 1.5,
            "rim": 0.1
          }
        ],
        "tiny-imagenet": [
          {
            "radius": 0.5,
            "rim": 0.6
          },
          {
            "radius": 1,
            "rim": 0.1
          },
          {
            "radius": 1.5,
            "rim": 0.1
          },
          {
            "radius": 2.5,
            "rim": 0.01
          },
          {
            "radius": 3,
            "rim": 0.1
          }
        ],
        "imagenet": [
          {
            "radius": 3,
            "rim": 0.1
          },
          {
            "radius": 4,
            "rim": 0.5
          },
          {
            "radius": 6,
            "rim": 0.5
          },
          {
            "radius": 8,
            "rim": 0.5
          },
          {
            "radius": 10,
            "rim": 0.5
          }
        ],
        "mnist": [
          {
            "radius": 3,
            "rim": 0.1
          },
          {
            "radius": 4,
            "rim": 0.5
          },
          {
            "radius": 6,
            "rim": 0.5
          },
          {
            "radius": 8,
            "rim": 0.5
          },
          {
            "radius": 10,
            "rim": 0.5
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/defocus_blur.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "dotted_line",
        "title": "Dotted line",
        "summary": "Draws a dotted white line across the image.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/dotted_line.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "elastic_transform",
        "title": "Elastic transform",
        "summary": "Shears the image at random and stretches it here and there.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "strength": {
            "type": "number",
            "minimum": 0,
            "maximum": 10000,
            "default": 2.56,
            "description": "Factor of the smoothed displacements: pixels, before smoothing"
          },
          "sigma": {
            "type": "number",
            "minimum": 0,
            "maximum": 1000,
            "default": 1.92,
            "description": "Standard deviation in pixels of the Gaussian that smooths them"
          },
          "jitter": {
            "type": "number",
            "minimum": 0,
            "maximum": 1000,
            "default": 1.92,
            "description": "How far, in pixels, the three corners of the affine map move along an axis at most"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "strength": 0,
            "sigma": 0,
            "jitter": 2.56
          },
          {
            "strength": 1.6,
            "sigma": 6.4,
            "jitter": 2.24
          },
          {
            "strength": 2.56,
            "sigma": 1.92,
            "jitter": 1.92
          },
          {
            "strength": 3.2,
            "sigma": 1.28,
            "jitter": 1.6
          },
          {
            "strength": 3.2,
            "sigma": 0.96,
            "jitter": 0.96
          }
        ],
        "tiny-imagenet": [
          {
            "strength": 0,
            "sigma": 0,
            "jitter": 5.12
          },
          {
            "strength": 3.2,
            "sigma": 19.2,
            "jitter": 3.84
          },
          {
            "strength": 6.4,
            "sigma": 5.12,
            "jitter": 3.84
          },
          {
            "strength": 6.4,
            "sigma": 1.92,
            "jitter": 1.92
          },
          {
            "strength": 10.24,
            "sigma": 1.92,
            "jitter": 1.28
          }
        ],
        "imagenet": [
          {
            "strength": 488,
            "sigma": 170.8,
            "jitter": 24.4
          },
          {
            "strength": 488,
            "sigma": 19.52,
            "jitter": 48.8
          },
          {
            "strength": 12.2,
            "sigma": 2.44,
            "jitter": 4.88
          },
          {
            "strength": 17.08,
            "sigma": 2.44,
            "jitter": 4.88
          },
          {
            "strength": 29.28,
            "sigma": 2.44,
            "jitter": 4.88
          }
        ],
        "mnist": [
          {
            "strength": 56,
            "sigma": 19.6,
            "jitter": 2.8
          },
          {
            "strength": 56,
            "sigma": 2.24,
            "jitter": 5.6
          },
          {
            "strength": 1.4,
            "sigma": 0.28,
            "jitter": 0.56
          },
          {
            "strength": 1.96,
            "sigma": 0.28,
            "jitter": 0.56
          },
          {
            "strength": 3.36,
            "sigma": 0.28,
            "jitter": 0.56
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/elastic_transform.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "fog",
        "title": "Fog",
        "summary": "Lays a cloudy veil of diamond-square noise over the image.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "strength": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": 0.75,
            "description": "What the fog adds where it is thickest, for values in [0, 1]"
          },
          "decay": {
            "type": "number",
            "minimum": 1,
            "maximum": 10,
            "default": 2.5,
            "description": "How much smoother the fog is than noise: finer clouds are weaker by its square, level by level"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "strength": 0.2,
            "decay": 3
          },
          {
            "strength": 0.5,
            "decay": 3
          },
          {
            "strength": 0.75,
            "decay": 2.5
          },
          {
            "strength": 1,
            "decay": 2
          },
          {
            "strength": 1.5,
            "decay": 1.75
          }
        ],
        "tiny-imagenet": [
          {
            "strength": 0.4,
            "decay": 3
          },
          {
            "strength": 0.7,
            "decay": 3
          },
          {
            "strength": 1,
            "decay": 2.5
          },
          {
            "strength": 1.5,
            "decay": 2
          },
          {
            "strength": 2,
            "decay": 1.75
          }
        ],
        "imagenet": [
          {
            "strength": 1.5,
            "decay": 2
          },
          {
            "strength": 2,
            "decay": 2
          },
          {
            "strength": 2.5,
            "decay": 1.7
          },
          {
            "strength": 2.5,
            "decay": 1.5
          },
          {
            "strength": 3,
            "decay": 1.4
          }
        ],
        "mnist": [
          {
            "strength": 1.5,
            "decay": 2
          },
          {
            "strength": 2,
            "decay": 2
          },
          {
            "strength": 2.5,
            "decay": 1.7
          },
          {
            "strength": 2.5,
            "decay": 1.5
          },
          {
            "strength": 3,
            "decay": 1.4
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/fog.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "frost",
        "title": "Frost",
        "summary": "Lays a piece of a photograph of frost over the image.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true,
        "needs": "frost-textures"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "image": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.9,
            "description": "Weight of the image"
          },
          "frost": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.4,
            "description": "Weight of the photograph"
          },
          "scale": {
            "type": "number",
            "minimum": 0.01,
            "maximum": 4,
            "default": 1,
            "description": "Factor by which the photographs are resized first"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "image": 1,
            "frost": 0.2,
            "scale": 0.2
          },
          {
            "image": 1,
            "frost": 0.3,
            "scale": 0.2
          },
          {
            "image": 0.9,
            "frost": 0.4,
            "scale": 0.2
          },
          {
            "image": 0.85,
            "frost": 0.4,
            "scale": 0.2
          },
          {
            "image": 0.75,
            "frost": 0.45,
            "scale": 0.2
          }
        ],
        "tiny-imagenet": [
          {
            "image": 1,
            "frost": 0.3,
            "scale": 0.3
          },
          {
            "image": 0.9,
            "frost": 0.4,
            "scale": 0.3
          },
          {
            "image": 0.8,
            "frost": 0.45,
            "scale": 0.3
          },
          {
            "image": 0.75,
            "frost": 0.5,
            "scale": 0.3
          },
          {
            "image": 0.7,
            "frost": 0.55,
            "scale": 0.3
          }
        ],
        "imagenet": [
          {
            "image": 1,
            "frost": 0.4,
            "scale": 1
          },
          {
            "image": 0.8,
            "frost": 0.6,
            "scale": 1
          },
          {
            "image": 0.7,
            "frost": 0.7,
            "scale": 1
          },
          {
            "image": 0.65,
            "frost": 0.7,
            "scale": 1
          },
          {
            "image": 0.6,
            "frost": 0.75,
            "scale": 1
          }
        ],
        "mnist": [
          {
            "image": 1,
            "frost": 0.4,
            "scale": 1
          },
          {
            "image": 0.8,
            "frost": 0.6,
            "scale": 1
          },
          {
            "image": 0.7,
            "frost": 0.7,
            "scale": 1
          },
          {
            "image": 0.65,
            "frost": 0.7,
            "scale": 1
          },
          {
            "image": 0.6,
            "frost": 0.75,
            "scale": 1
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/frost.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "frost_procedural",
        "title": "Frost, drawn",
        "summary": "Lays drawn ice crystals over the image: in place of frost, not comparable with it.",
        "paper": "weights of Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261; the texture is not published",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "image": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.9,
            "description": "Weight of the image"
          },
          "frost": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.4,
            "description": "Weight of the ice"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "image": 1,
            "frost": 0.2
          },
          {
            "image": 1,
            "frost": 0.3
          },
          {
            "image": 0.9,
            "frost": 0.4
          },
          {
            "image": 0.85,
            "frost": 0.4
          },
          {
            "image": 0.75,
            "frost": 0.45
          }
        ],
        "tiny-imagenet": [
          {
            "image": 1,
            "frost": 0.3
          },
          {
            "image": 0.9,
            "frost": 0.4
          },
          {
            "image": 0.8,
            "frost": 0.45
          },
          {
            "image": 0.75,
            "frost": 0.5
          },
          {
            "image": 0.7,
            "frost": 0.55
          }
        ],
        "imagenet": [
          {
            "image": 1,
            "frost": 0.4
          },
          {
            "image": 0.8,
            "frost": 0.6
          },
          {
            "image": 0.7,
            "frost": 0.7
          },
          {
            "image": 0.65,
            "frost": 0.7
          },
          {
            "image": 0.6,
            "frost": 0.75
          }
        ],
        "mnist": [
          {
            "image": 1,
            "frost": 0.4
          },
          {
            "image": 0.8,
            "frost": 0.6
          },
          {
            "image": 0.7,
            "frost": 0.7
          },
          {
            "image": 0.65,
            "frost": 0.7
          },
          {
            "image": 0.6,
            "frost": 0.75
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/frost_procedural.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "gaussian_blur",
        "title": "Gaussian blur",
        "summary": "Blurs with a Gaussian kernel, as a low-pass filter does.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.7,
            "description": "Standard deviation of the kernel in pixels; it is cut at four of them"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "sigma": 0.4
          },
          {
            "sigma": 0.6
          },
          {
            "sigma": 0.7
          },
          {
            "sigma": 0.8
          },
          {
            "sigma": 1
          }
        ],
        "tiny-imagenet": [
          {
            "sigma": 0.5
          },
          {
            "sigma": 0.75
          },
          {
            "sigma": 1
          },
          {
            "sigma": 1.25
          },
          {
            "sigma": 1.5
          }
        ],
        "imagenet": [
          {
            "sigma": 1
          },
          {
            "sigma": 2
          },
          {
            "sigma": 3
          },
          {
            "sigma": 4
          },
          {
            "sigma": 6
          }
        ],
        "mnist": [
          {
            "sigma": 1
          },
          {
            "sigma": 2
          },
          {
            "sigma": 3
          },
          {
            "sigma": 4
          },
          {
            "sigma": 6
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/gaussian_blur.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "gaussian_noise",
        "title": "Gaussian noise",
        "summary": "Adds independent normal noise to every value, as in low light.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.08,
            "description": "Standard deviation of the noise, for values in [0, 1]"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "sigma": 0.04
          },
          {
            "sigma": 0.06
          },
          {
            "sigma": 0.08
          },
          {
            "sigma": 0.09
          },
          {
            "sigma": 0.1
          }
        ],
        "tiny-imagenet": [
          {
            "sigma": 0.04
          },
          {
            "sigma": 0.08
          },
          {
            "sigma": 0.12
          },
          {
            "sigma": 0.15
          },
          {
            "sigma": 0.18
          }
        ],
        "imagenet": [
          {
            "sigma": 0.08
          },
          {
            "sigma": 0.12
          },
          {
            "sigma": 0.18
          },
          {
            "sigma": 0.26
          },
          {
            "sigma": 0.38
          }
        ],
        "mnist": [
          {
            "sigma": 0.08
          },
          {
            "sigma": 0.12
          },
          {
            "sigma": 0.18
          },
          {
            "sigma": 0.26
          },
          {
            "sigma": 0.38
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/gaussian_noise.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "glass_blur",
        "title": "Glass blur",
        "summary": "Shuffles pixels with their neighbours between two blurs, as frosted glass does.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 0.4,
            "description": "Standard deviation of the blurs in pixels"
          },
          "reach": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 1,
            "description": "Places, at most, that a pixel moves along an axis"
          },
          "passes": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 1,
            "description": "How often every pixel has its turn"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "sigma": 0.05,
            "reach": 1,
            "passes": 1
          },
          {
            "sigma": 0.25,
            "reach": 1,
            "passes": 1
          },
          {
            "sigma": 0.4,
            "reach": 1,
            "passes": 1
          },
          {
            "sigma": 0.25,
            "reach": 1,
            "passes": 2
          },
          {
            "sigma": 0.4,
            "reach": 1,
            "passes": 2
          }
        ],
        "tiny-imagenet": [
          {
            "sigma": 0.1,
            "reach": 1,
            "passes": 1
          },
          {
            "sigma": 0.5,
            "reach": 1,
            "passes": 1
          },
          {
            "sigma": 0.6,
            "reach": 1,
            "passes": 2
          },
          {
            "sigma": 0.7,
            "reach": 2,
            "passes": 1
          },
          {
            "sigma": 0.9,
            "reach": 2,
            "passes": 2
          }
        ],
        "imagenet": [
          {
            "sigma": 0.7,
            "reach": 1,
            "passes": 2
          },
          {
            "sigma": 0.9,
            "reach": 2,
            "passes": 1
          },
          {
            "sigma": 1,
            "reach": 2,
            "passes": 3
          },
          {
            "sigma": 1.1,
            "reach": 3,
            "passes": 2
          },
          {
            "sigma": 1.5,
            "reach": 4,
            "passes": 2
          }
        ],
        "mnist": [
          {
            "sigma": 0.7,
            "reach": 1,
            "passes": 2
          },
          {
            "sigma": 0.9,
            "reach": 2,
            "passes": 1
          },
          {
            "sigma": 1,
            "reach": 2,
            "passes": 3
          },
          {
            "sigma": 1.1,
            "reach": 3,
            "passes": 2
          },
          {
            "sigma": 1.5,
            "reach": 4,
            "passes": 2
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/glass_blur.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "identity",
        "title": "Identity",
        "summary": "Leaves the image as it is, in 8 bits: what the other columns are compared with.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/identity.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "impulse_noise",
        "title": "Impulse noise",
        "summary": "Turns some values black and some white, channel by channel: salt and pepper in colour.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "amount": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.03,
            "description": "Probability that a value is replaced; black and white are as likely"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "amount": 0.01
          },
          {
            "amount": 0.02
          },
          {
            "amount": 0.03
          },
          {
            "amount": 0.05
          },
          {
            "amount": 0.07
          }
        ],
        "tiny-imagenet": [
          {
            "amount": 0.01
          },
          {
            "amount": 0.02
          },
          {
            "amount": 0.05
          },
          {
            "amount": 0.08
          },
          {
            "amount": 0.14
          }
        ],
        "imagenet": [
          {
            "amount": 0.03
          },
          {
            "amount": 0.06
          },
          {
            "amount": 0.09
          },
          {
            "amount": 0.17
          },
          {
            "amount": 0.27
          }
        ],
        "mnist": [
          {
            "amount": 0.03
          },
          {
            "amount": 0.06
          },
          {
            "amount": 0.09
          },
          {
            "amount": 0.17
          },
          {
            "amount": 0.27
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/impulse_noise.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "inverse",
        "title": "Inverse",
        "summary": "Turns light into dark and dark into light.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/inverse.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "jpeg_compression",
        "title": "JPEG compression",
        "summary": "Compresses the image as a JPEG file of low quality.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "quality": {
            "type": "integer",
            "minimum": 1,
            "maximum": 100,
            "default": 58,
            "description": "Quality of the file from 1 to 100, as the Independent JPEG Group counts it"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "quality": 80
          },
          {
            "quality": 65
          },
          {
            "quality": 58
          },
          {
            "quality": 50
          },
          {
            "quality": 40
          }
        ],
        "tiny-imagenet": [
          {
            "quality": 65
          },
          {
            "quality": 58
          },
          {
            "quality": 50
          },
          {
            "quality": 40
          },
          {
            "quality": 25
          }
        ],
        "imagenet": [
          {
            "quality": 25
          },
          {
            "quality": 18
          },
          {
            "quality": 15
          },
          {
            "quality": 10
          },
          {
            "quality": 7
          }
        ],
        "mnist": [
          {
            "quality": 25
          },
          {
            "quality": 18
          },
          {
            "quality": 15
          },
          {
            "quality": 10
          },
          {
            "quality": 7
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/jpeg_compression.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "line",
        "title": "Line",
        "summary": "Draws a soft white line across the image.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/line.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "motion_blur",
        "title": "Motion blur",
        "summary": "Blurs along a line in a random direction, as a moving camera does.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "radius": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1000,
            "default": 6,
            "description": "Reach of the blur in pixels; at most twice as far is blurred"
          },
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1000,
            "default": 2,
            "description": "Standard deviation of the weights along the line, in pixels"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "radius": 6,
            "sigma": 1
          },
          {
            "radius": 6,
            "sigma": 1.5
          },
          {
            "radius": 6,
            "sigma": 2
          },
          {
            "radius": 8,
            "sigma": 2
          },
          {
            "radius": 9,
            "sigma": 2.5
          }
        ],
        "tiny-imagenet": [
          {
            "radius": 10,
            "sigma": 1
          },
          {
            "radius": 10,
            "sigma": 1.5
          },
          {
            "radius": 10,
            "sigma": 2
          },
          {
            "radius": 10,
            "sigma": 2.5
          },
          {
            "radius": 12,
            "sigma": 3
          }
        ],
        "imagenet": [
          {
            "radius": 10,
            "sigma": 3
          },
          {
            "radius": 15,
            "sigma": 5
          },
          {
            "radius": 15,
            "sigma": 8
          },
          {
            "radius": 15,
            "sigma": 12
          },
          {
            "radius": 20,
            "sigma": 15
          }
        ],
        "mnist": [
          {
            "radius": 10,
            "sigma": 3
          },
          {
            "radius": 15,
            "sigma": 5
          },
          {
            "radius": 15,
            "sigma": 8
          },
          {
            "radius": 15,
            "sigma": 12
          },
          {
            "radius": 20,
            "sigma": 15
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/motion_blur.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "pessimal_noise",
        "title": "Pessimal noise",
        "summary": "Adds the correlated normal noise that was found to hurt a classifier of MNIST most.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true,
        "needs": "pessimal-noise-matrix"
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/pessimal_noise.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "pixelate",
        "title": "Pixelate",
        "summary": "Makes the image small and large again, so that it shows its pixels.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "scale": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.85,
            "description": "Height and width of the small image as a share of the large one"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "scale": 0.95
          },
          {
            "scale": 0.9
          },
          {
            "scale": 0.85
          },
          {
            "scale": 0.75
          },
          {
            "scale": 0.65
          }
        ],
        "tiny-imagenet": [
          {
            "scale": 0.9
          },
          {
            "scale": 0.8
          },
          {
            "scale": 0.7
          },
          {
            "scale": 0.6
          },
          {
            "scale": 0.5
          }
        ],
        "imagenet": [
          {
            "scale": 0.6
          },
          {
            "scale": 0.5
          },
          {
            "scale": 0.4
          },
          {
            "scale": 0.3
          },
          {
            "scale": 0.25
          }
        ],
        "mnist": [
          {
            "scale": 0.6
          },
          {
            "scale": 0.5
          },
          {
            "scale": 0.4
          },
          {
            "scale": 0.3
          },
          {
            "scale": 0.25
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/pixelate.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "quantize",
        "title": "Quantise",
        "summary": "Leaves only a few levels of grey, as a coarse converter does.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "bits": {
            "type": "integer",
            "minimum": 1,
            "maximum": 8,
            "default": 3,
            "description": "Bits that are left of a value"
          }
        }
      },
      "severities": {
        "mnist": [
          {
            "bits": 5
          },
          {
            "bits": 4
          },
          {
            "bits": 3
          },
          {
            "bits": 2
          },
          {
            "bits": 1
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/quantize.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "rotate",
        "title": "Rotate",
        "summary": "Turns the image about its centre, one way or the other.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "angle": {
            "type": "number",
            "minimum": 0,
            "maximum": 3.2,
            "default": 0.4,
            "description": "How far it turns, in radians"
          }
        }
      },
      "severities": {
        "mnist": [
          {
            "angle": 0.2
          },
          {
            "angle": 0.4
          },
          {
            "angle": 0.6
          },
          {
            "angle": 0.8
          },
          {
            "angle": 1
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/rotate.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "saturate",
        "title": "Saturate",
        "summary": "Weakens or strengthens the colours.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "scale": {
            "type": "number",
            "minimum": 0,
            "maximum": 1000,
            "default": 1.5,
            "description": "Factor of the saturation"
          },
          "shift": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0,
            "description": "What is added to the saturation, which is in [0, 1], then"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "scale": 0.3,
            "shift": 0
          },
          {
            "scale": 0.1,
            "shift": 0
          },
          {
            "scale": 1.5,
            "shift": 0
          },
          {
            "scale": 2,
            "shift": 0.1
          },
          {
            "scale": 2.5,
            "shift": 0.2
          }
        ],
        "tiny-imagenet": [
          {
            "scale": 0.3,
            "shift": 0
          },
          {
            "scale": 0.1,
            "shift": 0
          },
          {
            "scale": 2,
            "shift": 0
          },
          {
            "scale": 5,
            "shift": 0.1
          },
          {
            "scale": 30,
            "shift": 0.2
          }
        ],
        "imagenet": [
          {
            "scale": 0.3,
            "shift": 0
          },
          {
            "scale": 0.1,
            "shift": 0
          },
          {
            "scale": 2,
            "shift": 0
          },
          {
            "scale": 5,
            "shift": 0.1
          },
          {
            "scale": 20,
            "shift": 0.2
          }
        ],
        "mnist": [
          {
            "scale": 0.3,
            "shift": 0
          },
          {
            "scale": 0.1,
            "shift": 0
          },
          {
            "scale": 2,
            "shift": 0
          },
          {
            "scale": 5,
            "shift": 0.1
          },
          {
            "scale": 20,
            "shift": 0.2
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/saturate.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "scale",
        "title": "Scale",
        "summary": "Shrinks the image about its centre, within a black frame.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "divisor": {
            "type": "number",
            "minimum": 1,
            "maximum": 100,
            "default": 1.4285714285714286,
            "description": "What height and width are divided by"
          }
        }
      },
      "severities": {
        "mnist": [
          {
            "divisor": 1.1111111111111112
          },
          {
            "divisor": 1.25
          },
          {
            "divisor": 1.4285714285714286
          },
          {
            "divisor": 1.6666666666666667
          },
          {
            "divisor": 2
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/scale.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "shear",
        "title": "Shear",
        "summary": "Slants the image to one side or the other, as handwriting leans.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "angle": {
            "type": "number",
            "minimum": 0,
            "maximum": 1.5,
            "default": 0.4,
            "description": "Angle of the slant, in radians"
          }
        }
      },
      "severities": {
        "mnist": [
          {
            "angle": 0.2
          },
          {
            "angle": 0.4
          },
          {
            "angle": 0.6
          },
          {
            "angle": 0.8
          },
          {
            "angle": 1
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/shear.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "shot_noise",
        "title": "Shot noise",
        "summary": "Counts a random number of photons in the place of every value.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "photons": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100000,
            "default": 100,
            "description": "Photons on average at full brightness; fewer are noisier"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "photons": 500
          },
          {
            "photons": 250
          },
          {
            "photons": 100
          },
          {
            "photons": 75
          },
          {
            "photons": 50
          }
        ],
        "tiny-imagenet": [
          {
            "photons": 250
          },
          {
            "photons": 100
          },
          {
            "photons": 50
          },
          {
            "photons": 30
          },
          {
            "photons": 15
          }
        ],
        "imagenet": [
          {
            "photons": 60
          },
          {
            "photons": 25
          },
          {
            "photons": 12
          },
          {
            "photons": 5
          },
          {
            "photons": 3
          }
        ],
        "mnist": [
          {
            "photons": 60
          },
          {
            "photons": 25
          },
          {
            "photons": 12
          },
          {
            "photons": 5
          },
          {
            "photons": 3
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/shot_noise.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "snow",
        "title": "Snow",
        "summary": "Whitens the image and lets flakes drive across it.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "mean": {
            "type": "number",
            "minimum": -10,
            "maximum": 10,
            "default": 0.15,
            "description": "Mean of the noise that flakes are cut out of"
          },
          "deviation": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": 0.3,
            "description": "Standard deviation of that noise"
          },
          "zoom": {
            "type": "number",
            "minimum": 1,
            "maximum": 100,
            "default": 1.75,
            "description": "How much the noise is enlarged, and flakes with it"
          },
          "threshold": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.55,
            "description": "Noise below this is no flake"
          },
          "radius": {
            "type": "number",
            "minimum": 0,
            "maximum": 100,
            "default": 10,
            "description": "Reach of the motion blur in pixels: its kernel has twice as many, and one"
          },
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 100,
            "default": 4,
            "description": "Standard deviation of the motion blur, in pixels"
          },
          "keep": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.9,
            "description": "Share of the image that is not whitened"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "mean": 0.1,
            "deviation": 0.2,
            "zoom": 1,
            "threshold": 0.6,
            "radius": 8,
            "sigma": 3,
            "keep": 0.95
          },
          {
            "mean": 0.1,
            "deviation": 0.2,
            "zoom": 1,
            "threshold": 0.5,
            "radius": 10,
            "sigma": 4,
            "keep": 0.9
          },
          {
            "mean": 0.15,
            "deviation": 0.3,
            "zoom": 1.75,
            "threshold": 0.55,
            "radius": 10,
            "sigma": 4,
            "keep": 0.9
          },
          {
            "mean": 0.25,
            "deviation": 0.3,
            "zoom": 2.25,
            "threshold": 0.6,
            "radius": 12,
            "sigma": 6,
            "keep": 0.85
          },
          {
            "mean": 0.3,
            "deviation": 0.3,
            "zoom": 1.25,
            "threshold": 0.65,
            "radius": 14,
            "sigma": 12,
            "keep": 0.8
          }
        ],
        "tiny-imagenet": [
          {
            "mean": 0.1,
            "deviation": 0.2,
            "zoom": 1,
            "threshold": 0.6,
            "radius": 8,
            "sigma": 3,
            "keep": 0.8
          },
          {
            "mean": 0.1,
            "deviation": 0.2,
            "zoom": 1,
            "threshold": 0.5,
            "radius": 10,
            "sigma": 4,
            "keep": 0.8
          },
          {
            "mean": 0.15,
            "deviation": 0.3,
            "zoom": 1.75,
            "threshold": 0.55,
            "radius": 10,
            "sigma": 4,
            "keep": 0.7
          },
          {
            "mean": 0.25,
            "deviation": 0.3,
            "zoom": 2.25,
            "threshold": 0.6,
            "radius": 12,
            "sigma": 6,
            "keep": 0.65
          },
          {
            "mean": 0.3,
            "deviation": 0.3,
            "zoom": 1.25,
            "threshold": 0.65,
            "radius": 14,
            "sigma": 12,
            "keep": 0.6
          }
        ],
        "imagenet": [
          {
            "mean": 0.1,
            "deviation": 0.3,
            "zoom": 3,
            "threshold": 0.5,
            "radius": 10,
            "sigma": 4,
            "keep": 0.8
          },
          {
            "mean": 0.2,
            "deviation": 0.3,
            "zoom": 2,
            "threshold": 0.5,
            "radius": 12,
            "sigma": 4,
            "keep": 0.7
          },
          {
            "mean": 0.55,
            "deviation": 0.3,
            "zoom": 4,
            "threshold": 0.9,
            "radius": 12,
            "sigma": 8,
            "keep": 0.7
          },
          {
            "mean": 0.55,
            "deviation": 0.3,
            "zoom": 4.5,
            "threshold": 0.85,
            "radius": 12,
            "sigma": 8,
            "keep": 0.65
          },
          {
            "mean": 0.55,
            "deviation": 0.3,
            "zoom": 2.5,
            "threshold": 0.85,
            "radius": 12,
            "sigma": 12,
            "keep": 0.55
          }
        ],
        "mnist": [
          {
            "mean": 0.1,
            "deviation": 0.3,
            "zoom": 3,
            "threshold": 0.5,
            "radius": 10,
            "sigma": 4,
            "keep": 0.8
          },
          {
            "mean": 0.2,
            "deviation": 0.3,
            "zoom": 2,
            "threshold": 0.5,
            "radius": 12,
            "sigma": 4,
            "keep": 0.7
          },
          {
            "mean": 0.55,
            "deviation": 0.3,
            "zoom": 4,
            "threshold": 0.9,
            "radius": 12,
            "sigma": 8,
            "keep": 0.7
          },
          {
            "mean": 0.55,
            "deviation": 0.3,
            "zoom": 4.5,
            "threshold": 0.85,
            "radius": 12,
            "sigma": 8,
            "keep": 0.65
          },
          {
            "mean": 0.55,
            "deviation": 0.3,
            "zoom": 2.5,
            "threshold": 0.85,
            "radius": 12,
            "sigma": 12,
            "keep": 0.55
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/snow.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "spatter",
        "title": "Spatter",
        "summary": "Spatters the image with drops of water or, at high severities, of mud.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "mean": {
            "type": "number",
            "minimum": -10,
            "maximum": 10,
            "default": 0.65,
            "description": "Mean of the noise that drops are cut out of"
          },
          "deviation": {
            "type": "number",
            "minimum": 0,
            "maximum": 10,
            "default": 0.3,
            "description": "Standard deviation of that noise"
          },
          "sigma": {
            "type": "number",
            "minimum": 0,
            "maximum": 100,
            "default": 1,
            "description": "Standard deviation of the blur that joins it to drops, in pixels"
          },
          "threshold": {
            "type": "number",
            "minimum": 0,
            "maximum": 1,
            "default": 0.69,
            "description": "Blurred noise below this is no drop"
          },
          "amount": {
            "type": "number",
            "minimum": 0,
            "maximum": 100,
            "default": 0.5,
            "description": "Of water: how strongly the brightest place shines; of mud: standard deviation of the blur that rounds it, in pixels"
          },
          "liquid": {
            "type": "string",
            "enum": [
              "water",
              "mud"
            ],
            "default": "water",
            "description": "Which liquid"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "mean": 0.62,
            "deviation": 0.1,
            "sigma": 0.7,
            "threshold": 0.7,
            "amount": 0.5,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.1,
            "sigma": 0.8,
            "threshold": 0.7,
            "amount": 0.5,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 1,
            "threshold": 0.69,
            "amount": 0.5,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.1,
            "sigma": 0.7,
            "threshold": 0.69,
            "amount": 0.6,
            "liquid": "mud"
          },
          {
            "mean": 0.65,
            "deviation": 0.1,
            "sigma": 0.5,
            "threshold": 0.68,
            "amount": 0.6,
            "liquid": "mud"
          }
        ],
        "tiny-imagenet": [
          {
            "mean": 0.62,
            "deviation": 0.1,
            "sigma": 0.7,
            "threshold": 0.7,
            "amount": 0.6,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.1,
            "sigma": 0.8,
            "threshold": 0.7,
            "amount": 0.6,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 1,
            "threshold": 0.69,
            "amount": 0.6,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.1,
            "sigma": 0.7,
            "threshold": 0.68,
            "amount": 0.6,
            "liquid": "mud"
          },
          {
            "mean": 0.65,
            "deviation": 0.1,
            "sigma": 0.5,
            "threshold": 0.67,
            "amount": 0.6,
            "liquid": "mud"
          }
        ],
        "imagenet": [
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 4,
            "threshold": 0.69,
            "amount": 0.6,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 3,
            "threshold": 0.68,
            "amount": 0.6,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 2,
            "threshold": 0.68,
            "amount": 0.5,
            "liquid": "water"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 1,
            "threshold": 0.65,
            "amount": 1.5,
            "liquid": "mud"
          },
          {
            "mean": 0.67,
            "deviation": 0.4,
            "sigma": 1,
            "threshold": 0.65,
            "amount": 1.5,
            "liquid": "mud"
          }
        ],
        "mnist": [
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 4,
            "threshold": 0.69,
            "amount": 0.6,
            "liquid": "mud"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 3,
            "threshold": 0.68,
            "amount": 0.6,
            "liquid": "mud"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 2,
            "threshold": 0.68,
            "amount": 0.5,
            "liquid": "mud"
          },
          {
            "mean": 0.65,
            "deviation": 0.3,
            "sigma": 1,
            "threshold": 0.65,
            "amount": 1.5,
            "liquid": "mud"
          },
          {
            "mean": 0.67,
            "deviation": 0.4,
            "sigma": 1,
            "threshold": 0.65,
            "amount": 1.5,
            "liquid": "mud"
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/spatter.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "speckle_noise",
        "title": "Speckle noise",
        "summary": "Adds normal noise in proportion to each value.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "sigma": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 10,
            "default": 0.12,
            "description": "Standard deviation of the noise as a share of the value"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "sigma": 0.06
          },
          {
            "sigma": 0.1
          },
          {
            "sigma": 0.12
          },
          {
            "sigma": 0.16
          },
          {
            "sigma": 0.2
          }
        ],
        "tiny-imagenet": [
          {
            "sigma": 0.15
          },
          {
            "sigma": 0.2
          },
          {
            "sigma": 0.25
          },
          {
            "sigma": 0.3
          },
          {
            "sigma": 0.35
          }
        ],
        "imagenet": [
          {
            "sigma": 0.15
          },
          {
            "sigma": 0.2
          },
          {
            "sigma": 0.35
          },
          {
            "sigma": 0.45
          },
          {
            "sigma": 0.6
          }
        ],
        "mnist": [
          {
            "sigma": 0.15
          },
          {
            "sigma": 0.2
          },
          {
            "sigma": 0.35
          },
          {
            "sigma": 0.45
          },
          {
            "sigma": 0.6
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/speckle_noise.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "stripe",
        "title": "Stripe",
        "summary": "Inverts the left and the right quarter of the image, which leaves a stripe down its middle.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/stripe.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "translate",
        "title": "Translate",
        "summary": "Moves the image diagonally by a few pixels.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "pixels": {
            "type": "number",
            "minimum": 0,
            "maximum": 1000,
            "default": 3,
            "description": "How far it moves along each axis"
          }
        }
      },
      "severities": {
        "mnist": [
          {
            "pixels": 1
          },
          {
            "pixels": 2
          },
          {
            "pixels": 3
          },
          {
            "pixels": 4
          },
          {
            "pixels": 5
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/translate.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "zigzag",
        "title": "Zigzag",
        "summary": "Draws a white zigzag across the image.",
        "paper": "Mu, Gilmer, \"MNIST-C: A robustness benchmark for computer vision\", ICML 2019 workshop on uncertainty and robustness in deep learning, arXiv:1906.02337",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": true
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {}
      },
      "severities": {
        "mnist": [
          {}
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/zigzag.js'),
  },
  {
    listing: {
      "kind": "corruption",
      "metadata": {
        "id": "zoom_blur",
        "title": "Zoom blur",
        "summary": "Averages the image with enlargements of itself, as a camera that moves forward does.",
        "paper": "Hendrycks, Dietterich, \"Benchmarking neural network robustness to common corruptions and perturbations\", ICLR 2019, arXiv:1903.12261",
        "version": "1.0.0",
        "apiVersion": 1,
        "stochastic": false
      },
      "parameters": {
        "type": "object",
        "additionalProperties": false,
        "properties": {
          "step": {
            "type": "number",
            "exclusiveMinimum": 0,
            "maximum": 1,
            "default": 0.01,
            "description": "How far the factors are apart"
          },
          "count": {
            "type": "integer",
            "minimum": 1,
            "maximum": 1000,
            "default": 16,
            "description": "How many factors there are; the first is 1"
          }
        }
      },
      "severities": {
        "cifar": [
          {
            "step": 0.01,
            "count": 7
          },
          {
            "step": 0.01,
            "count": 12
          },
          {
            "step": 0.01,
            "count": 16
          },
          {
            "step": 0.01,
            "count": 21
          },
          {
            "step": 0.01,
            "count": 26
          }
        ],
        "tiny-imagenet": [
          {
            "step": 0.01,
            "count": 7
          },
          {
            "step": 0.01,
            "count": 12
          },
          {
            "step": 0.01,
            "count": 16
          },
          {
            "step": 0.01,
            "count": 21
          },
          {
            "step": 0.01,
            "count": 26
          }
        ],
        "imagenet": [
          {
            "step": 0.01,
            "count": 12
          },
          {
            "step": 0.01,
            "count": 16
          },
          {
            "step": 0.02,
            "count": 11
          },
          {
            "step": 0.02,
            "count": 13
          },
          {
            "step": 0.03,
            "count": 11
          }
        ],
        "mnist": [
          {
            "step": 0.01,
            "count": 12
          },
          {
            "step": 0.01,
            "count": 16
          },
          {
            "step": 0.02,
            "count": 11
          },
          {
            "step": 0.02,
            "count": 13
          },
          {
            "step": 0.03,
            "count": 11
          }
        ]
      },
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/zoom_blur.js'),
  },
];
