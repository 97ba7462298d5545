import {
  API_BASE,
  type RootAuth,
  type RootOverview,
  type Route,
  rootCapabilities,
  SOVD_VERSION,
  VERSION,
  type VersionInfo,
} from '@medkit/contract';

/** What clients see as the name of the software. */
const PRODUCT = 'medkit';

export interface OverviewOptions {
  /** All that are served. */
  readonly routes: readonly Route[];
  /** Under which others reach this gateway. */
  readonly publicUrl: string | undefined;
  /** With documentation. */
  readonly docs: boolean;
  /** With locks. */
  readonly locking: boolean;
  /** With scripts. */
  readonly scripts: boolean;
  /** With triggers. */
  readonly triggers: boolean;
  /** With something that installs updates. */
  readonly updates: boolean;
  /** With plugins. */
  readonly plugins: boolean;
  /** The oldest version of TLS that is spoken; absent where none is. */
  readonly tlsMinVersion?: string | undefined;
  /** With entities of other gateways. */
  readonly aggregation: boolean;
  /** How accounts let somebody in, where there are some. */
  readonly auth: RootAuth | undefined;
}

/** The body of the root: what is served, and where to begin. */
export function overview({
  routes,
  publicUrl,
  docs,
  locking,
  scripts,
  triggers,
  updates,
  plugins,
  aggregation,
  auth,
  tlsMinVersion,
}: OverviewOptions): RootOverview {
  const served = rootCapabilities();
  const capabilities = {
    ...served,
    locking: served.locking && locking,
    scripts,
    triggers,
    updates,
    tls: tlsMinVersion !== undefined,
    vendor_extensions: plugins,
    aggregation,
    authentication: auth !== undefined,
  };
  return {
    name: PRODUCT,
    version: VERSION,
    api_base: API_BASE,
    ...(publicUrl !== undefined && { public_url: publicUrl }),
    endpoints: [
      ...routes.map(({ method, path }) => `${method.toUpperCase()} ${API_BASE}${path}`),
      ...(docs ? DOCS_ENDPOINTS : []),
    ],
    capabilities,
    ...(auth && { auth }),
    ...(tlsMinVersion !== undefined && { tls: { enabled: true, min_version: tlsMinVersion } }),
    server_name: PRODUCT,
    sovd_version: SOVD_VERSION,
    supported_features: Object.entries(capabilities).flatMap(([name, isServed]) => (isServed ? [name] : [])),
    entry_points: Object.fromEntries(
      ['areas', 'components', 'apps', 'functions', 'health', 'version-info', ...(docs ? ['docs'] : [])].map((name) => [
        name,
        `${API_BASE}/${name}`,
      ]),
    ),
  };
}

const DOCS_ENDPOINTS = ['docs', '{entity-path}/docs', 'swagger-ui'].map((path) => `GET ${API_BASE}/${path}`);

/** Versions of SOVD served here, under the name that clients of the original read and the one of ISO 17978-3. */
export function versionInfo(): VersionInfo {
  const items = [{ version: SOVD_VERSION, base_uri: API_BASE, vendor_info: { version: VERSION, name: PRODUCT } }];
  return { items, sovd_info: items };
}
