export { type Finding, findingsSummary, findingText, isRefused } from './document/finding.ts';
export type {
  Manifest,
  ManifestConfig,
  ManifestMetadata,
  UnmanifestedPolicy,
} from './document/manifest.ts';
export { type FindingLevel, RULES, type RuleId } from './document/rules.ts';
export { type DraftSource, draftManifest } from './draft/draft-manifest.ts';
export { type Arranged, arrangeHybrid, type HybridInput } from './layers/hybrid.ts';
export { type HybridDiscovery, type HybridDiscoveryOptions, hybridDiscovery } from './layers/hybrid-discovery.ts';
export type { GapFill, HybridSettings } from './layers/layer-settings.ts';
export { MANIFEST_RUNTIME, manifestContribution } from './layers/manifest-contribution.ts';
export { arrangeManifestOnly } from './layers/manifest-only.ts';
export type { BoundNodes, Linking } from './linking/link-apps.ts';
export { type LoadedManifest, type LoadOptions, loadManifest } from './load/load-manifest.ts';
export type { ManifestFiles, ManifestPaths } from './load/manifest-files.ts';
export { manifestRuntime } from './source/manifest-runtime.ts';
export { ManifestSource, type ManifestSourceOptions } from './source/manifest-source.ts';
