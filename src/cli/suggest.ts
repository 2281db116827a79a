export { didYouMean } from '../suggest.js';
