export {
  entryOf,
  isAuthorKey,
  type Located,
  type LocatedEntry,
  type LocatedList,
  type LocatedMap,
  type LocatedValue,
  toPlainData,
} from './located.ts';
export { nearestName } from './nearest.ts';
export { isAddressed, isWildcard, type NodeParameters, nodeParameters, type ParameterFile } from './node-parameters.ts';
export { DocumentRefused, type Notice } from './notice.ts';
export { readYaml } from './read-yaml.ts';
export { parseYamlBoolean, parseYamlInteger, parseYamlNumber } from './scalars.ts';
export { yaml } from './yaml.ts';
