export { parseJson, parseJsonInput, stringifyJson } from './json.ts';
export { isPointer, valueAt } from './json-pointer.ts';
