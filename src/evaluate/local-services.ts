import { ClassifierCache } from '../classifier/cache.js';
import { openDataset } from '../data/registry.js';
import { createOnnxRuntimeEngine } from '../engine/onnxruntime/engine.js';
import { GauntletError } from '../errors.js';
import { loadAttack, loadCorruption } from '../plugin/registry.js';
import type { Services } from './services.js';
