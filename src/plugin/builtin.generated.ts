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
        "id": "pgd",
        "title": "PGD",
        "summary": "Projected gradient steps with random start and restarts: the standard white-box attack.",
        "paper": "Madry, Makelov, Schmidt, Tsipras, Vladu, \"Towards deep learning models resistant to adversarial attacks\", ICLR 2018, arXiv:1706.06083",
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
              "margin"
            ],
            "default": "ce",
            "description": "Loss to ascend: cross-entropy or the margin of the best wrong class"
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
      "severities": [
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
      "severities": [
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
      "severities": [
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
      "origin": {
        "from": "built-in"
      }
    },
    load: () => import('../../corruptions/gaussian_noise.js'),
  },
];
