export { parseJson, stringifyJson } from './json.ts';
export { rawNumber } from './raw-number.ts';
