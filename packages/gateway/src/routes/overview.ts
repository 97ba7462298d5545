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

/** Product name that clients see. */
const PRODUCT = 'medkit';

export interface OverviewOptions {
  /** All served routes. */
  readonly routes: readonly Route[];
  /** External URL of this gateway. */
  readonly publicUrl: string | undefined;
  /** Whether documentation is served. */
  readonly docs: boolean;
  /** Whether locks are enabled. */
  readonly locking: boolean;
  /** Whether scripts are enabled. */
  readonly scripts: boolean;
  /** Whether triggers are enabled. */
  readonly triggers: boolean;
  /** Whether updates can be installed. */
  readonly updates: boolean;
  /** Whether plugins are configured. */
  readonly plugins: boolean;
  /** Minimum TLS version; absent if the gateway serves plain HTTP. */
  readonly tlsMinVersion?: string | undefined;
  /** Whether the gateway shows entities of peers. */
  readonly aggregation: boolean;
  /** How clients authenticate; `undefined` without accounts. */
  readonly auth: RootAuth | undefined;
}

/** Returns the body of the root: the served resources and entry points. */
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

/** Returns the SOVD versions, under the member that clients of ros2_medkit read and that of ISO 17978-3. */
export function versionInfo(): VersionInfo {
  const items = [{ version: SOVD_VERSION, base_uri: API_BASE, vendor_info: { version: VERSION, name: PRODUCT } }];
  return { items, sovd_info: items };
}
