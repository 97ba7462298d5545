export { changedRows, isSameList, type MappedRows, mapRows } from '../entity/changed-rows.ts';
export {
  FIELD_GROUPS,
  type FieldGroup,
  type LayerPolicies,
  MERGE_POLICIES,
  type MergePolicy,
} from '../entity/layer-policies.ts';
export { equalData } from './equal.ts';
export { rank } from './gather.ts';
export { type MergeReport, type MergeResult, mergeContributions } from './merge-contributions.ts';
export { mergeNameplates } from './merge-nameplate.ts';
