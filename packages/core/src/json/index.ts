export { NumberOutOfRange, parseJson, stringifyJson } from './json.ts';
export { rawNumber } from './raw-number.ts';
