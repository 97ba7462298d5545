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

/** Returns the URL of the gateway that serves these pages, without trailing slash. */
export const gatewayAddress = (): string => location.origin + BASE_PATH;
