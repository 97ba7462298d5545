export { NumberOutOfRange, parseJson, parseJsonInput, stringifyJson } from './json.ts';
export { rawNumber } from './raw-number.ts';
