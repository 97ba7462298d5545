/** The part of a worker URL that belongs to its file. */
const WORKER_FILE = /\/(?:assets|src)\/[^?#]*$/;

/**
 * Path prefix of these pages, such as `/robot-7` behind a proxy; `''` without a prefix. A document has it in its `base`
 * element; a worker derives it from its own URL.
 */
export const BASE_PATH = basePath();

function basePath(): string {
  if (typeof document !== 'undefined') return new URL(document.baseURI).pathname.replace(/\/$/, '');
  return typeof location === 'undefined' ? '' : location.pathname.replace(WORKER_FILE, '');
}

/** Returns the content of a `meta` element of the document; `undefined` in a worker, too. */
const metaOf = (name: string): string | undefined =>
  typeof document === 'undefined'
    ? undefined
    : document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content;

/** Name of the robot that these pages belong to, if a fleet hub serves them. */
export const HUB_ROBOT = metaOf('medkit-robot');

/** Whether these are the pages of a fleet hub that has no robot of itself. */
export const IS_HUB = metaOf('medkit-hub') !== undefined;

/** Returns the URL path of a page of a robot of this hub. The page is another document. */
export const robotAddress = (robot: string, page: string): string =>
  `${BASE_PATH}/fleet/${encodeURIComponent(robot)}${page}`;

/** Path prefix of the gateway that has the accounts: of the hub, if these are the pages of a robot. */
export const ACCOUNT_PATH = HUB_ROBOT === undefined ? BASE_PATH : BASE_PATH.slice(0, BASE_PATH.lastIndexOf('/fleet/'));

/** Returns the URL of the API of these pages, without trailing slash. */
export const gatewayAddress = (): string => location.origin + BASE_PATH;
