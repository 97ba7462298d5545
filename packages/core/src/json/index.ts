export { parseJson, parseJsonInput, stringifyJson } from './json.ts';
