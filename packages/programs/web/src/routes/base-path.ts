/** The part of an address of a worker that belongs to its file. */
const WORKER_FILE = /\/(?:assets|src)\/[^?#]*$/;

/**
 * The path below which these pages are reached, such as `/robot-7` behind a proxy; `''` without one. The document names it in its
 * `base` element; a worker finds it in its own address.
 */
export const BASE_PATH = basePath();

function basePath(): string {
  if (typeof document !== 'undefined') return new URL(document.baseURI).pathname.replace(/\/$/, '');
  return typeof location === 'undefined' ? '' : location.pathname.replace(WORKER_FILE, '');
}

/** The address of the gateway that serves these pages, without a slash at its end. */
export const gatewayAddress = (): string => location.origin + BASE_PATH;
